import { serve } from '@hono/node-server';

/** What answers requests: a Hono app, or a wrapper of one. */
export interface Answering {
  fetch(request: Request): Response | Promise<Response>;
}

export interface Served {
  url: string;
  close(): Promise<void>;
}

/** Serves an app on a port of this machine; port 0 takes any free one. */
export function serveAt(app: Answering, { host, port }: { host: string; port: number }): Promise<Served> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: (request) => app.fetch(request), hostname: host, port }, (info) =>
      resolve({
        url: `http://${host}:${info.port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      }),
    );
    server.once('error', reject);
  });
}
