import * as z from 'zod';
import type { Answer, SurveyResponse } from './response.ts';

const Scalar = z.union([z.string(), z.number(), z.boolean()]);

const Question = z.strictObject({
  question: z.string(),
  is: Scalar.optional(),
  'any-of': z.array(Scalar).min(1).optional(),
  contains: z.string().min(1).optional(),
  '<': z.number().optional(),
  '<=': z.number().optional(),
  '>': z.number().optional(),
  '>=': z.number().optional(),
  between: z.tuple([z.number(), z.number()]).optional(),
  answered: z.boolean().optional(),
});

const CustomerCondition = z.strictObject({
  customer: z.enum(['key', 'tier', 'revenue', 'language']),
  is: Scalar.optional(),
  'any-of': z.array(Scalar).min(1).optional(),
  '<': z.number().optional(),
  '<=': z.number().optional(),
  '>': z.number().optional(),
  '>=': z.number().optional(),
});

type QuestionCondition = z.output<typeof Question>;
type CustomerConditionShape = z.output<typeof CustomerCondition>;
export type Condition =
  | QuestionCondition
  | CustomerConditionShape
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition };

/** What a template asks of a response; `all`, `any` and `not` nest. */
export const Condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    Question,
    CustomerCondition,
    z.strictObject({ all: z.array(Condition).min(1) }),
    z.strictObject({ any: z.array(Condition).min(1) }),
    z.strictObject({ not: Condition }),
  ]),
);

/** One condition and whether it held: the explanation of a decision. `text` holds no words of the respondent. */
export interface Finding {
  text: string;
  held: boolean;
}

/** Judges a response and says of each condition whether it held. */
export function judge(
  condition: Condition,
  response: SurveyResponse,
): { held: boolean; findings: Finding[] } {
  if ('all' in condition) return combine(condition.all, response, (held) => held.every(Boolean));
  if ('any' in condition) return combine(condition.any, response, (held) => held.some(Boolean));
  if ('not' in condition) {
    const inner = judge(condition.not, response);
    return {
      held: !inner.held,
      findings: inner.findings.map(({ text, held }) => ({ text: `not: ${text}`, held: !held })),
    };
  }
  return 'question' in condition ? judgeQuestion(condition, response) : judgeCustomer(condition, response);
}

function combine(conditions: Condition[], response: SurveyResponse, decide: (held: boolean[]) => boolean) {
  const judged = conditions.map((condition) => judge(condition, response));
  return {
    held: decide(judged.map(({ held }) => held)),
    findings: judged.flatMap(({ findings }) => findings),
  };
}

function judgeQuestion(condition: QuestionCondition, response: SurveyResponse) {
  const { question, ...tests } = condition;
  const answer = response.answers.find(({ alias }) => alias === question);
  const findings = Object.entries(tests).map(([operator, wanted]) => ({
    text: `${question} ${operator} ${show(wanted)} (${answer ? said(answer) : 'not answered'})`,
    held:
      operator === 'answered'
        ? isAnswered(answer) === wanted
        : answer !== undefined && holds(operator, wanted, answer.value, answer.text),
  }));
  return { held: findings.every(({ held }) => held), findings };
}

function judgeCustomer(condition: CustomerConditionShape, response: SurveyResponse) {
  const { customer: attribute, ...tests } = condition;
  const value = response.customer[attribute];
  const findings = Object.entries(tests).map(([operator, wanted]) => ({
    text: `customer ${attribute} ${operator} ${show(wanted)}`,
    held: value !== null && holds(operator, wanted, value, String(value)),
  }));
  return { held: findings.every(({ held }) => held), findings };
}

function holds(operator: string, wanted: unknown, value: Answer['value'], text: string): boolean {
  switch (operator) {
    case 'is':
      return same(wanted, value, text);
    case 'any-of':
      return Array.isArray(wanted) && wanted.some((one) => same(one, value, text));
    case 'contains':
      return fold(text).includes(fold(String(wanted)));
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

/** YAML reads a bare yes or no as text, a survey tool sends true or "Yes": all of them mean the same. */
function same(wanted: unknown, value: Answer['value'], text: string): boolean {
  if (Array.isArray(value)) return value.some((one) => same(wanted, one, one));
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
  const score =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && value.trim() !== ''
        ? Number(value)
        : Number.NaN;
  return Number.isFinite(score) && test(score);
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
