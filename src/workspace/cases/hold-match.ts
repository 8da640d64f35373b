import { basics, type CaseTemplate, type Core, hourMs, secondMs, store } from '../kit.ts';
import { notifyAdmins } from '../mail/notify.ts';

/** The rest of a storm arrives within seconds, and one mail tells its size. */
const gatherHeldMs = 10 * secondMs;
const remindEveryMs = 24 * hourMs;

/** Why a match opens no case now; null for a match that is not held. Edits of a response change nothing about it. */
export function explainHeldMatch(core: Core, template: string, responseId: string): string | null {
  const { state, decidedBy = null } = store.heldMatches.find(core.sql, { template, responseId }) ?? {};
  if (state === 'held')
    return 'held: the template opened as many cases as it may within an hour, or was applied to stored responses; a case manager decides';
  if (state === 'dropped')
    return `dropped by ${basics.findPersonName(core, decidedBy) ?? 'the erasure of its customer'}`;
  return null;
}

/** Holds the match of a runaway template. @returns why it is held; null where a case may open */
export function holdMatchOfRunaway(
  core: Core,
  template: string,
  { 'cases-per-hour': most }: CaseTemplate,
  responseId: string,
): string | null {
  const now = core.clock.now();
  if (store.heldMatches.find(core.sql, { template, responseId })) return null;
  if (!store.isRunawaySince(core.sql, template, now - hourMs, most)) return null;
  store.heldMatches.add(core.sql, { template, responseId, at: now, state: 'held' });
  store.setTimerIfUnset(core.sql, 'runaway', template, now + gatherHeldMs);
  return explainHeldMatch(core, template, responseId);
}

/** Asks the case managers of a runaway template to decide, and again each day until they do. */
export function askAboutHeldMatches(core: Core, template: string): void {
  const held = store.summarizeHeldMatches(core.sql).find((summary) => summary.template === template);
  if (!held) return;
  const now = core.clock.now();
  const settings = core.settings.templates.get(template);
  const title = settings?.name ?? template;
  const at = basics.formatTime(core, now);
  const matches = held.count === 1 ? '1 match' : `${held.count} matches`;
  notifyAdmins(core, {
    once: ['held-matches', template, String(now)],
    team: settings?.team ?? null,
    subject: `Decide: ${matches} of ${title} held`,
    paragraphs: [
      `The template ${title} opened ${settings?.['cases-per-hour'] ?? 'many'} cases within an hour. ${at}, ${matches} wait for your decision, and no case was opened for them.`,
      'Open them if the problem is real: each is checked for duplicates as usual. Drop them if a survey or the template went wrong. The responses stay stored either way.',
    ],
    path: '',
    label: 'Decide',
  });
  store.setTimer(core.sql, 'runaway', template, now + remindEveryMs);
}
