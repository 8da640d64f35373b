import { AppError } from '#domain/base/errors.ts';
import type { ClosingIntent } from '#domain/cases/case-closing.ts';
import { type Case, handleOf } from '#domain/cases/case-record.ts';
import { blockerOf } from '#domain/cases/command.ts';
import { waitsFor } from '#domain/settings/gate.ts';
import { settingsFor } from '#domain/templates/options.ts';
import { invalidField } from '../../basics/field-text.ts';
import { record } from '../../basics/record-activity.ts';
import type { Core } from '../../core.ts';
import { explainClosing } from '../../loop/after-closing.ts';
import { answerByCommand } from '../../loop/answer.ts';
import { endWaiting } from '../../loop/gates.ts';
import { sayWhatChanged } from '../../loop/what-changed.ts';
import { findCaseByHandle, getCase, updateCase } from '../../store/cases.ts';
import { addToOutbox } from '../../store/outbox.ts';
import { pointTo } from '../../tracker-requests/link-issues.ts';
import { reopen } from '../../tracker-requests/reopen.ts';
import { closePolicyOf, isRightCloser, managersOf } from '../close-policy.ts';
import { type Input, needOpen, type Operation, reasonOf } from './command-input.ts';

/** Whether the problem could really be solved: the closer's answer. */
export const closed: Operation = (core, input) => {
  const [, said = '', rest = ''] = /^(yes|partly|no)\b[\s,:-]*(.*)$/i.exec(input.value) ?? [];
  const choice = said.toLowerCase();
  if (choice !== 'yes' && choice !== 'partly' && choice !== 'no')
    invalidField('closed', 'wants yes, partly or no');
  return answer(core, input, choice === 'no' ? 'unable' : choice, input.because ?? (rest || null));
};

export const unable: Operation = (core, input) => answer(core, input, 'unable', input.because);

function answer(
  core: Core,
  { caseRecord, who, evidence }: Input,
  said: 'yes' | 'partly' | 'unable',
  note: string | null,
) {
  const { blockers } = settingsFor(core.settings.workspace, caseRecord.team)['case-options'];
  const blocker = blockerOf(note, blockers);
  const answers = { closed: said, ...(blocker ? { blocker } : {}), ...(note ? { note } : {}) };
  answerByCommand(core, caseRecord, who, answers, evidence);
  const inside = note
    ? ' No customer reads the reason; what they may read stands after `/declined because …`.'
    : '';
  return `Noted: ${said === 'yes' ? 'closed' : said}${blocker ? `, because of ${blocker}` : ''}.${said === 'yes' ? '' : inside}`;
}

/** The reason why it will not be done, before the closing or after it. */
export const declined: Operation = (core, input) => {
  const { caseRecord, who } = input;
  explainClosing(core, caseRecord.id, reasonOf(input), who);
  if (caseRecord.loop === 'working')
    return 'Kept for the customer, as you wrote it. Close the issue as not planned, and they read it in a mail.';
  return caseRecord.loop === 'dropped'
    ? 'Declined. The customer will read the reason as you wrote it.'
    : 'The reason is noted.';
};

/** What was done, in words that the customer reads. */
export const whatChanged: Operation = (core, { caseRecord, who, value }) => {
  sayWhatChanged(core, caseRecord.id, { text: value, who });
  return 'Kept for the customer, as you wrote it: it stands in the mail that asks, and on the survey page.';
};

/** Closes as solved, with a reason. */
export const close: Operation = (core, input) => {
  needMayClose(core, input);
  needOpen(input.caseRecord, 'close it again');
  const { require } = closePolicyOf(core, input.caseRecord);
  if (require.includes('root-cause') && input.caseRecord.rootCause === null)
    invalidField('root-cause', 'is missing; say it first, as in "/root-cause …"');
  askToClose(core, input.caseRecord, { who: input.who, kind: 'completed', note: reasonOf(input) });
  return 'It is being closed.';
};

/** Closes as not planned, with the reason that makes it declined. */
export const decline: Operation = (core, input) => {
  needMayClose(core, input);
  needOpen(input.caseRecord, 'decline it');
  explainClosing(core, input.caseRecord.id, reasonOf(input), input.who);
  askToClose(core, input.caseRecord, { who: input.who, kind: 'not-planned', note: null });
  return 'It is being closed as declined.';
};

/** Closes as a repetition of another case, whose end it will share. */
export const duplicate: Operation = (core, input) => {
  const { caseRecord, value } = input;
  needMayClose(core, input);
  needOpen(caseRecord, 'mark it');
  const original = findCaseByHandle(core.sql, value.replace(/^of\s+/i, ''));
  if (!original || original.id === caseRecord.id)
    invalidField('duplicate', 'names no other case; write as in "of C-12"');
  if (original.duplicateOf === caseRecord.id)
    invalidField('duplicate', `is not possible: ${handleOf(original)} repeats this one`);
  askToClose(core, caseRecord, { who: input.who, kind: 'duplicate', note: null }, original);
  if (original.tracker !== caseRecord.tracker) pointTo(core, caseRecord, original);
  return `It is being closed as a duplicate of ${handleOf(original)}.`;
};

/** The fix has reached the customer, so that nobody waits with asking any longer. */
export const shipped: Operation = (core, { caseRecord, who, value }) => {
  if (caseRecord.loop === 'working')
    throw new AppError('conflict', 'It is still at work: close it first, then say that it was shipped.');
  endWaiting(core, caseRecord.id, 'shipped', who, value);
  const gate = getCase(core.sql, caseRecord.id).gate;
  const waits = gate && waitsFor(gate);
  return waits ? `Noted. Asking waits for ${waits} now.` : 'Noted. The customer is asked about it.';
};

export const reopenCase: Operation = (core, input) => {
  const { caseRecord, who } = input;
  if (caseRecord.loop === 'working') throw new AppError('conflict', 'It is open already.');
  if (!caseRecord.issue) throw new AppError('conflict', 'Its issue is not made yet.');
  reopen(core, caseRecord, reasonOf(input), `asked:${input.evidence}:${caseRecord.generation}`, who);
  return 'It is being reopened.';
};

function needMayClose(core: Core, { caseRecord, who }: Input): void {
  if (isRightCloser(core, caseRecord, who)) return;
  const managers = managersOf(core, caseRecord).join(', ') || 'the case managers';
  throw new AppError('forbidden', `Only case managers may close it: ${managers}.`);
}

/** Asks the tracker to close the issue; the case is closed when the tracker shows it. */
function askToClose(core: Core, caseRecord: Case, intent: ClosingIntent, original: Case | null = null): void {
  if (caseRecord.closing) throw new AppError('conflict', 'It is being closed already.');
  const at = core.clock.now();
  updateCase(core.sql, caseRecord.id, {
    closing: intent,
    ...(original && { duplicateOf: original.id }),
    ...(intent.note && { closingNote: intent.note }),
  });
  addToOutbox(core.sql, {
    key: `close:${caseRecord.id}:${caseRecord.generation}:${at}`,
    queue: caseRecord.tracker,
    orderingKey: `case:${caseRecord.id}`,
    kind: 'issue.close',
    payload: { caseId: caseRecord.id, kind: intent.kind, ...(original && { canonical: original.id }) },
    at,
  });
  const as = original ? `duplicate of ${handleOf(original)}` : intent.kind;
  record(core, caseRecord.id, 'closing asked for', `as ${as}${intent.note ? `: ${intent.note}` : ''}`, {
    who: intent.who,
  });
}
