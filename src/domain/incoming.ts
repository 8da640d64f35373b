import { InvalidInputError } from './errors.ts';
import type { IncomingResponse } from './survey-source.ts';

const mostAnswers = 1000;
const mostHidden = 1000;
const longestText = 64 * 1024;
const longestName = 500;

const cut = (text: string): string => (text.length > longestText ? `${text.slice(0, longestText)}…` : text);

/**
 * Holds every response to the same measure, wherever it came from: at most 1000 answers, 1000 hidden fields, and
 * 64 kB of each text. The raw bytes of a delivery stay whole.
 *
 * @throws InvalidInputError
 */
export function bounded(response: IncomingResponse): IncomingResponse {
  if (response.answers.length > mostAnswers)
    throw new InvalidInputError(`The response has more than ${mostAnswers} answers.`);
  if (response.hidden.size > mostHidden)
    throw new InvalidInputError(`The response has more than ${mostHidden} hidden fields.`);
  for (const [what, text] of [
    ['response id', response.responseId],
    ['form', response.form],
  ] as const) {
    if (text === '' || text.length > longestName)
      throw new InvalidInputError(`The ${what} is empty or longer than ${longestName} characters.`);
  }
  if (!Number.isFinite(response.submittedAt) || !Number.isFinite(response.revision))
    throw new InvalidInputError('The response has no time at which it was submitted.');
  return {
    ...response,
    answers: response.answers.map((answer) => {
      const { value } = answer;
      if (typeof value === 'string') return { ...answer, value: cut(value) };
      return Array.isArray(value) ? { ...answer, value: value.slice(0, mostAnswers).map(cut) } : answer;
    }),
    hidden: new Map([...response.hidden].map(([name, text]) => [name, cut(text)])),
  };
}
