import type { Durability, Sql, SqlValue } from '#domain/base/ports.ts';
import { hourMs } from '#domain/time/units.ts';
import { Crash, type Life } from './faults.ts';

/** Work that stops the process each time it begins, by its row number or id. */
export interface Poison {
  kind: 'delivery' | 'response' | 'timer' | 'row';
  id: number | string;
  deaths: number;
}

/** The statements with which work on a row begins, and the value that holds its number. */
const beginnings: Record<Poison['kind'], [RegExp, number][]> = {
  delivery: [[/^UPDATE deliveries SET tries = tries \+ 1/, 0]],
  response: [[/^UPDATE responses SET .*content = /, -1]],
  timer: [[/^DELETE FROM schedule WHERE seq = /, 0]],
  row: [
    [/SET state = 'calling', attempts = /, 0],
    [/SET stops = stops \+ 1 WHERE/, 0],
  ],
};

/** Ends the process at the first port call after the poisoned work began, and after a sync where that is the call. */
export function poisonStore(
  { sql, durability }: { sql: Sql; durability: Durability },
  life: Life,
  poison: Poison,
): { sql: Sql; durability: Durability } {
  let hasBegun = false;
  const die = () => {
    if (!life.dead) poison.deaths += 1;
    life.dead = true;
    throw new Crash();
  };
  const note = (query: string, values: SqlValue[]) => {
    if (hasBegun && !life.dead) die();
    hasBegun ||= beginnings[poison.kind].some(([begins, at]) => begins.test(query) && values.at(at) === poison.id);
  };
  return {
    sql: {
      all(query, ...values) {
        note(query, values);
        return sql.all(query, ...values);
      },
      run(query, ...values) {
        note(query, values);
        sql.run(query, ...values);
      },
      transaction: (work) => sql.transaction(work),
    },
    durability: {
      async sync() {
        await durability.sync();
        if (hasBegun) die();
      },
    },
  };
}

/** The end of poisoned work, and the number of other pieces of work that are overdue because of it. */
export interface StoppingWork {
  kind: Poison['kind'];
  deaths: number;
  /** State of the poisoned work; null where it was not reached. */
  state: string | null;
  waiting: number;
}

/** Longest wait of work that nothing holds back: a host may refuse calls for hours, but timers and deliveries go on. */
const overdueAfterMs = hourMs;

/** Queries for the state of poisoned work, and for other work of its kind that is overdue. */
const stateQueries: Record<Poison['kind'], [state: string, overdue: string]> = {
  delivery: [
    'SELECT outcome AS state FROM deliveries WHERE seq = ?',
    "SELECT seq FROM deliveries WHERE seq <> ? AND outcome = 'waiting' AND received_at < ?",
  ],
  response: ["SELECT 'read' AS state FROM responses WHERE id = ?", 'SELECT 1 WHERE ? IS NULL AND ? IS NULL'],
  timer: [
    "SELECT CASE WHEN due_at > 0 THEN 'moved' END AS state FROM schedule WHERE seq = ?",
    "SELECT seq FROM schedule WHERE seq <> ? AND kind <> 'poll' AND due_at < ?",
  ],
  row: [
    'SELECT state FROM outbox WHERE id = ?',
    "SELECT id FROM outbox WHERE id <> ? AND queue = 'mail' AND state = 'waiting' AND due_at < ?",
  ],
};

export function recordStoppingWork(sql: Sql, { kind, id, deaths }: Poison, now: number): StoppingWork {
  const [state, overdue] = stateQueries[kind];
  return {
    kind,
    deaths,
    state: sql.all<{ state: string }>(state, id)[0]?.state ?? null,
    waiting: sql.all(overdue, id, now - overdueAfterMs).length,
  };
}
