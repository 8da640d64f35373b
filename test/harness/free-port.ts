import { holdTcpPort } from '#src/cli/stack.ts';

/** A free port, which another process may take before it is used. */
export async function findFreeTcpPort(): Promise<number> {
  const held = await holdTcpPort('127.0.0.1', 0);
  await held?.release();
  return held?.port ?? 0;
}
