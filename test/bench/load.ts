import { connect, type Socket } from 'node:net';

/** What one route did with the requests of one round. */
export interface Load {
  perSecond: number;
  p50: number;
  p99: number;
  /** Answers by their status. */
  statuses: Map<number, number>;
}

/**
 * Sends requests over connections that stay open, each with one request at a time.
 *
 * @param requests whole HTTP requests; a connection takes the next one
 * @param longestMs when the round ends, if requests are left
 */
export async function playLoad(
  port: number,
  requests: Buffer[],
  connections: number,
  longestMs: number,
): Promise<Load> {
  const latencies: number[] = [];
  const statuses = new Map<number, number>();
  let next = 0;
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const start = performance.now();
  await Promise.all(
    sockets.map(async (socket) => {
      for (let request = requests[next]; request && performance.now() - start < longestMs; request = requests[next]) {
        next += 1;
        const sent = performance.now();
        const status = await exchange(socket, request);
        latencies.push(performance.now() - sent);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  for (const socket of sockets) socket.destroy();
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return { perSecond: latencies.length / seconds, p50: at(0.5), p99: at(0.99), statuses };
}

const open = (port: number): Promise<Socket> =>
  new Promise((done, failed) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => done(socket));
    socket.once('error', failed);
  });

/** One request and its answer. @returns the status */
function exchange(socket: Socket, request: Buffer): Promise<number> {
  return new Promise((done, failed) => {
    let text = '';
    const take = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(text)?.[1] ?? Number.NaN);
      const isWhole = Number.isNaN(length) ? text.endsWith('0\r\n\r\n') : text.length >= end + 4 + length;
      if (!isWhole) return;
      socket.off('data', take).off('close', lost);
      done(Number(text.slice(9, 12)));
    };
    const lost = () => failed(new Error('the connection was closed'));
    socket.on('data', take).once('close', lost);
    socket.write(request);
  });
}
