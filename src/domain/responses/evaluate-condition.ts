import { matchesPattern } from '../base/pattern.ts';
import { formatDuration } from '../time/duration.ts';
import {
  type Condition,
  type CustomerCondition,
  cesBands,
  csatBands,
  type QuestionCondition,
  type RepeatCondition,
} from './condition.ts';
import { type Answer, attributeOf, isCalled, type SurveyResponse } from './response.ts';

/** One condition and whether it held: the explanation of a decision. `text` holds no words of the respondent. */
export interface Finding {
  text: string;
  held: boolean;
}

/** What is known beside the response itself. */
export interface EvaluationContext {
  /** The customer's earlier responses, in any order. */
  earlier: SurveyResponse[];
  /** The tier as the workspace sees it, where it differs from what the response says. */
  tier?: string | null;
}

export interface Evaluation {
  held: boolean;
  findings: Finding[];
}

const nothingKnown: EvaluationContext = { earlier: [] };

/** Judges a response and says of each condition whether it held. */
export function evaluateCondition(
  condition: Condition,
  response: SurveyResponse,
  evaluationContext: EvaluationContext = nothingKnown,
): Evaluation {
  if ('all' in condition)
    return combine(condition.all, response, evaluationContext, (held) => held.every(Boolean));
  if ('any' in condition)
    return combine(condition.any, response, evaluationContext, (held) => held.some(Boolean));
  if ('not' in condition) {
    const inner = evaluateCondition(condition.not, response, evaluationContext);
    return {
      held: !inner.held,
      findings: inner.findings.map(({ text, held }) => ({ text: `not: ${text}`, held: !held })),
    };
  }
  if ('question' in condition) return evaluateQuestion(condition, response);
  if ('customer' in condition) return evaluateCustomer(condition, response, evaluationContext);
  if ('words' in condition) return entry(evaluateWords(condition.words, response));
  if ('repeat' in condition) return entry(evaluateRepeat(condition.repeat, response, evaluationContext));
  return entry(evaluateFact(condition, response, evaluationContext));
}

/** Whether a condition holds, as `judge` says, without the explanation: for many responses at once. */
export function isHeld(
  condition: Condition,
  response: SurveyResponse,
  evaluationContext: EvaluationContext = nothingKnown,
): boolean {
  if ('all' in condition) return condition.all.every((each) => isHeld(each, response, evaluationContext));
  if ('any' in condition) return condition.any.some((each) => isHeld(each, response, evaluationContext));
  if ('not' in condition) return !isHeld(condition.not, response, evaluationContext);
  if ('question' in condition) return isQuestionHeld(condition, response);
  return evaluateCondition(condition, response, evaluationContext).held;
}

const entry = (finding: Finding): Evaluation => ({ held: finding.held, findings: [finding] });

function combine(
  conditions: Condition[],
  response: SurveyResponse,
  evaluationContext: EvaluationContext,
  decide: (held: boolean[]) => boolean,
): Evaluation {
  const evaluation = conditions.map((condition) => evaluateCondition(condition, response, evaluationContext));
  return {
    held: decide(evaluation.map(({ held }) => held)),
    findings: evaluation.flatMap(({ findings }) => findings),
  };
}

const answerTo = (question: string, { answers }: SurveyResponse): Answer | undefined =>
  answers.find((answer) => isCalled(answer, question));

function isTestHeld(
  operator: string,
  wanted: unknown,
  answer: Answer | undefined,
  scale: number | undefined,
): boolean {
  if (operator === 'answered') return isAnswered(answer) === wanted;
  return answer !== undefined && holds(operator, wanted, answer.value, answer.text, scale);
}

function isQuestionHeld(condition: QuestionCondition, response: SurveyResponse): boolean {
  const { question, scale, ...tests } = condition;
  const answer = answerTo(question, response);
  return Object.entries(tests).every(([operator, wanted]) => isTestHeld(operator, wanted, answer, scale));
}

