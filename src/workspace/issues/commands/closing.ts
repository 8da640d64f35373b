import { type Case, handleOf, type RequestedClosing, readClosingKind } from '#domain/cases/case-record.ts';
import { AppError, basics, casework, type Core, describeGateWait, store } from '../../kit.ts';
import { demandOriginalCase, storeDeclineExplanation } from '../../loop/after-closing.ts';
import { storeCloserAnswerByCommand } from '../../loop/answer.ts';
import { endGateWaitByPerson } from '../../loop/gates.ts';
import { setWhatChanged } from '../../loop/notify-affected-customers.ts';
import { commentOnRelatedCase, reopen } from '../../tracker-requests/reopen.ts';
import { requestCall } from '../../tracker-requests/sync-issue.ts';
import { closeWithoutIssue, isIssueRefused } from '../close.ts';
import { findClosePolicy, listTeamManagerNames, mayCloseByPolicy } from '../close-policy.ts';

type Input = { caseRecord: Case; who: string; value: string; because: string | null; evidence: string };

/** Runs a command and returns a readable line. @throws AppError with the reason when it is impossible */
export type Operation = (core: Core, input: Input) => string;

export function requireReason({ because, value }: Input): string {
  const reason = (because ?? value).trim();
  if (reason === '') basics.refuseField('because', 'is empty; give a reason');
  return reason;
}

/** The closer's answer: whether the problem is solved. */
const closed: Operation = (core, input) => {
  const [, given = '', rest = ''] = /^(yes|partly|no)\b[\s,:-]*(.*)$/i.exec(input.value) ?? [];
  const choice = given.toLowerCase();
  if (choice !== 'yes' && choice !== 'partly' && choice !== 'no')
    basics.refuseField('closed', 'wants yes, partly or no');
  return answer(core, input, choice === 'no' ? 'unable' : choice, input.because ?? (rest || null));
};

export const unable: Operation = (core, input) => answer(core, input, 'unable', input.because);

function answer(core: Core, { caseRecord, who, evidence }: Input, given: casework.CloserAnswer, note: string | null) {
  const { blockers } = basics.findSettingsOfCase(core, caseRecord)['case-options'];
  const blocker = casework.findNamedBlocker(note, blockers);
  const answers = { closed: given, ...(blocker ? { blocker } : {}), ...(note ? { note } : {}) };
  storeCloserAnswerByCommand(core, caseRecord, who, answers, evidence);
  const inside = note ? ' Customers never read this reason; words for them go after `/declined because …`.' : '';
  return `Noted: ${given === 'yes' ? 'closed' : given}${blocker ? `, because of ${blocker}` : ''}.${given === 'yes' ? '' : inside}`;
}

const declined: Operation = (core, input) => {
  const { caseRecord, who } = input;
  storeDeclineExplanation(core, caseRecord.id, requireReason(input), who);
  if (caseRecord.loop === 'working')
    return 'Stored in your words for the customer. Close the issue as not planned, and they get it by mail.';
  return caseRecord.loop === 'dropped'
    ? 'Declined. The customer will read the reason as you wrote it.'
    : 'The reason is noted.';
};

/** The words of a command whose text may hold "because" itself. */
export const readWholeText = ({ value, because }: Pick<Input, 'value' | 'because'>): string =>
  [value, because].filter(Boolean).join(' because ');

const storeWhatChanged: Operation = (core, { caseRecord, who, ...words }) => {
  setWhatChanged(core, caseRecord.id, { text: readWholeText(words), who });
  return 'Stored in your words for the customer: for the follow-up mail and the survey page.';
};

const close: Operation = (core, input) => {
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
};

const decline: Operation = (core, input) => {
  requireMayClose(core, input);
  storeDeclineExplanation(core, input.caseRecord.id, requireReason(input), input.who);
  queueIssueClose(core, input.caseRecord, { who: input.who, kind: 'not-planned', note: null });
  return 'It is being closed as declined.';
};

/** Closes as a duplicate of another case, whose verdict it shares. */
const duplicate: Operation = (core, input) => {
  const { caseRecord, value } = input;
  requireMayClose(core, input);
  const original = demandOriginalCase(core, caseRecord.id, value.replace(/^of\s+/i, ''), 'duplicate');
  queueIssueClose(core, caseRecord, { who: input.who, kind: 'duplicate', note: null }, original);
  if (original.tracker !== caseRecord.tracker) commentOnRelatedCase(core, caseRecord, original);
  return `It is being closed as a duplicate of ${handleOf(original)}.`;
};

/** Opens the gate: the fix has reached the customer. */
const shipped: Operation = (core, { caseRecord, who, value }) => {
  if (caseRecord.loop === 'working')
    throw new AppError('conflict', 'It is still open: close it first, then mark it as shipped.');
  endGateWaitByPerson(core, caseRecord.id, 'shipped', who, value);
  const gate = store.getCase(core.sql, caseRecord.id).gate;
  const waits = gate && describeGateWait(gate);
  return waits ? `Noted. Asking waits for ${waits} now.` : 'Noted. The customer is asked about it.';
};

const reopenCase: Operation = (core, input) => {
  const { caseRecord, who } = input;
  if (caseRecord.loop === 'working') throw new AppError('conflict', 'It is open already.');
  reopen(core, caseRecord, requireReason(input), `asked:${input.evidence}:${caseRecord.generation}`, who);
  return 'It is being reopened.';
};

export const operations = {
  ...{ closed, unable, declined, close, decline, duplicate, shipped, reopen: reopenCase },
  'what-changed': storeWhatChanged,
};

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
  basics.record(core, caseRecord.id, 'closing asked for', `as ${as}${intent.note ? `: ${intent.note}` : ''}`, {
    who: intent.who,
  });
  closeWithoutIssue(core, caseRecord.id);
}
