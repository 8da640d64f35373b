import type { Durability, Sql, SqlValue } from '#domain/base/ports.ts';
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
    [/SET state = 'calling', attempts = /, -1],
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
