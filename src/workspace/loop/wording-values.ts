import { handleOf } from '#domain/cases/case-record.ts';
import { breakExpressions } from '#domain/text/escape-markdown.ts';
import { chooseFixedTexts, findTextDirection } from '#domain/text/fixed-texts.ts';
import { isolate, toShownLine } from '#domain/text/safe-text.ts';
import {
  type Asked,
  describeWhatWasDone,
  findWhatChangedText,
  nameCaseForCustomer,
  readDeclineExplanation,
} from '../basics/closing-explanation.ts';
import { findPersonName } from '../basics/people.ts';
import type { Core } from '../core.ts';
import type { Ask } from '../store/asks.ts';
import { findCustomer } from '../store/customers.ts';

const maxNameLength = 80;

/** A customer's name inside a sentence of a language. */
export const toShownName = (name: string | null | undefined, language: string | null | undefined): string =>
  isolate(breakExpressions(toShownLine(name ?? '', maxNameLength)), findTextDirection(language ?? 'en'));

/**
 * Values for the wordings of a survey, in mail and page. The category is internal and reaches closers only; a customer
 * knows a case by the date of their answer.
 *
 * @param language language of the fixed texts
 */
export function buildWordingValues(core: Core, { ask, caseRecord }: Asked, language: string) {
  const { name } = core.settings.workspace;
  const texts = chooseFixedTexts(language);
  const isForCloser = ask.kind === 'closer';
  const customer = isForCloser ? null : findCustomer(core.sql, ask.person);
  return {
    workspace: { name },
    customer: { name: toShownName(customer?.name, language) },
    person: { name: isForCloser ? (findPersonName(core, ask.person) ?? '') : '' },
    ...(caseRecord && {
      case: {
        handle: handleOf(caseRecord),
        ...(isForCloser
          ? { category: caseRecord.category }
          : { answer: nameCaseForCustomer(core, caseRecord, ask.person, language) }),
        reason: caseRecord.closingReason,
        issue: caseRecord.issue?.key ?? '',
        'what-changed': findWhatChangedText(caseRecord) ?? '',
        done: describeWhatWasDone(caseRecord, texts),
        explanation: readDeclineExplanation(caseRecord),
      },
    }),
    owner: { name: findPersonName(core, caseRecord?.loopOwner ?? null) ?? name },
  };
}

/** Language of the recipient where known: a customer's own, or a person's in the workspace file. */
export function findRecipientLanguage(core: Core, { kind, person }: Ask): string | null {
  if (kind !== 'closer') return findCustomer(core.sql, person)?.language ?? null;
  const { people } = core.settings.workspace;
  return Object.hasOwn(people, person) ? (people[person]?.language ?? null) : null;
}
