import { InvalidInputError } from '../base/errors.ts';
import { cut } from '../text/safe-text.ts';
import { dayMs, minuteMs, toIsoText } from '../time/units.ts';
import type { IncomingResponse } from './survey-source.ts';

const maxAnswers = 1000;
const maxHiddenFields = 1000;
const maxTextLength = 64 * 1024;
const maxIdentifierLength = 500;

const bound = (text: string): string => cut(text, maxTextLength);

/** A response bounded to 1000 answers, 1000 hidden fields and 64 kB of each text, whatever its source. */
export function bounded(response: IncomingResponse): IncomingResponse {
  if (response.answers.length > maxAnswers)
    throw new InvalidInputError(`The response has more than ${maxAnswers} answers.`);
  if (response.hidden.size > maxHiddenFields)
    throw new InvalidInputError(`The response has more than ${maxHiddenFields} hidden fields.`);
  for (const [what, text] of [
    ['response id', response.responseId],
    ['form', response.form],
  ] as const) {
    if (text === '' || text.length > maxIdentifierLength)
      throw new InvalidInputError(`The ${what} is empty or longer than ${maxIdentifierLength} characters.`);
  }
  if (!Number.isFinite(response.submittedAt) || !Number.isFinite(response.revision))
    throw new InvalidInputError('The response has no time at which it was submitted.');
  return {
    ...response,
    answers: response.answers.map((answer) => {
      const { value } = answer;
      if (typeof value === 'string') return { ...answer, value: bound(value) };
      return Array.isArray(value) ? { ...answer, value: value.slice(0, maxAnswers).map(bound) } : answer;
    }),
    hidden: new Map([...response.hidden].map(([name, text]) => [name, bound(text)])),
  };
}

/** Known parts of a response with a further one, in any order; a newer answer replaces a known one. */
export function joined(known: IncomingResponse, part: IncomingResponse): IncomingResponse {
  const isPartNewer = part.revision >= known.revision;
  const ids = new Set(known.answers.map(({ question }) => question.id));
  const answersTakenFromPart = part.answers.filter(({ question }) => isPartNewer || !ids.has(question.id));
  const replaced = new Set(answersTakenFromPart.map(({ question }) => question.id));
  const answers = [...known.answers.filter(({ question }) => !replaced.has(question.id)), ...answersTakenFromPart];
  const hidden = new Map(isPartNewer ? [...known.hidden, ...part.hidden] : [...part.hidden, ...known.hidden]);
  const next = {
    ...(isPartNewer ? part : known),
    partial: known.partial && part.partial,
    answers,
    hidden,
    submittedAt: Math.max(known.submittedAt, part.submittedAt),
  };
  const isNews =
    known.partial !== next.partial ||
    hidden.size > known.hidden.size ||
    answersTakenFromPart.some((answer) => !hasSameAnswer(known, answer));
  // News counts as later than known parts, even if its own time is earlier.
  const revision = isNews ? Math.max(part.revision, known.revision + 2) : known.revision;
  return { ...next, revision };
}

/** The state of a response that came last: other answers of the same instant, or of none, are the later ones. */
export function replaced(known: IncomingResponse, read: IncomingResponse): IncomingResponse {
  const gap = known.revision - read.revision;
  // Each such state is a millisecond later than the one before; counts of changes are exact.
  const isCounted = read.revision > 1 && read.revision < 2 * dayMs;
  const isSameInstant = gap === 0 || (!isCounted && gap > 0 && gap <= 20 && gap % 2 === 0);
  return isSameInstant && !hasSameAnswers(known, read) ? { ...read, revision: known.revision + 2 } : read;
}

/** Whether two readings of one response give the same answers, whatever else the tool adds to one of them. */
export const hasSameAnswers = (known: IncomingResponse, read: IncomingResponse): boolean =>
  known.partial === read.partial &&
  known.answers.length === read.answers.length &&
  read.answers.every((answer) => hasSameAnswer(known, answer));

const hasSameAnswer = (
  { answers }: IncomingResponse,
  { question, value }: IncomingResponse['answers'][number],
): boolean => answers.some((answer) => answer.question.id === question.id && String(answer.value) === String(value));

const mostSkewMs = 15 * minuteMs;
const mostDeliveryDelayMs = 365 * dayMs;
const earliestInstant = Date.UTC(2000, 0, 1);

/** A submission time that cannot be true counts as of the receipt, else it would outrank every later word. */
export function boundTimes(response: IncomingResponse, receivedAt: number, isPushed: boolean): IncomingResponse {
  const { submittedAt, partial, notes = [] } = response;
  const latest = receivedAt + mostSkewMs;
  const earliest = isPushed ? receivedAt - mostDeliveryDelayMs : earliestInstant;
  const isTrue = submittedAt >= earliest && submittedAt <= latest;
  // A revision that is a time is twice that time.
  const revision = response.revision > 2 * latest + 1 ? 2 * receivedAt + (partial ? 0 : 1) : response.revision;
  if (isTrue) return { ...response, revision };
  const text = submittedAt > latest ? 'after its receipt' : 'long before its receipt';
  const note = `submitted at ${toIsoText(submittedAt)}, ${text}: the time of the receipt counts`;
  return { ...response, revision, submittedAt: receivedAt, notes: [...notes, note] };
}
