import { type Case, handleOf } from '#domain/cases/case-record.ts';
import { chooseFixedTexts } from '#domain/text/fixed-texts.ts';
import {
  describeWhatWasDone,
  findWhatChangedText,
  nameCaseForCustomer,
  readDeclineExplanation,
} from '../basics/closing-explanation.ts';
import { findPersonName } from '../basics/people.ts';
import type { Core } from '../core.ts';
import { findCustomer, type StoredCustomer } from '../store/customers.ts';
import type { FollowUp } from '../store/follow-ups.ts';

const maxNameLength = 80;

/**
 * Values for the wordings of a survey, in mail and page. The category is internal and reaches closers only; a customer
 * knows a case by the date of their answer.
 *
 * @param language language of the fixed texts
 */
export function buildWordingValues(
  core: Core,
  { followUp, caseRecord }: { followUp: FollowUp; caseRecord: Case },
  { customer, language }: { customer: StoredCustomer | null; language: string },
) {
  const { name } = core.settings.workspace;
  const texts = chooseFixedTexts(language);
  return {
    workspace: { name },
    customer: { name: customer?.name?.slice(0, maxNameLength) ?? '' },
    person: { name: followUp.kind === 'closer' ? (findPersonName(core, followUp.person) ?? '') : '' },
    case: {
      handle: handleOf(caseRecord),
      ...(followUp.kind === 'closer'
        ? { category: caseRecord.category }
        : { answer: nameCaseForCustomer(core, { followUp, caseRecord }, language) }),
      reason: caseRecord.closingReason,
      issue: caseRecord.issue?.key ?? '',
      'what-changed': findWhatChangedText(caseRecord) ?? '',
      done: describeWhatWasDone(caseRecord, texts),
      explanation: readDeclineExplanation(caseRecord),
    },
    owner: { name: findPersonName(core, caseRecord.loopOwner) ?? name },
  };
}

/** Language of the recipient where known: a customer's own, or a person's in the workspace file. */
export function findRecipientLanguage(core: Core, { kind, person }: FollowUp): string | null {
  if (kind === 'customer') return findCustomer(core.sql, person)?.language ?? null;
  const { people } = core.settings.workspace;
  return Object.hasOwn(people, person) ? (people[person]?.language ?? null) : null;
}
