import type { Log } from '#domain/base/ports.ts';

/** One JSON line per event. Facts are ids and codes by type, which keeps personal data out. */
export function createConsoleLog(workspace: string): Log {
  const line = (level: string, event: string, facts: Record<string, unknown> = {}) =>
    JSON.stringify({ level, event, workspace, ...facts });
  return {
    info: (event, facts) => console.log(line('info', event, facts)),
    error: (event, facts) => console.error(line('error', event, facts)),
  };
}
