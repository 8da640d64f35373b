import { type RequestedClosing, readClosingKind } from '#domain/cases/case-record.ts';
import { acknowledge, markContacted, snooze as rest } from '../cases/acknowledge.ts';
import { changeGoal, setClockPaused } from '../cases/case-clock.ts';
import { changeAssignee, changeField, changePerson, changeSeverity, changeStatus } from '../cases/change-fields.ts';
import { addCaseLink, elevateByRules } from '../cases/elevate.ts';
import { AppError, basics, type Case, casework, type Core, describeGateWait, handleOf, store, timing } from '../kit.ts';
import { demandOriginalCase, storeDeclineExplanation } from '../loop/after-closing.ts';
import { storeCloserAnswerByCommand } from '../loop/answer.ts';
import { endGateWaitByPerson } from '../loop/gates.ts';
import { setWhatChanged } from '../loop/notify-affected-customers.ts';
import { commentOnRelatedCase, linkCaseToIssue, reopen } from '../tracker-requests/reopen.ts';
import { requestCall } from '../tracker-requests/sync-issue.ts';
import { closeWithoutIssue, isIssueRefused } from './close.ts';
import { findClosePolicy, listTeamManagerNames, mayCloseByPolicy } from './close-policy.ts';

type Input = { caseRecord: Case; who: string; value: string; because: string | null; evidence: string };

/** Runs a command and returns a readable line. @throws AppError with the reason when it is impossible */
type Operation = (core: Core, input: Input) => string;

export type OperatedAction = Exclude<casework.ActionName, 'comment' | 'note' | 'retry'>;

const requireReason = ({ because, value }: Input): string =>
  basics.wording('because', because ?? value, 'give a reason');

/** The words of a command whose text may hold "because" itself. */
const readWholeText = ({ value, because }: Pick<Input, 'value' | 'because'>): string =>
  [value, because].filter(Boolean).join(' because ');

function requirePerson(core: Core, caseRecord: Case, text: string): string {
  const wanted = text.replace(/^@/, '').toLowerCase();
  const { people } = core.settings.workspace;
  const isNamed = ([key, { name }]: [string, { name: string }]) =>
    key.toLowerCase() === wanted || name.toLowerCase() === wanted;
  const [named] = Object.entries(people).find(isNamed) ?? [];
  const person = named ?? basics.findPersonByAccount(core, wanted, caseRecord.tracker);
  if (person !== null && basics.hasAccess(core, person, 'member')) return person;
  const members = Object.keys(people).filter((key) => basics.hasAccess(core, key, 'member'));
  return basics.refuseField('assign', `is nobody who works on cases; the people are ${members.join(', ')}`);
}

