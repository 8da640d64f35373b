import type { Log } from '#domain/base/ports.ts';

const toEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** One JSON line per event. Facts are ids and codes by type, which keeps personal data out. */
export function createConsoleLog(workspace: string): Log {
  const line = (level: string, event: string, facts: Record<string, unknown> = {}) =>
    JSON.stringify({ level, event, workspace, ...facts }).replace(/[^ -~]/g, toEscape);
  return {
    info: (event, facts) => console.log(line('info', event, facts)),
    error: (event, facts) => console.error(line('error', event, facts)),
  };
}
