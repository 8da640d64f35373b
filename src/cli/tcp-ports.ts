import { createServer } from 'node:net';

export async function findFreeTcpPort(wanted: number): Promise<number> {
  return (await findTcpPortIfFree(wanted)) ?? (await findTcpPortIfFree(0)) ?? wanted;
}

export async function isFree(port: number): Promise<boolean> {
  return (await findTcpPortIfFree(port)) !== null;
}

function findTcpPortIfFree(port: number): Promise<number | null> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : null));
    });
  });
}