function evaluateQuestion(condition: QuestionCondition, response: SurveyResponse): Evaluation {
  const { question, scale, ...tests } = condition;
  const answer = answerTo(question, response);
  const on = scale === undefined ? '' : ` on a scale of ${scale}`;
  const findings = Object.entries(tests).map(([operator, wanted]) => ({
    text: `${question} ${operator} ${show(wanted)}${on} (${answer ? said(answer) : 'not answered'})`,
    held: isTestHeld(operator, wanted, answer, scale),
  }));
  return { held: findings.every(({ held }) => held), findings };
}

function evaluateCustomer(
  condition: CustomerCondition,
  response: SurveyResponse,
  evaluationContext: EvaluationContext,
): Evaluation {
  const { customer: attribute, ...tests } = condition;
  const value =
    attribute === 'tier' ? tierOf(response, evaluationContext) : attributeOf(response.customer, attribute);
  const findings = Object.entries(tests).map(([operator, wanted]) => ({
    text: `customer ${attribute} ${operator} ${show(wanted)}`,
    held: value !== null && holdsOfAttribute(operator, wanted, value),
  }));
  return { held: findings.every(({ held }) => held), findings };
}

/** Days are compared as instants; all else of an attribute as an answer would be. */
function holdsOfAttribute(operator: string, wanted: unknown, value: string | number): boolean {
  const isDay = typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
  if (!isDay || operator === 'is' || operator === 'any-of')
    return holds(operator, wanted, value, String(value));
  const instant = (day: unknown) => (typeof day === 'string' ? Date.parse(day) : Number.NaN);
  const bounds = Array.isArray(wanted) ? wanted.map(instant) : instant(wanted);
  const isPattern = operator === 'contains' || operator === 'matches';
  return isPattern ? holds(operator, wanted, value, value) : holds(operator, bounds, instant(value), value);
}

function evaluateFact(
  condition: { tier: string[] } | { source: string[] } | { language: string[] },
  response: SurveyResponse,
  evaluationContext: EvaluationContext,
): Finding {
  if ('source' in condition) {
    return {
      text: `source is ${show(condition.source)} (${response.source})`,
      held: condition.source.includes(response.source),
    };
  }
  if ('language' in condition) {
    const spoken = fold(response.language ?? response.customer.language ?? '').replaceAll('_', '-');
    return {
      text: `language is ${show(condition.language)}`,
      // `de` takes de-AT as well; `de-AT` takes only itself.
      held: condition.language
        .map(fold)
        .some((wanted) => spoken === wanted || spoken.startsWith(`${wanted}-`)),
    };
  }
  const tier = tierOf(response, evaluationContext);
  return {
    text: `tier is ${show(condition.tier)}`,
    held: tier !== null && condition.tier.some((wanted) => fold(wanted) === fold(tier)),
  };
}

function evaluateWords(words: string[], response: SurveyResponse): Finding {
  const texts = response.answers.filter(({ freeText }) => freeText).map(({ text }) => spaced(text));
  const wanted = texts.length === 0 ? [] : words.map(spaced);
  return {
    text: `a comment has one of the words ${show(words)} (${texts.length === 0 ? 'no comment' : 'answered in words'})`,
    held: wanted.some((word) => texts.some((text) => text.includes(word))),
  };
}

/** Whole words between single spaces, so that `cancel` is not found in `cancellation`. */
function spaced(text: string): string {
  return ` ${fold(text)
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim()} `;
}

function evaluateRepeat(
  condition: RepeatCondition,
  response: SurveyResponse,
  { earlier }: EvaluationContext,
): Finding {
  const { times, within, ...test } = condition;
  const since = response.submittedAt - within;
  const same = (other: SurveyResponse) =>
    other.source === response.source &&
    other.form === response.form &&
    other.responseId === response.responseId;
  const counted = earlier.filter(
    (other) => other.submittedAt >= since && other.submittedAt <= response.submittedAt && !same(other),
  );
  const now = isQuestionHeld(test, response);
  const count = counted.filter((other) => isQuestionHeld(test, other)).length + (now ? 1 : 0);
  const { question, scale, ...tests } = test;
  const asked = Object.entries(tests).map(([operator, wanted]) => `${operator} ${show(wanted)}`);
  return {
    text: `${question} ${asked.join(' and ')} at least ${times} times within ${formatDuration(within)} (${count} times, this response included)`,
    held: now && count >= times,
  };
}

