import { findNextHigherSeverity } from '#domain/templates/options.ts';
import { type CaseTemplate, findTier } from '#domain/templates/template.ts';
import { basics, type Case, type Core, feedback, handleOf, store, timing } from '../kit.ts';
import { notify, notifyAdmins } from '../mail/notify.ts';
import { reopen } from '../tracker-requests/reopen.ts';
import { queueIssueEdit } from '../tracker-requests/sync-issue.ts';
import { recount, sizeOf } from './strategic.ts';
import { raiseSeverity } from './change-fields.ts';
import { elevateByRules } from './elevate.ts';
import { deriveMatchKeys, findCaseToJoin, open, sendReceipt } from './open-case.ts';

type Matched = { id: string; customerKey: string; content: feedback.SurveyResponse };

/** Opens a case for a response, joins it, or holds it. @returns a readable line, and whether it belongs to a case */
export function openOrJoinCases(core: Core, name: string, template: CaseTemplate, response: Matched, why: string[]) {
  const known = store.findCaseByResponseAndTemplate(core.sql, response.id, name);
  if (known) return { opened: true, line: `belongs to ${handleOf(known)} already` };
  const { id, customerKey, content } = response;
  const hidden =
    feedback.findThemeHiddenField(template.gather) === null ? null : store.findResponse(core.sql, id)?.incoming?.hidden;
  const tier = findTier(core.settings.workspace, content.customer);
  const subjects: feedback.Gathered[] =
    template.kind === 'strategic'
      ? feedback.listGatheringCaseKeys(name, template, content, hidden ?? new Map(), tier)
      : [{ scope: name, key: customerKey, theme: null }];
  const problems = subjects.map((subject) => ({ ...subject, matchKeys: deriveMatchKeys(core, template, subject) }));
  const findStandingCase = (matchKeys: string[]) =>
    matchKeys.map((key) => findCaseToJoin(core, key)).find((joined) => joined !== null);
  const opensNone = problems.every(({ matchKeys }) => findStandingCase(matchKeys));
  const held =
    explainHeldMatch(core, name, id) ??
    (opensNone ? null : holdMatchOfRunaway(core, name, template['cases-per-hour'], id));
  if (held !== null) return { opened: false, line: held };
  const lines = problems.map(({ matchKeys, theme }) => {
    const standing = findStandingCase(matchKeys);
    if (standing) {
      join(core, standing, response);
      return `joined ${handleOf(standing)}`;
    }
    const [key = ''] = matchKeys;
    const subject = { key, name, customerKey, customer: content.customer, responseId: id, theme };
    const opened = open(core, template, subject, why);
    elevateByRules(core, opened.id, 'category');
    sendReceipt(core, opened);
    return `opened ${handleOf(opened)}`;
  });
  return { opened: true, line: lines.join(', ') };
}

function join(core: Core, caseRecord: Case, response: Matched): void {
  const { id: responseId, customerKey } = response;
  const row = { caseId: caseRecord.id, responseId, customerKey, at: core.clock.now() };
  if (!store.caseResponses.add(core.sql, row)) return;
  basics.noteAddressOfResponse(core, caseRecord.id, customerKey, responseId);
  const { customers } = sizeOf(core, caseRecord.id);
  const count = customers === 1 ? 'the same customer' : `now ${customers} customers`;
  const why = `the same problem again; ${count}`;
  basics.record(core, caseRecord.id, 'joined by a response', why, { evidence: responseId });
  const headline = `${handleOf(caseRecord)}: the same problem was reported again`;
  if (caseRecord.kind === 'tactical') notify(core, caseRecord, 'joined', headline, { once: responseId });
  raiseSeverityOnRepeat(core, caseRecord, responseId);
  recount(core, caseRecord.id, responseId);
  if (caseRecord.loop !== 'working') {
    reopen(core, caseRecord, 'the same problem was reported again within 30 days', `again:${responseId}`);
  } else if (caseRecord.kind === 'strategic' || core.settings.workspace.words === 'private') {
    queueIssueEdit(core, caseRecord.id, 'text');
  }
}

function raiseSeverityOnRepeat(core: Core, caseRecord: Case, responseId: string): void {
  const template = core.settings.templates.get(caseRecord.template);
  if (template?.['on-repeat'] !== 'raise severity' || typeof template.severity !== 'string') return;
  const { severities } = basics.findSettingsOfCase(core, caseRecord)['case-options'];
  const severity = findNextHigherSeverity(severities, caseRecord.severity);
  if (severity === caseRecord.severity) return;
  raiseSeverity(core, caseRecord, severity, { why: 'the same problem again', evidence: responseId });
}

/** The rest of a storm arrives within seconds, and one mail tells its size. */
const gatherHeldMs = 10 * timing.secondMs;
const remindEveryMs = 24 * timing.hourMs;

/** Why a match opens no case now; null for a match that is not held. Edits of a response change nothing about it. */
function explainHeldMatch(core: Core, template: string, responseId: string): string | null {
  const { state, decidedBy = null } = store.heldMatches.find(core.sql, { template, responseId }) ?? {};
  if (state === 'held')
    return 'held: the template opened as many cases as it may within an hour, or was applied to stored responses; a case manager decides';
  if (state === 'dropped')
    return `dropped by ${basics.findPersonName(core, decidedBy) ?? 'the erasure of its customer'}`;
  return null;
}

/** Holds the match of a runaway template. @returns why it is held; null where a case may open */
function holdMatchOfRunaway(core: Core, template: string, most: number, responseId: string): string | null {
  const now = core.clock.now();
  if (store.heldMatches.find(core.sql, { template, responseId })) return null;
  if (!store.isRunawaySince(core.sql, { template, since: now - timing.hourMs, most })) return null;
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
