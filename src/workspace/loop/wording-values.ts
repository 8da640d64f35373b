import { type Case, handleOf } from '#domain/cases/case-record.ts';
import { fixedTexts } from '#domain/text/fixed-texts.ts';
import { answerText, explanationOf, whatChanged, whatWasDone } from '../basics/closing-explanation.ts';
import { personName } from '../basics/people.ts';
import type { Core } from '../core.ts';
import type { StoredCustomer } from '../store/customers.ts';
import type { FollowUp } from '../store/follow-ups.ts';

const longestName = 80;

/**
 * Values of the wordings of a survey, for its mail and its page. The category is the team's own word and reaches
 * closers only; a customer knows a case by the day of their answer.
 *
 * @param language the survey's, for what it says where nobody wrote anything
 */
export function wordingValues(
  core: Core,
  { followUp, caseRecord }: { followUp: FollowUp; caseRecord: Case },
  { customer, language }: { customer: StoredCustomer | null; language: string },
) {
  const { name } = core.settings.workspace;
  const texts = fixedTexts(language);
  return {
    workspace: { name },
    customer: { name: customer?.name?.slice(0, longestName) ?? '' },
    person: { name: followUp.kind === 'closer' ? (personName(core, followUp.person) ?? '') : '' },
    case: {
      handle: handleOf(caseRecord),
      ...(followUp.kind === 'closer'
        ? { category: caseRecord.category }
        : { answer: answerText(core, { followUp, caseRecord }, language) }),
      reason: caseRecord.closingReason,
      issue: caseRecord.issue?.key ?? '',
      'what-changed': whatChanged(caseRecord) ?? '',
      done: whatWasDone(caseRecord, texts),
      explanation: explanationOf(caseRecord),
    },
    owner: { name: personName(core, caseRecord.loopOwner) ?? name },
  };
}
