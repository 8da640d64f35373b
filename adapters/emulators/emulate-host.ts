import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SeedConfig } from 'emulate';
import type { Fetch } from '#domain/base/ports.ts';

export interface EmulateHost {
  /** Sends a request for the public address to the emulator. */
  fetch: Fetch;
  /** Sets the emulator's clock; null lets it run again. */
  setClock(at: number | null): Promise<void>;
  close(): Promise<void>;
}

/** Runs one service of `emulate` on an internal port; every address in its answers is under `baseUrl`. */
export async function startEmulate(options: {
  service: 'github' | 'resend';
  baseUrl: string;
  seed: SeedConfig;
}): Promise<EmulateHost> {
  const workerData = { ...options, port: 0, hostname: '127.0.0.1' };
  const worker = new Worker(new URL('./emulate-worker.ts', import.meta.url), { workerData });
  const [port] = await once(worker, 'message');
  let clock: number | null = null;
  return {
    async fetch(input, init) {
      const request = new Request(input, init);
      const { pathname, search } = new URL(request.url);
      const headers = new Headers(request.headers);
      for (const name of ['host', 'connection', 'content-length', 'accept-encoding']) headers.delete(name);
      const answer = await fetch(`http://127.0.0.1:${port}${pathname}${search}`, {
        method: request.method,
        headers,
        redirect: 'manual',
        ...(request.body === null ? {} : { body: await request.text() }),
      });
      const answered = new Headers(answer.headers);
      for (const name of ['connection', 'keep-alive', 'transfer-encoding', 'content-length']) {
        answered.delete(name);
      }
      // Node's server sends the machine's time, whatever the emulator's clock.
      if (clock !== null) answered.set('date', new Date(clock).toUTCString());
      const empty = answer.status === 204 || answer.status === 304;
      return new Response(empty ? null : await answer.arrayBuffer(), {
        status: answer.status,
        headers: answered,
      });
    },
    async setClock(at) {
      clock = at;
      worker.postMessage(at);
      await once(worker, 'message');
    },
    async close() {
      await worker.terminate();
    },
  };
}
