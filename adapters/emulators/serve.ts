import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';

/** What answers requests: a Hono app, or a wrapper of one. */
export interface Answering {
  fetch(request: Request): Response | Promise<Response>;
}

export interface Served {
  url: string;
  close(): Promise<void>;
}

/** Serves what `create` makes of the address, on the wanted port where it is free, or another; 0 takes any. */
export async function serveAt<App extends Answering>(
  create: (url: string) => App | Promise<App>,
  { host, port }: { host: string; port: number },
): Promise<Served & { app: App }> {
  let app: App | null = null;
  const server = createAdaptorServer({
    fetch: (request) => app?.fetch(request) ?? new Response('Starting', { status: 503 }),
  });
  // A port is looked for by taking it, because two starts may look at once. Higher ones belong to connections.
  for (let wanted = port; !server.listening; wanted = randomInt(10_000, 32_000)) {
    server.listen(wanted, host);
    await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') throw error;
    });
  }
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  app = await create(url);
  return {
    url,
    app,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