function holds(
  operator: string,
  wanted: unknown,
  value: Answer['value'],
  text: string,
  scale?: number,
): boolean {
  switch (operator) {
    case 'is':
      return same(wanted, value, text);
    case 'any-of':
      return Array.isArray(wanted) && wanted.some((each) => same(each, value, text));
    case 'contains':
      return fold(text).includes(fold(String(wanted)));
    case 'matches':
      return matchesPattern(String(wanted), text.normalize('NFKC'));
    case 'nps':
      return compare(value, (score) => npsBand(score) === wanted);
    case 'csat':
      return compare(value, (score) => bandOf(csatBands, score, scale ?? 5) === wanted);
    case 'ces':
      return compare(value, (score) => bandOf(cesBands, score, scale ?? 7) === wanted);
    case 'between':
      return Array.isArray(wanted) && compare(value, (score) => score >= wanted[0] && score <= wanted[1]);
    case '<':
      return compare(value, (score) => score < Number(wanted));
    case '<=':
      return compare(value, (score) => score <= Number(wanted));
    case '>':
      return compare(value, (score) => score > Number(wanted));
    case '>=':
      return compare(value, (score) => score >= Number(wanted));
    default:
      return false;
  }
}

/** 0 to 6 detract, 7 and 8 are passive, 9 and 10 promote; null off the scale. */
function npsBand(score: number): 'detractor' | 'passive' | 'promoter' | null {
  if (!Number.isInteger(score) || score < 0 || score > 10) return null;
  return score <= 6 ? 'detractor' : score <= 8 ? 'passive' : 'promoter';
}

/** The lower two fifths of a scale from 1, its middle, and the upper two fifths; null off the scale. */
function bandOf<Band>(bands: readonly [Band, Band, Band], score: number, scale: number): Band | null {
  if (score < 1 || score > scale) return null;
  const place = (score - 1) / (scale - 1);
  return place < 0.4 ? bands[0] : place <= 0.6 ? bands[1] : bands[2];
}

/** YAML reads a bare yes or no as text, a survey tool sends true or "Yes": all of them mean the same. */
function same(wanted: unknown, value: Answer['value'], text: string): boolean {
  if (Array.isArray(value)) return value.some((each) => same(wanted, each, each));
  const flag = yesNo(value) ?? yesNo(text);
  const wantedFlag = yesNo(wanted);
  if (flag !== null && wantedFlag !== null) return flag === wantedFlag;
  return fold(String(wanted)) === fold(text);
}

function yesNo(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? fold(value) : '';
  if (word === 'yes' || word === 'true') return true;
  return word === 'no' || word === 'false' ? false : null;
}

function compare(value: Answer['value'], test: (score: number) => boolean): boolean {
  const score = scoreOf(value);
  return score !== null && test(score);
}

/** An answer as a number; null for words, choices, and yes or no. */
export function scoreOf(value: Answer['value']): number | null {
  if (typeof value === 'string' && value.trim() === '') return null;
  const score = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isFinite(score) ? score : null;
}

function tierOf(response: SurveyResponse, evaluationContext: EvaluationContext): string | null {
  return evaluationContext.tier === undefined ? response.customer.tier : evaluationContext.tier;
}

function isAnswered(answer: Answer | undefined): boolean {
  return answer !== undefined && answer.text.trim() !== '';
}

function said(answer: Answer): string {
  return answer.freeText ? 'answered in words' : `answered ${answer.text}`;
}

function show(wanted: unknown): string {
  return Array.isArray(wanted) ? wanted.join(', ') : String(wanted);
}

function fold(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}