const isIssueKey = (name: string) => /^(?:#?\d{1,9}|[a-z][a-z0-9_]{0,20}-\d{1,9})$/i.test(name);

const findBlocker = (core: Core, caseRecord: Case, note: string | null): string | null =>
  casework.findNamedBlocker(note, basics.findSettingsOfCase(core, caseRecord)['case-options'].blockers);

function answer(core: Core, { caseRecord, who, evidence }: Input, given: casework.CloserAnswer, note: string | null) {
  const blocker = findBlocker(core, caseRecord, note);
  const answers = { closed: given, ...(blocker ? { blocker } : {}), ...(note ? { note } : {}) };
  storeCloserAnswerByCommand(core, caseRecord, who, answers, evidence);
  if (given === 'yes') return `Noted: closed${blocker ? `, because of ${blocker}` : ''}.`;
  const inside = note ? ' Customers never read this reason; words for them go after `/declined because …`.' : '';
  return `Noted: ${given}${blocker ? `, because of ${blocker}` : ''}.${inside}`;
}

function requireMayClose(core: Core, { caseRecord, who }: Input): void {
  if (mayCloseByPolicy(core, caseRecord, who)) return;
  const managers = listTeamManagerNames(core, caseRecord).join(', ') || 'the case managers';
  throw new AppError('forbidden', `Only case managers may close it: ${managers}.`);
}

function queueIssueClose(core: Core, caseRecord: Case, intent: RequestedClosing, original: Case | null = null): void {
  if (caseRecord.closing && !isIssueRefused(core, caseRecord))
    throw new AppError('conflict', 'It is being closed already.');
  store.updateCase(core.sql, caseRecord.id, { closing: intent, ...(intent.note && { closingNote: intent.note }) });
  if (original) store.setOriginal(core.sql, caseRecord.id, original.id, core.clock.now());
  const key = `close:${caseRecord.id}:${caseRecord.generation}:${core.clock.now()}`;
  const payload = { caseId: caseRecord.id, kind: intent.kind, ...(original && { canonical: original.id }) };
  requestCall(core, caseRecord, 'issue.close', key, payload);
  const as = original ? `duplicate of ${handleOf(original)}` : intent.kind;
  const why = `as ${as}${intent.note ? `: ${intent.note}` : ''}`;
  basics.record(core, caseRecord.id, 'closing asked for', why, { who: intent.who });
  closeWithoutIssue(core, caseRecord.id);
}

const operations: Record<OperatedAction | 'help', Operation> = {
  category(core, { caseRecord, who, value, because }) {
    const { categories } = basics.findSettingsOfCase(core, caseRecord)['case-options'];
    const known = categories.find((name) => name.toLowerCase() === value.toLowerCase());
    if (known === undefined) basics.refuseField('category', `is not among ${categories.join(', ')}`);
    if (known === caseRecord.category) return 'Nothing changes.';
    const line = ['category changed', caseRecord.category, known] as const;
    changeField(core, caseRecord, { category: known }, line, { who, why: because });
    elevateByRules(core, caseRecord.id, 'category');
    return `The category is ${known} now.`;
  },
  owner(core, { caseRecord, who, value, because }) {
    const person = requirePerson(core, caseRecord, value);
    if (person === caseRecord.loopOwner) return 'Nothing changes.';
    changePerson(core, caseRecord, 'loopOwner', person, { who, why: because });
    return `${basics.findPersonName(core, person)} is the loop owner now.`;
  },
  /** The closer's answer: whether the problem is solved. */
  closed(core, input) {
    const [, given = '', rest = ''] = /^(yes|partly|no)\b[\s,:-]*(.*)$/i.exec(input.value) ?? [];
    const choice = given.toLowerCase();
    if (choice !== 'yes' && choice !== 'partly' && choice !== 'no')
      basics.refuseField('closed', 'wants yes, partly or no');
    return answer(core, input, choice === 'no' ? 'unable' : choice, input.because ?? (rest || null));
  },
  unable: (core, input) => answer(core, input, 'unable', input.because),
  declined(core, input) {
    const { caseRecord, who } = input;
    storeDeclineExplanation(core, caseRecord.id, requireReason(input), who);
    if (caseRecord.loop === 'working')
      return 'Stored in your words for the customer. Close the issue as not planned, and they get it by mail.';
    if (caseRecord.loop !== 'dropped') return 'The reason is noted.';
    return 'Declined. The customer will read the reason as you wrote it.';
  },
  'what-changed'(core, { caseRecord, who, ...words }) {
    setWhatChanged(core, caseRecord.id, { text: readWholeText(words), who });
    return 'Stored in your words for the customer: for the follow-up mail and the survey page.';
  },
  close(core, input) {
    requireMayClose(core, input);
    const { require } = findClosePolicy(core, input.caseRecord);
    const note = requireReason(input);
    const kind = readClosingKind(basics.findSettingsOfCase(core, input.caseRecord), note);
    if (kind === 'duplicate')
      basics.refuseField('because', 'names a duplicate; name the other case, as in "/duplicate of C-12"');
    if (kind === 'completed' && require.includes('root-cause') && input.caseRecord.rootCause === null)
      basics.refuseField('root-cause', 'is missing; name it first, as in "/root-cause …"');
    queueIssueClose(core, input.caseRecord, { who: input.who, kind, note });
    return kind === 'completed' ? 'It is being closed.' : 'It is being closed as declined.';
  },
  decline(core, input) {
    requireMayClose(core, input);
    storeDeclineExplanation(core, input.caseRecord.id, requireReason(input), input.who);
    queueIssueClose(core, input.caseRecord, { who: input.who, kind: 'not-planned', note: null });
    return 'It is being closed as declined.';
  },
  /** Closes as a duplicate of another case, whose verdict it shares. */
  duplicate(core, input) {
    const { caseRecord, value } = input;
    requireMayClose(core, input);
    const original = demandOriginalCase(core, caseRecord.id, value.replace(/^of\s+/i, ''), 'duplicate');
    queueIssueClose(core, caseRecord, { who: input.who, kind: 'duplicate', note: null }, original);
    if (original.tracker !== caseRecord.tracker) commentOnRelatedCase(core, caseRecord, original);
    return `It is being closed as a duplicate of ${handleOf(original)}.`;
  },
  /** Opens the gate: the fix has reached the customer. */
  shipped(core, { caseRecord, who, value }) {
    if (caseRecord.loop === 'working')
      throw new AppError('conflict', 'It is still open: close it first, then mark it as shipped.');
    endGateWaitByPerson(core, caseRecord.id, 'shipped', who, value);
    const gate = store.getCase(core.sql, caseRecord.id).gate;
    const waits = gate && describeGateWait(gate);
    return waits ? `Noted. Asking waits for ${waits} now.` : 'Noted. The customer is asked about it.';
  },
  reopen(core, input) {
    const { caseRecord, who } = input;
    if (caseRecord.loop === 'working') throw new AppError('conflict', 'It is open already.');
    reopen(core, caseRecord, requireReason(input), `asked:${input.evidence}:${caseRecord.generation}`, who);
    return 'It is being reopened.';
  },
  link(core, { caseRecord, who, value, because }) {
    const name = value.replace(/^(?:to|with)\s+/i, '').trim();
    const key = name.replace(/^#/, '');
    const other = /^c-/i.test(name) ? store.findCaseByHandle(core.sql, name) : null;
    const linked = other ?? store.findCaseByIssueKey(core.sql, caseRecord.tracker, key);
    if (linked?.id === caseRecord.id) basics.refuseField('link', 'names this case itself; write as in C-12');
    if (!linked) {
      if (/^c-\d+$/i.test(name) || !isIssueKey(name))
        basics.refuseField('link', 'names no other case and no issue of this tracker; write as in C-12 or SUP-12');
      linkCaseToIssue(core, caseRecord, key, who);
      return `Linking it to ${name}.`;
    }
    const isNew = addCaseLink(core, caseRecord, linked, { kind: 'related', why: because ?? 'linked by a person', who });
    return isNew ? `Linking it to ${handleOf(linked)}.` : `It was linked to ${handleOf(linked)} before.`;
  },
  'root-cause'(core, input) {
    const { caseRecord, who } = input;
    const cause = basics.wording('root-cause', readWholeText(input), 'name the root cause');
    const known = basics.findSettingsOfCase(core, caseRecord)['case-options']['root-causes'];
    const rootCause = known.find((value) => value.toLowerCase() === cause.toLowerCase()) ?? cause;
    store.updateCase(core.sql, caseRecord.id, { rootCause });
    basics.record(core, caseRecord.id, 'root cause given', rootCause, { who });
    elevateByRules(core, caseRecord.id, 'root-cause');
    return 'The root cause is noted.';
  },
  blocked(core, input) {
    const { caseRecord, who, value, because, evidence } = input;
    const words = readWholeText({ value: value.replace(/^by\s+/i, ''), because });
    const note = basics.wording('blocked', words, 'name the blocker');
    if (caseRecord.loop !== 'working') return answer(core, input, 'unable', note);
    const blocker = findBlocker(core, caseRecord, note);
    basics.record(core, caseRecord.id, 'blocked', blocker ?? note, { who, evidence });
    return `Noted: blocked${blocker ? ` by ${blocker}` : ''}.`;
  },
  severity(core, { caseRecord, who, value, because }) {
    changeSeverity(core, caseRecord.id, value.toLowerCase(), { who, why: because });
    return `The severity is ${value.toLowerCase()} now.`;
  },
  /** A date means the end of that working day; a duration counts from the opening. */
  due(core, { caseRecord, who, value, because }) {
    changeGoal(core, caseRecord.id, { goal: value, reason: because?.trim() || 'by a person', who });
    if (timing.isDate(value)) return `It is due by the end of the working day of ${value}.`;
    return `It is due ${value} after its opening now.`;
  },
  status(core, { caseRecord, who, value, because }) {
    const settings = basics.findSettingsOfCase(core, caseRecord);
    const name = casework.findStatusByName(settings, value) ?? value;
    changeStatus(core, caseRecord.id, name, { who, why: because });
    return `The status is ${name} now.`;
  },
  assign(core, { caseRecord, who, value, because }) {
    const person = value.toLowerCase() === 'nobody' ? null : requirePerson(core, caseRecord, value);
    changeAssignee(core, caseRecord.id, person, { who, why: because });
    return `${basics.findPersonName(core, person) ?? 'Nobody'} is the assignee now.`;
  },
  /** Records a first contact; the ledger counts mails only. */
  contacted(core, { caseRecord, who, value, because }) {
    const how = [value.trim(), because].filter(Boolean).join('; ');
    const isFirstContact = caseRecord.firstContactAt === null;
    markContacted(core, caseRecord.id, { who, how: how || 'no details' });
    return isFirstContact ? 'The first contact is noted.' : 'The first contact was noted before.';
  },
  snooze(core, { caseRecord, who, value, because }) {
    const ms = timing.parseDuration(value.replace(/^(\d+)\s*d$/i, '$1 days').replace(/^(\d+)\s*h$/i, '$1 hours'));
    if (ms === null || ms <= 0) basics.refuseField('snooze', 'wants a time, as in 3d or 4 hours');
    const why = because?.trim();
    if (!why) basics.refuseField('because', 'is missing; give a reason, as in "/snooze 3d because …"');
    rest(core, caseRecord.id, { ms, why, who });
    return 'No reminders until then. The goal stays.';
  },
  pause(core, input) {
    setClockPaused(core, input.caseRecord.id, true, input.who, requireReason(input));
    return 'The clock is paused.';
  },
  resume(core, { caseRecord, who, because }) {
    setClockPaused(core, caseRecord.id, false, who, because ?? 'by a person');
    return 'The clock runs.';
  },
  ack(core, { caseRecord, who, evidence }) {
    const { acknowledgedAt, acknowledgedBy: by } = caseRecord;
    if (acknowledgedAt !== null && by !== who) return `${basics.findPersonName(core, by)} has it already.`;
    acknowledge(core, caseRecord.id, who, `by a command (${evidence})`);
    return 'Noted: you have it.';
  },
  help: () => `Commands in comments; a leading exclamation mark works as well:\n\n${casework.formatCommandHelp()}`,
};

const actionsOnOpenCases: ReadonlySet<OperatedAction | 'help'> = new Set([
  ...(['category', 'severity', 'due', 'status', 'assign', 'snooze', 'pause', 'resume', 'ack'] as const),
  ...(['close', 'decline', 'duplicate'] as const),
]);

/** Runs a command, or an action that only pages offer. @returns a readable line */
export function operate(core: Core, name: OperatedAction | 'help', input: Input): string {
  if (actionsOnOpenCases.has(name) && input.caseRecord.loop !== 'working')
    throw new AppError('conflict', 'It is closed already; reopen it first.');
  return operations[name](core, input);
}
