import { hourMs } from '#domain/time/units.ts';
import { type History, isIssueReadable, listOwnIssues } from './history.ts';

export const setUpInvariants = {
  theRefusedStaysIntended,
  othersGoOnMeanwhile,
  refusedCallsAreFew,
  testIssuesGoAway,
  webhooksAreThereOnce,
};

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

/** Each test issue that was asked for is at most one issue, and none stays open. */
function testIssuesGoAway({ sql, trackers }: History): string[] {
  return Object.entries(trackers).flatMap(([tracker, history]) => {
    const asked = sql.all("SELECT 1 FROM outbox WHERE kind = 'issue.test' AND queue = ?", tracker).length;
    const left = sql.all(
      "SELECT 1 FROM outbox WHERE kind LIKE 'issue.test%' AND state = 'refused' AND queue = ?",
      tracker,
    );
    const made = listOwnIssues(history).filter(({ title }) => title === 'Test issue of Caselite');
    const open = made.filter(({ state }) => state === 'open');
    return [
      ...(made.length > asked ? [`${tracker} has ${made.length} test issues, and ${asked} were asked for`] : []),
      ...(open.length > left.length ? [`${tracker} has ${open.length} open test issues`] : []),
    ];
  });
}

/** An address has one webhook at its vendor, and what counts as in use is there and on. */
function webhooksAreThereOnce({ sql, hooks }: History): string[] {
  const byAddress = Map.groupBy(hooks, ({ url, form }) => `${url} ${form}`.trim());
  const rows = sql.all<{ queue: string; form: string; state: string }>('SELECT queue, form, state FROM hooks');
  return [
    ...[...byAddress].flatMap(([address, all]) => (all.length > 1 ? [`${address} has ${all.length} webhooks`] : [])),
    ...rows.flatMap(({ queue, form, state }) => {
      const end = queue.startsWith('source:') ? `/${queue.slice('source:'.length)}` : `/trackers/${queue}`;
      const isOn = hooks.some((hook) => hook.url.endsWith(end) && hook.form === form && hook.isOn);
      if (state === 'refused' || (state === 'in use' && isOn)) return [];
      return [`the webhook of ${queue} counts as ${state}, and is ${isOn ? 'on' : 'not there'}`];
    }),
  ];
}
