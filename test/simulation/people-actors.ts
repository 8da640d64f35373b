import { verifyToken } from '#domain/base/token.ts';
import { findCalendar } from '#domain/templates/due.ts';
import { findNextInstantNotQuiet, parseQuietHours } from '#domain/time/quiet-hours.ts';
import { acknowledgeByLink } from '#src/workspace/cases/acknowledge.ts';
import { contribute, invite } from '#src/workspace/cases/contributors.ts';
import { tickPlan } from '#src/workspace/cases/plan.ts';
import { findCase } from '#src/workspace/store/cases.ts';
import type { Chance } from './chance.ts';
import type { World } from './world.ts';

const partner = { name: 'Canarypartner', email: 'canary-partner@partner.example', who: 'dana' };

/** Colleagues acknowledge cases, tick their plans, and ask a partner for help, who answers by the link. */
export async function workTogether(world: World, chance: Chance, pressed: Set<string>): Promise<void> {
  const act = (work: () => unknown) => world.mortal(() => world.core.sql.transaction(work));
  for (const { id, text } of world.mail.accepted) {
    const [, kind, token = ''] = /\/([ac])\/(\S+)/.exec(text) ?? [];
    if (kind === undefined || pressed.has(id) || chance.happens(0.7)) continue;
    pressed.add(id);
    const purpose = kind === 'a' ? 'acknowledge' : 'contribute';
    const subject = verifyToken(world.core.keys, purpose, token)?.subject ?? '';
    if (kind === 'a') await act(() => acknowledgeByLink(world.core, subject));
    else await act(() => contribute(world.core, subject, '/unable because policy, says canarywords0'));
  }
  const open = world.sql.all<{ id: string }>("SELECT id FROM cases WHERE loop = 'working' ORDER BY number");
  if (open.length === 0) return;
  const { id } = chance.pick(open);
  if (chance.happens(0.2)) await act(() => invite(world.core, id, partner));
  const [step] = world.sql.all<{ position: number }>(
    'SELECT position FROM plan_steps WHERE case_id = ? ORDER BY position LIMIT 1',
    id,
  );
  if (step && chance.happens(0.3))
    await act(() => tickPlan(world.core, id, { position: step.position, done: chance.happens(0.8), who: 'priya' }));
}

/** Invariants of notices: each step once and none skipped, none in quiet hours, and none to strangers. */
export async function peopleViolations(world: World): Promise<string[]> {
  return [
    ...stepsInOrder(world),
    ...noStepLeftOut(world),
    ...(await noStepTwiceOnTheIssue(world)),
    ...nobodyAtNight(world),
    ...nobodyFromElsewhere(world),
  ];
}

function stepsInOrder({ sql }: World): string[] {
  const bad = sql.all<{ case_id: string; ladder: number }>(
    `SELECT case_id, ladder FROM ladder_steps GROUP BY case_id, ladder
      HAVING COUNT(*) <> MAX(step) OR SUM(kind = 'due') > 1 OR SUM(skipped = '') > 0
        OR SUM(kind = 'reminder') > 2`,
  );
  return bad.map(({ case_id, ladder }) => `the steps of ladder ${ladder} of ${case_id} are not in order`);
}

/** Each overdue open case has sent its notice, unless its clock is paused or an acknowledgement holds the ladder. */
function noStepLeftOut({ sql, now }: World): string[] {
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

async function noStepTwiceOnTheIssue(world: World): Promise<string[]> {
  const issues = (await Promise.all(Object.values(world.trackerUser).map((trackerUser) => trackerUser.list()))).flat();
  return issues.flatMap(({ key, comments }) => {
    const steps = comments.map(({ text }) => text).filter((text) => text.includes('acknowledges it'));
    return steps.length === new Set(steps).size ? [] : [`a step of the ladder stands twice on ${key}`];
  });
}

/** Quiet hours as in Acme's file at the start of the run, compared with the mails that left. */
function nobodyAtNight({ sql, settings }: World): string[] {
  const workspace = settings.workspace;
  const quiet = {
    hours: parseQuietHours('20:00-07:00'),
    calendar: findCalendar(workspace, 'office'),
    timeZone: workspace['time-zone'],
  };
  const mails = sql.all<{ subject: string; at: number }>(
    "SELECT subject, at FROM mails WHERE kind = 'notice' AND case_id IS NOT NULL ORDER BY seq",
  );
  return mails
    .filter(({ subject, at }) => !/ (overdue|escalated): /.test(subject) && findNextInstantNotQuiet(quiet, at) > at)
    .map(({ subject, at }) => `a notice in quiet hours, at ${new Date(at).toISOString()}: ${subject}`);
}

function nobodyFromElsewhere({ sql, settings }: World): string[] {
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
