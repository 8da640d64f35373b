import { Agent, request as sendRequest } from 'node:http';
import { connect, type Socket } from 'node:net';

/** What one route did with the requests of one round. */
export interface Load {
  perSecond: number;
  p50: number;
  p99: number;
  /** Answers by their status. */
  statuses: Map<number, number>;
}

/** `sockets` costs this machine least; `agent` is Node's own client, which takes half of the time of a fast route. */
export const clients = { sockets: openSocket, agent: openAgent };

/** One connection. */
interface Connection {
  /** @returns the status */
  exchange(request: Buffer): Promise<number>;
  close(): void;
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
  client: keyof typeof clients = 'sockets',
): Promise<Load> {
  const latencies: number[] = [];
  const statuses = new Map<number, number>();
  let next = 0;
  const opened = await Promise.all(Array.from({ length: connections }, () => clients[client](port)));
  const start = performance.now();
  await Promise.all(
    opened.map(async (connection) => {
      for (let request = requests[next]; request && performance.now() - start < longestMs; request = requests[next]) {
        next += 1;
        const sent = performance.now();
        const status = await connection.exchange(request);
        latencies.push(performance.now() - sent);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  for (const connection of opened) connection.close();
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return { perSecond: latencies.length / seconds, p50: at(0.5), p99: at(0.99), statuses };
}

async function openSocket(port: number): Promise<Connection> {
  const socket = await new Promise<Socket>((done, failed) => {
    const opening = connect({ port, host: '127.0.0.1', noDelay: true }, () => done(opening));
    opening.once('error', failed);
  });
  return { exchange: (request) => exchange(socket, request), close: () => socket.destroy() };
}

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

async function openAgent(port: number): Promise<Connection> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const exchange = (request: Buffer): Promise<number> => {
    const end = request.indexOf('\r\n\r\n');
    const [first = '', ...lines] = request.subarray(0, end).toString().split('\r\n');
    const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/, 2)));
    const [method, path] = first.split(' ');
    return new Promise((done, failed) => {
      const sent = sendRequest({ host: '127.0.0.1', port, agent, method, path, headers }, (answer) =>
        answer.resume().once('end', () => done(answer.statusCode ?? 0)),
      );
      sent.once('error', failed).end(request.subarray(end + 4));
    });
  };
  return { exchange, close: () => agent.destroy() };
}
