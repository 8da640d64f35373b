import { findCanaries } from '#test/hostile/canaries.ts';
import { leaver } from './actors.ts';
import type { History } from './history.ts';

export const privacyInvariants = { nothingPersonalOutside, nothingIsLeftOfTheErased, everyErasureIsAudited };

function nothingPersonalOutside(history: History): string[] {
  const secretsOf = ({ customer }: History['sent'][number]) => [
    customer.key,
    customer.email,
    customer.name,
    customer.words,
  ];
  const canaries = new Set(history.sent.flatMap(secretsOf).map((text) => text.toLowerCase()));
  return [
    ...findCanaries(history.trackerText, canaries).map((canary) => `${canary} stands in a tracker`),
    ...findCanaries(history.log.join('\n'), canaries).map((canary) => `${canary} stands in a log`),
  ];
}

/** The responses of every erasure have one line in the audit log of that instant, which no crash takes away. */
function everyErasureIsAudited({ sql }: History): string[] {
  const erasures = sql.all<{ at: number; lines: number }>(
    `SELECT erased_at AS at, (SELECT COUNT(*) FROM audit_log WHERE what = 'person erased' AND at = erased_at) AS lines
      FROM responses WHERE erased_at IS NOT NULL GROUP BY erased_at`,
  );
  return erasures
    .filter(({ lines }) => lines !== 1)
    .map(({ at, lines }) => `the erasure at ${at} left ${lines} lines in the audit log`);
}

/** No column of any table contains an erased person. */
function nothingIsLeftOfTheErased(history: History): string[] {
  const { sql } = history;
  if (sql.all("SELECT 1 FROM audit_log WHERE what = 'person erased'").length === 0) return [];
  const traces = [leaver.key, leaver.email, leaver.name, leaver.words].map((text) => text.toLowerCase());
  const tables = sql.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%'",
  );
  return tables.flatMap(({ name }) =>
    sql.all(`SELECT * FROM "${name}"`).flatMap((row) =>
      Object.entries(row)
        .filter(([, value]) => {
          const text = value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);
          return traces.some((trace) => text.toLowerCase().includes(trace));
        })
        .map(([column]) => `${name}.${column} still tells of somebody who was erased`),
    ),
  );
}
