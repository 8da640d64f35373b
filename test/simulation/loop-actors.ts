import { decideClosing } from '#src/workspace/loop/after-closing.ts';
import { answerFollowUp } from '#src/workspace/loop/answer.ts';
import { mailAgain } from '#src/workspace/loop/mail-again.ts';
import { deliver, followUpOf, type SentResponse, type SimulatedCustomer, sendEvent } from './actors.ts';
import type { Chance } from './chance.ts';
import { outsideWords } from './words.ts';
import type { World } from './world.ts';

/** Half of those who answered are asked again. */
export const askAgain = (workspaceFile: string): string =>
  `${workspaceFile}\nresurvey:\n  upgrade: { source: upgrade-survey, after: 30 hours, share: 0.5 }\n`;

/** Nobody is asked about a wish before it is out. */
export const gated = (name: string, template: string): string =>
  name === 'product-wish'
    ? `${template}\nask-after: { release: next, milestone: Winter, longest-wait: 3 days }\n`
    : template;

/** A case manager decides about closings that earned nothing, writes what was done, and lets mail go again. */
export async function decideAndTell(world: World, chance: Chance): Promise<void> {
  const act = (work: () => void) => world.mortal(() => world.core.sql.transaction(work));
  const dropped = world.sql.all<{ id: string; tracker: string; issue: string | null; reason: string }>(
    `SELECT id, tracker, issue_id AS issue, closing_reason AS reason FROM cases
      WHERE loop = 'dropped' AND needs_person IS NOT NULL AND closing_reason <> 'gone' ORDER BY number`,
  );
  if (dropped.length > 0 && chance.happens(0.3)) {
    const { id, tracker, issue } = chance.pick(dropped);
    const wish = chance.pick([
      { decision: 'ask' },
      { decision: 'declined', because: outsideWords },
      { decision: 'leave' },
    ] as const);
    // Also where the process dies, it may have been decided.
    if (wish.decision !== 'leave' && issue)
      world.closings.push({ tracker, id: issue, kind: wish.decision === 'ask' ? 'completed' : 'explained' });
    await act(() => decideClosing(world.core, id, wish, 'dana'));
  }
  const [dead] = [...world.dead.keys()].filter(() => chance.happens(0.3));
  const [known] = dead
    ? world.sql.all<{ key: string }>('SELECT key FROM customers WHERE email = ? ORDER BY key', dead)
    : [];
  if (!dead || !known) return;
  // From the moment that it may have been done, mail may leave.
  world.dead.delete(dead);
  await act(() => mailAgain(world.core, known.key, { reason: 'the mailbox was full', who: 'dana' }));
}

/** Another tool tells that a release or a milestone is out, until that is acked, now and then twice. */
export async function ship(world: World, chance: Chance): Promise<void> {
  const kind = chance.pick(['release', 'release', 'milestone'] as const);
  const subject = kind === 'milestone' ? 'Winter' : `4.${world.shipped.length}`;
  const at = world.now;
  const id = `${kind}-${at}`;
  world.shipped.push({ kind, at });
  await sendEvent(world, chance, { id, event: kind, subject, at: new Date(at).toISOString() });
}

/** Whose problem is closed again and again, and never solved. */
const stubborn: SimulatedCustomer = {
  key: 'canary-stubborn-key',
  email: 'canary-stubborn@insisting.example',
  name: 'Canarystubborn',
  words: 'canarystubbornwords',
  tier: 'gold',
};

/** The customer responds once, and says no to every closing; somebody closes the issue each time it is open. */
export async function insist(
  world: World,
  chance: Chance,
  step: number,
  sent: SentResponse[],
): Promise<void> {
  if (step === 0) {
    const response = {
      token: `response-${sent.length}`,
      customer: stubborn,
      completed: false,
      ease: 9,
      wish: null,
      acked: false,
    };
    sent.push(response);
    await deliver(world, response, chance);
    return;
  }
  for (const mail of world.mail.accepted.filter(({ to }) => to === stubborn.email)) {
    const subject = followUpOf(world, mail);
    if (!subject) continue;
    const form = new Map([['resolved', 'no']]);
    await world.mortal(() => world.core.sql.transaction(() => answerFollowUp(world.core, subject, form)));
  }
  const own = world.sql.all<{ tracker: 'support' | 'product' | 'growth'; key: string | null }>(
    'SELECT tracker, issue_key AS key FROM cases WHERE customer_key = ?',
    stubborn.key,
  );
  for (const { tracker, key } of own) {
    const trackerUser = world.trackerUser[tracker];
    const issue = (await trackerUser.list()).find((entry) => entry.key === key);
    if (issue?.state !== 'open') continue;
    await trackerUser.close(
      issue.key,
      world.settings.workspace.people.dana?.accounts.jira ?? '',
      'completed',
    );
    world.closings.push({ tracker, id: issue.id, kind: 'completed' });
  }
}
