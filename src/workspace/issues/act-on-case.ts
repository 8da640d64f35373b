import { AppError } from '#domain/base/errors.ts';
import { createRandomId } from '#domain/base/key.ts';
import type { PermittedCaseActions, RequestedAction } from '#domain/cases/action.ts';
import { type Case, handleOf } from '#domain/cases/case-record.ts';
import { findStatusClass } from '#domain/cases/status.ts';
import { applyTeamCaseOptions } from '#domain/templates/options.ts';
import { findAddressForCaseMail } from '../basics/case-address.ts';
import { demandCase, record, refuseField, wording } from '../basics/case-operation.ts';
import { buildCasePageUrl } from '../basics/draft-issue.ts';
import { identifiesCustomer } from '../basics/identifies-customer.ts';
import { findAccount, findPersonName } from '../basics/people.ts';
import { hasAccess, roleOf } from '../basics/roles.ts';
import type { Core } from '../core.ts';
import { listAsksInDelay } from '../loop/gates.ts';
import { getCase } from '../store/cases.ts';
import { addComment } from '../store/comments.ts';
import { comment } from '../tracker-requests/comment.ts';
import { retryRefused } from '../tracker-requests/refusals.ts';
import { findClosePolicy, mayCloseByPolicy } from './close-policy.ts';
import { decline } from './commands/closing.ts';
import { category, findCommandOperation, owner } from './commands/index.ts';
import { holdAction } from './held-actions.ts';

/** Actions that are no commands of comments. */
const pageOperations = { decline, owner, category };

/**
 * Performs an action on a case, as a command in a comment would. Effects on its issue leave through the outbox. Call it
 * inside a transaction.
 *
 * @throws AppError for people without a part in the case, and for impossible actions
 */
export function actOnCase(core: Core, caseId: string, input: RequestedAction): void {
  const { action, who, value, because, rootCause, whatChanged } = input;
  const caseRecord = demandCase(core, caseId);
  if (!Object.hasOwn(core.settings.workspace.people, who))
    refuseField('who', 'is not under people of the workspace file; name the acting person');
  if (roleOf(core, caseRecord, who) === null)
    throw new AppError('forbidden', 'Only people of the case’s team may do that.');
  if (input.isUndoable) {
    holdAction(core, caseId, input, () => actOnCase(core, caseId, { ...input, isUndoable: false }));
    return;
  }
  const once = input.once ?? createRandomId(core.random, 'a');
  if (action === 'comment') {
    writeComment(core, caseRecord, { text: value, mention: input.mention, who, once });
    return;
  }
  if (action === 'note') {
    addNote(core, caseId, { text: value, who, once });
    return;
  }
  if (action === 'retry') {
    retryRefused(core, { caseId });
    return;
  }
  if (action === 'reopen' && identifiesCustomer(core, caseRecord, because ?? ''))
    refuseField(
      'because',
      'identifies the customer, or quotes them, which must stay out of the tracker; write “the customer”',
    );
  const evidence = `action ${once}`;
  if (rootCause)
    findCommandOperation('root-cause')(core, { caseRecord, who, value: rootCause, because: null, evidence });
  if (whatChanged)
    findCommandOperation('what-changed')(core, { caseRecord, who, value: whatChanged, because: null, evidence });
  const operation = isPageOperation(action) ? pageOperations[action] : findCommandOperation(action);
  operation(core, { caseRecord: getCase(core.sql, caseId), who, value, because, evidence });
}

const isPageOperation = (action: string): action is keyof typeof pageOperations =>
  Object.hasOwn(pageOperations, action);

export function findActionsForPerson(core: Core, caseId: string, person: string): Omit<PermittedCaseActions, 'may'> {
  const caseRecord = demandCase(core, caseId);
  const settings = applyTeamCaseOptions(core.settings.workspace, caseRecord.team);
  const { statuses, severities, categories, 'root-causes': rootCauses } = settings['case-options'];
  return {
    role: roleOf(core, caseRecord, person),
    mayClose: mayCloseByPolicy(core, caseRecord, person),
    statuses: Object.keys(statuses).filter((value) => findStatusClass(settings, value) !== 'closed'),
    severities,
    categories,
    people: Object.keys(settings.people)
      .filter((key) => hasAccess(core, key, 'member'))
      .map((key) => ({
        key,
        name: findPersonName(core, key) ?? key,
        hasAccount: findAccount(core, key, caseRecord.tracker) !== null,
      })),
    rootCauses,
    needsRootCause: findClosePolicy(core, caseRecord).require.includes('root-cause'),
    hasIssue: caseRecord.issue !== null,
    hasAddress:
      caseRecord.customerKey === null || findAddressForCaseMail(core, caseId, caseRecord.customerKey).address !== null,
    canAskNow: listAsksInDelay(core, caseRecord).length > 0,
  };
}

const longestComment = 4000;

interface CommentToWrite {
  text: string;
  mention: string[];
  who: string;
  /** Idempotency key of the comment. */
  once: string;
}

/**
 * Writes a comment in a person's name. Words that identify the customer stay out of the tracker.
 *
 * @throws InvalidInputError with the field
 */
function writeComment(core: Core, caseRecord: Case, { text, mention, who, once }: CommentToWrite): void {
  const trimmed = text.trim();
  if (!caseRecord.issue) throw new AppError('conflict', 'Its issue is not created yet; try again in a minute.');
  if (trimmed === '') refuseField('comment', 'is empty; write a comment');
  if (trimmed.length > longestComment) refuseField('comment', `is longer than ${longestComment} characters`);
  if (identifiesCustomer(core, caseRecord, trimmed))
    refuseField(
      'comment',
      'identifies the customer, or quotes them, which must stay out of the tracker; write “the customer”',
    );
  const accounts = mention.map((person) => {
    const account = findAccount(core, person, caseRecord.tracker);
    if (account === null)
      refuseField('mention', `has no account in this tracker: ${person}; add it under people of the workspace file`);
    return account;
  });
  // Quoted, so that no line is read as a command or as Caselite's own.
  const quoted = trimmed
    .split(/\r?\n/)
    .map((line) => `> ${line}`)
    .join('\n');
  const from = `${findPersonName(core, who)} writes on [${handleOf(caseRecord)}](${buildCasePageUrl(core, caseRecord.id)}):`;
  const key = `said:${once}:${core.keys.mac('said.1', trimmed).slice(0, 16)}`;
  if (!comment(core, caseRecord, key, `${from}\n\n${quoted}`, accounts)) return;
  addComment(core.sql, {
    caseId: caseRecord.id,
    id: key,
    kind: 'page',
    author: who,
    text: trimmed,
    at: core.clock.now(),
  });
  const names = mention.map((person) => findPersonName(core, person)).join(', ');
  record(core, caseRecord.id, 'commented', `from the case page${names && `, to ${names}`}`, { who });
}

/** Keeps a note of the team, which never leaves Caselite. */
function addNote(core: Core, caseId: string, { text, who, once }: Omit<CommentToWrite, 'mention'>): void {
  const note = wording('note', text, 'write a note', longestComment);
  addComment(core.sql, { caseId, id: once, kind: 'note', author: who, text: note, at: core.clock.now() });
}
