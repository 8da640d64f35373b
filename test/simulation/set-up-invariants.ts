import { hourMs } from '#domain/time/units.ts';
import { type History, isIssueReadable } from './history.ts';

export const setUpInvariants = { theRefusedStaysIntended, othersGoOnMeanwhile, refusedCallsAreFew };

/** What a tracker's set-up refused is never given up, and arrives once the set-up allows it. */
function theRefusedStaysIntended(history: History): string[] {
  const { sql } = history;
  const givenUp = sql.all<{ id: number; kind: string; error: string }>(
    `SELECT id, kind, error FROM outbox WHERE kind IN ('issue.create', 'issue.comment') AND state = 'refused'
       AND (error LIKE '%is required%' OR error LIKE '%archived%' OR error LIKE '%permission%')`,
  );
  const waiting = sql.all<{ number: number; tracker: string; issue_id: string | null; part: string; reason: string }>(
    `SELECT c.number, c.tracker, c.issue_id, r.part, r.reason FROM refusals r JOIN cases c ON c.id = r.case_id
       WHERE c.loop = 'working'`,
  );
  const late = waiting.filter(
    ({ tracker, issue_id }) => issue_id === null || isIssueReadable(history, { tracker, issue_id }),
  );
  return [
    ...givenUp.map(({ id, kind, error }) => `row ${id} (${kind}) was given up: ${error}`),
    ...late.map(({ number, part, reason }) => `C-${number} still lacks ${part}: ${reason}`),
  ];
}

/** Where a tracker refuses one thing, everything else of it leaves. */
function othersGoOnMeanwhile({ setUpTroubles }: History): string[] {
  return setUpTroubles
    .filter(({ kind, isDisturbed }) => kind !== 'archived' && !isDisturbed)
    .flatMap(({ tracker, kind, overdue }) =>
      overdue.map((call) => `${call} of ${tracker} waited for over an hour because of: ${kind}`),
    );
}

const mostRefusedCallsPerHour = 20;

/** One refused issue or edit costs few calls, even in its worst hour. */
function refusedCallsAreFew({ refusedCalls }: History): string[] {
  const bySubject = Map.groupBy(refusedCalls, ({ tracker, subject }) => `${tracker} ${subject}`);
  return [...bySubject].flatMap(([subject, calls]) => {
    const times = calls.map(({ at }) => at);
    const worst = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + hourMs).length));
    return worst > mostRefusedCallsPerHour ? [`${subject} was refused ${worst} times in an hour`] : [];
  });
}
