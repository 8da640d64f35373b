import { dayMs } from '#domain/time/units.ts';
import { type History, isIssueReadable, readFormerIds } from './history.ts';

export const vanishingInvariants = { onlyTheLostAreLost, theUrgentGoFirst };

interface Row {
  id: string;
  number: number;
  tracker: string;
  issue_id: string;
  loop: string;
  closing_reason: string | null;
  needs_person: string | null;
  former_issues: string;
}

/**
 * A vanished issue is given up and reported, an existing one is kept, and no few reads suffice to give one up: the
 * issue had been gone for a day.
 */
function onlyTheLostAreLost(history: History): string[] {
  const rows = history.sql.all<Row & Record<string, string | number | null>>(
    'SELECT id, number, tracker, issue_id, loop, closing_reason, needs_person, former_issues FROM cases WHERE issue_id IS NOT NULL',
  );
  return rows.flatMap((row) => {
    const handle = `C-${row.number}`;
    const isThere = isIssueReadable(history, row);
    const isLost = row.loop === 'dropped' && row.closing_reason === 'gone';
    // A dispute that no longer reopens is already a person's to decide, so its issue is not read.
    const isOpen =
      ['working', 'resolved', 'asked'].includes(row.loop) || (row.loop === 'disputed' && row.needs_person === null);
    return [
      ...(isThere && isLost ? [`${handle} was given up although its issue is there`] : []),
      ...(!isThere && isOpen ? [`the issue of ${handle} is gone, but its loop is ${row.loop}`] : []),
      ...(isLost && row.needs_person === null ? [`${handle} was given up and nobody is told`] : []),
      ...givenUpTooSoon(history, row),
    ];
  });
}

function givenUpTooSoon(history: History, { id, number, tracker, issue_id, former_issues }: Row): string[] {
  const lost = history.sql.all<{ at: number }>("SELECT at FROM timeline WHERE case_id = ? AND what = 'issue gone'", id);
  // A case that goes on in another issue was given up with one of its former ones.
  const ids = [issue_id, ...readFormerIds(former_issues)];
  const absences = history.absent.filter((entry) => entry.tracker === tracker && ids.includes(entry.id));
  return lost.flatMap(({ at }) => {
    const isGone = absences.some(({ from, to }) => from <= at && at <= to);
    const isLongAgo = absences.some(({ from }) => from <= at - dayMs);
    return isGone && isLongAgo ? [] : [`C-${number} was given up at ${at}, and its issue had not been gone for a day`];
  });
}

interface Sent {
  id: number;
  queue: string;
  ordering_key: string;
  rank: number;
  created_at: number;
  due_at: number;
  /** `null` for a call that ended before it started. */
  started_at: number | null;
  ended_at: number;
  attempts: number;
  [column: string]: string | number | null;
}

type Called = Sent & { started_at: number };

const margin = 5 * 60_000;

/**
 * Of two calls that waited in a queue at once, unless an earlier call of their case delayed them, the one of the more
 * urgent case left first.
 */
function theUrgentGoFirst({ sql }: History): string[] {
  const rows = sql.all<Sent>(
    `SELECT id, queue, ordering_key, rank, created_at, due_at, started_at, ended_at, attempts FROM outbox o
      WHERE kind LIKE 'issue.%' AND ended_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM timeline t WHERE 'case:' || t.case_id = o.ordering_key AND t.what IN ('severity changed', 'severity raised'))
      ORDER BY started_at`,
  );
  const called = rows.filter((row): row is Called => row.started_at !== null);
  const overtaken = (urgent: Called) =>
    called.find(
      (other) =>
        other.queue === urgent.queue &&
        other.rank > urgent.rank &&
        other.attempts === 1 &&
        other.started_at < urgent.started_at &&
        other.started_at > Math.max(urgent.created_at, urgent.due_at) + margin &&
        !rows.some(
          ({ ordering_key, id, ended_at }) =>
            ordering_key === urgent.ordering_key && id < urgent.id && ended_at > other.started_at - margin,
        ),
    );
  return called
    .filter(({ attempts }) => attempts === 1)
    .flatMap((urgent) => {
      const other = overtaken(urgent);
      return other ? [`row ${other.id} of rank ${other.rank} left before row ${urgent.id} of rank ${urgent.rank}`] : [];
    });
}
