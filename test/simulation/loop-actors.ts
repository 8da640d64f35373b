import { decideClosing } from '#src/workspace/loop/after-closing.ts';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import { allowMailToBounced } from '#src/workspace/loop/write-to-customer.ts';
import { deliver, followUpOf, isOnPage, type SentResponse, type SimulatedCustomer, sendEvent } from './actors.ts';
import { alertSource } from './alerts.ts';
import type { Chance } from './chance.ts';
import { withInbound, withReceipt } from './reply-actors.ts';
import { isSetUpTrouble } from './set-up-actors.ts';
import { outsideWords } from './words.ts';
import type { World } from './world.ts';

/** Plans a re-survey for half of the respondents. */
export const askAgain = (workspaceFile: string): string =>
  `${withInbound(workspaceFile).replace('sources:\n', `sources:\n${alertSource}`)}\nresurvey:\n  upgrade: { source: upgrade-survey, after: 20 hours, share: 0.7 }\n`;

/** Holds follow-ups about feature requests until the release, and the second case of an hour about installations. */
export function gated(name: string, text: string): string {
  const template = withReceipt(name, text).replace(
    /source: (\[?)upgrade-survey(, [^\]]*\])?/,
    (_, _open, more = ']') => `source: [alerts, upgrade-survey${more}`,
  );
  if (name === 'upgrade-not-installed') return `${template}\ncases-per-hour: 1\n`;
  return name === 'product-wish'
    ? `${template}\nask-after: { release: next, milestone: Winter, longest-wait: 3 days }\n`
    : template;
}

/**
 * A case manager decides about closings without a consequence, describes the solution, and unblocks bounced addresses.
 */
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
    // Recorded first, because the decision may be stored although the process dies.
    if (wish.decision !== 'leave' && issue)
      world.closings.push({ tracker, id: issue, kind: wish.decision === 'ask' ? 'completed' : 'explained' });
    await act(() => decideClosing(world.core, id, wish, 'dana'));
  }
  const [dead] = [...world.dead.keys()].filter(() => chance.happens(0.3));
  const [known] = dead
    ? world.sql.all<{ key: string }>('SELECT key FROM customers WHERE email = ? ORDER BY key', dead)
    : [];
  if (!dead || !known) return;
  // Cleared first, because mail may leave as soon as the call may have worked.
  world.dead.delete(dead);
  await act(() => allowMailToBounced(world.core, known.key, { reason: 'the mailbox was full', who: 'dana' }));
}

/** Another tool reports a release or a milestone until it is acknowledged, sometimes twice. */
export async function ship(world: World, chance: Chance): Promise<void> {
  const kind = chance.pick(['release', 'release', 'milestone'] as const);
  const subject = kind === 'milestone' ? 'Winter' : `4.${world.shipped.length}`;
  const at = world.now;
  const id = `${kind}-${at}`;
  world.shipped.push({ kind, at });
  await sendEvent(world, chance, { id, event: kind, subject, at: new Date(at).toISOString() });
}

/** A customer whose problem is closed repeatedly and never solved. */
const stubborn: SimulatedCustomer = {
  key: 'canary-stubborn-key',
  email: 'canary-stubborn@insisting.example',
  name: 'Canarystubborn',
  words: 'canarystubbornwords',
  tier: 'gold',
};

/**
 * The customer responds once and answers no to every closing; a person closes the issue each time it is open. Now and
 * then a stranger responds under the customer's key.
 */
export async function insist(world: World, chance: Chance, step: number, sent: SentResponse[]): Promise<void> {
  const isForged = chance.happens(0.1);
  if (step === 0 || isForged) {
    const response = {
      token: `response-${sent.length}`,
      customer: step === 0 ? stubborn : { ...stubborn, email: `${stubborn.key}@impostor.example` },
      completed: false,
      ease: 9,
      wish: null,
      acked: false,
    };
    sent.push(response);
    await deliver(world, response, chance);
    if (step === 0) return;
  }
  for (const mail of world.mail.accepted.filter(({ to }) => to === stubborn.email)) {
    const subject = followUpOf(world, mail);
    if (!subject) continue;
    const form = new Map([['resolved', 'no']]);
    const isShown = isOnPage(world, subject);
    const taken = await world.mortal(() => world.core.sql.transaction(() => answerAsk(world.core, subject, form)));
    const isTaken = isShown && taken?.status === 'thanks';
    world.diary.push({ at: world.now, what: 'answered', mail: mail.id, ask: subject, answer: 'no', isTaken });
  }
  const own = world.sql.all<{ tracker: 'support' | 'product' | 'growth'; key: string | null }>(
    'SELECT tracker, issue_key AS key FROM cases WHERE customer_key = ?',
    stubborn.key,
  );
  for (const { tracker, key } of own) {
    const trackerUser = world.trackerUser[tracker];
    const issue = (await trackerUser.list()).find((entry) => entry.key === key);
    if (issue?.state !== 'open' || isSetUpTrouble(world, tracker, 'archived')) continue;
    await trackerUser.close(issue.key, world.settings.workspace.people.dana?.accounts.jira ?? '', 'completed');
    world.closings.push({ tracker, id: issue.id, kind: 'completed' });
  }
}
