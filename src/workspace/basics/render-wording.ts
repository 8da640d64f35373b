import { AppError } from '#domain/base/errors.ts';
import { cut } from '#domain/text/safe-text.ts';
import { explainExceededLimit, explainWordingError, findPlaceholders, renderWithinLimits } from './bounded-liquid.ts';

/**
 * Fills in a wording once; values are never templates. An unknown name is empty.
 *
 * @throws AppError `config` where the wording is beyond the limits with these values
 */
export function renderWording(wording: string, values: Record<string, unknown>): string {
  try {
    return renderWithinLimits(wording, values).trim();
  } catch (error) {
    throw new AppError(
      'config',
      `The wording “${cut(wording, 60)}” ${explainExceededLimit(error) ?? 'cannot be filled in'}.`,
    );
  }
}

/** Fills in a wording, or takes the fallback where that is impossible: what people are waiting for goes on without it. */
export function renderWordingOrDefault(fallback: string, wording: string, values: Record<string, unknown>): string {
  try {
    return renderWording(wording, values);
  } catch {
    return fallback;
  }
}

const placeholdersOfEverySurvey = [
  'workspace.name',
  'customer.name',
  'person.name',
  'owner.name',
  'case.handle',
  'case.reason',
  'case.issue',
  'case.what-changed',
  'case.done',
  'case.explanation',
];

/** Names for the wordings of a survey. The category of a case is internal, so only closers read it. */
export const surveyPlaceholders = {
  customer: [...placeholdersOfEverySurvey, 'case.answer'],
  closer: [...placeholdersOfEverySurvey, 'case.category'],
};

export const invitationPlaceholders = [
  'workspace.name',
  'customer.key',
  'customer.email',
  'customer.name',
  'customer.language',
];

/** As long as a person may write for customers. */
const longestSampleValue = 2000;

/** Problem of a wording, for the check before a push; null without one. */
export function checkWording(
  wording: string,
  names: string[],
  rule = `a wording here may name ${names.join(', ')}`,
): string | null {
  try {
    const strange = findPlaceholders(wording).filter(
      (name) => !names.some((known) => name === known || name.startsWith(`${known}.`)),
    );
    if (strange.length === 0) {
      renderWithinLimits(wording, buildSampleValues(names));
      return null;
    }
    const customer =
      strange.includes('case.category') && names.includes('case.answer')
        ? 'the category is the team’s own word; a customer reads case.answer, such as “your answer of 14 October 2026”. '
        : '';
    return `names ${strange.join(', ')}; ${customer}${rule}`;
  } catch (error) {
    return explainWordingError(error);
  }
}

/** A long text under every name. */
function buildSampleValues(names: string[]): Record<string, unknown> {
  const sample: Record<string, unknown> = {};
  for (const name of names) {
    const [first = '', second] = name.split('.');
    const text = 'x '.repeat(longestSampleValue / 2);
    sample[first] = second ? Object.assign(sample[first] ?? {}, { [second]: text }) : text;
  }
  return sample;
}

const titlePlaceholders = ['handle', 'template', 'category', 'severity', 'tier', 'customers', 'theme', 'workspace'];

/**
 * Why a case's title cannot be used, with a remedy; null when it can.
 *
 * @param listed attributes of customers whose values are listed
 */
export function checkCaseTitle(title: string, listed: string[]): string | null {
  const names = [...titlePlaceholders, ...listed.map((name) => `customer.${name}`)];
  return checkWording(title, names, `a title may name ${names.join(', ')}, and nothing of a respondent`);
}
