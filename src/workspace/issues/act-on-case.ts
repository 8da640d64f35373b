import { AppError } from '#domain/base/errors.ts';
import { createRandomId } from '#domain/base/key.ts';
import type { PermittedCaseActions, RequestedAction } from '#domain/cases/action.ts';
import { findStatusClass } from '#domain/cases/status.ts';
import { applyTeamCaseOptions } from '#domain/templates/options.ts';
import { findAddressForCaseMail } from '../basics/case-address.ts';
import { demandCase } from '../basics/demand-case.ts';
import { refuseField } from '../basics/field-text.ts';
import { identifiesCustomer } from '../basics/identifies-customer.ts';
import { findAccount, findPersonName } from '../basics/people.ts';
import { hasAccess, roleOf } from '../basics/roles.ts';
import type { Core } from '../core.ts';
import { listAsksInDelay } from '../loop/gates.ts';
import { getCase } from '../store/cases.ts';
import { retryRefused } from '../tracker-requests/refusals.ts';
import { findClosePolicy, mayCloseByPolicy } from './close-policy.ts';
import { decline } from './commands/closing.ts';
import { category, owner } from './commands/fields.ts';
import { findCommandOperation } from './commands/index.ts';
import { holdAction } from './held-actions.ts';
import { addNote, writeComment } from './write-comment.ts';

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
