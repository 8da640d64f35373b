import { findCalendar } from '#domain/templates/due.ts';
import { dateAt, findNextInstantNotQuiet, parseQuietHours } from '#domain/time/quiet-hours.ts';
import { findCase } from '#src/workspace/store/cases.ts';
import type { History } from './history.ts';

/** Invariants of notices: each step once and none skipped, none in quiet hours, and none to strangers. */
export const peopleInvariants = {
  stepsInOrder,
  noStepLeftOut,
  noStepTwiceOnTheIssue,
  nobodyAtNight,
  nobodyFromElsewhere,
  riskIsNoticedOnceInAMonth,
};

/** Nobody hears twice in a month that a customer is at risk, whatever crashes in between. */
function riskIsNoticedOnceInAMonth({ sql, settings }: History): string[] {
  const rows = sql.all<{ person: string; customer: string; at: number }>(
    `SELECT n.person, n.at, COALESCE(c.customer_key, r.customer_key) AS customer FROM notices n
       LEFT JOIN cases c ON c.id = n.case_id LEFT JOIN responses r ON r.id = n.response_id WHERE n.event = 'at-risk'`,
  );
  const month = (at: number) => dateAt(at, settings.workspace['time-zone']).slice(0, 7);
  const heard = Map.groupBy(rows, ({ person, customer, at }) => `${person} ${customer} ${month(at)}`);
  return [...heard].flatMap(([who, { length }]) => (length > 1 ? [`${who}: noticed ${length} times`] : []));
}

function stepsInOrder({ sql }: History): string[] {
  const bad = sql.all<{ case_id: string; ladder: number }>(
    `SELECT case_id, ladder FROM ladder_steps GROUP BY case_id, ladder
      HAVING COUNT(*) <> MAX(step) OR SUM(kind = 'due') > 1 OR SUM(skipped = '') > 0
        OR SUM(kind = 'reminder') > 2`,
  );
  return bad.map(({ case_id, ladder }) => `the steps of ladder ${ladder} of ${case_id} are not in order`);
}

/** Each overdue open case has sent its notice, unless its clock is paused or an acknowledgement holds the ladder. */
function noStepLeftOut({ sql, now }: History): string[] {
  const late = sql.all<{ number: number }>(
    `SELECT number FROM cases c WHERE loop = 'working' AND due_at < ? AND COALESCE(snoozed_until, 0) < ?
        AND (clock IS NULL OR json_extract(clock, '$.pauses[#-1].to') IS NOT NULL
          OR json_array_length(clock, '$.pauses') = 0)
        AND NOT EXISTS (SELECT 1 FROM ladder_steps s WHERE s.case_id = c.id AND s.ladder = c.ladder AND s.kind = 'due')`,
    now - 60_000,
    now - 60_000,
  );
  const unarmed = sql.all<{ number: number }>(
    `SELECT number FROM cases c WHERE loop = 'working' AND overdue = 1
        AND (clock IS NULL OR json_extract(clock, '$.pauses[#-1].to') IS NOT NULL
          OR json_array_length(clock, '$.pauses') = 0)
        AND NOT EXISTS (SELECT 1 FROM schedule t WHERE t.kind = 'ladder' AND t.target = c.id)`,
  );
  return [
    ...late.map(({ number }) => `C-${number} is past its goal, and nobody was told`),
    ...unarmed.map(({ number }) => `the ladder of C-${number} has come to a halt`),
  ];
}

function noStepTwiceOnTheIssue(history: History): string[] {
  const issues = Object.values(history.trackers).flatMap((trackerHistory) => trackerHistory.issues);
  return issues.flatMap(({ key, comments }) => {
    const steps = comments.map(({ text }) => text).filter((text) => text.includes('acknowledges it'));
    return steps.length === new Set(steps).size ? [] : [`a step of the ladder stands twice on ${key}`];
  });
}

/** Quiet hours as in Acme's file at the start of the run, compared with the mails that left. */
function nobodyAtNight({ sql, settings, mails: accepted }: History): string[] {
  const workspace = settings.workspace;
  const quiet = {
    hours: parseQuietHours('20:00-07:00'),
    calendar: findCalendar(workspace, 'office'),
    timeZone: workspace['time-zone'],
  };
  const mails = sql.all<{ id: string; subject: string; at: number }>(
    "SELECT id, subject, at FROM mails WHERE kind = 'notice' AND case_id IS NOT NULL ORDER BY seq",
  );
  // An erasure empties our subject, and the mail host knows the one that left; a refused mail disturbed nobody.
  const sentSubjects = new Map(accepted.map(({ key, subject }) => [key, subject]));
  return (
    mails
      .map(({ id, subject, at }) => ({ subject: subject || (sentSubjects.get(id) ?? ''), at }))
      // Acme exempts two events, and an urgent case's opening has no event before its severity.
      .filter(
        ({ subject, at }) =>
          !/^(Overdue|Escalated|Urgent) · |^$/.test(subject) && findNextInstantNotQuiet(quiet, at) > at,
      )
      .map(({ subject, at }) => `a notice in quiet hours, at ${new Date(at).toISOString()}: ${subject}`)
  );
}

function nobodyFromElsewhere({ sql, settings }: History): string[] {
  const { people, teams } = settings.workspace;
  const colleagues = new Set(Object.values(people).map(({ email }) => email));
  const mails = sql.all<{ address: string; case_id: string }>(
    "SELECT address, case_id FROM mails WHERE kind = 'notice' AND case_id IS NOT NULL ORDER BY seq",
  );
  return mails.flatMap(({ address, case_id }) => {
    const team = findCase(sql, case_id)?.team ?? '';
    const isHeard = colleagues.has(address) || (teams[team]?.watchers ?? []).includes(address);
    return isHeard ? [] : [`a notice of ${case_id} went to somebody outside its team`];
  });
}
