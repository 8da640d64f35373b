import * as z from 'zod';
import { fold } from '../text/safe-text.ts';
import { formatDuration, Span } from '../time/duration.ts';
import {
  answerOperatorFields,
  attributeOperatorFields,
  attributeOperatorNames,
  type Operand,
  operatorNames,
  scaledOperatorNames,
  show,
  type Test,
  testOperand,
} from './operators.ts';
import { type Answer, hasAlias, readCustomerAttribute, type SurveyResponse } from './response.ts';

/** Facts beside the response itself. */
export interface EvaluationContext {
  earlier: SurveyResponse[];
  /** Tier by the workspace's rules, where it differs from the response's. */
  tier?: string | null;
}

interface Problem {
  path: PropertyKey[];
  message: string;
}

/** All parts of one way in which a condition begins; none may be left out. */
interface Head<Json extends z.ZodType = z.ZodType> {
  json: Json;
  /** Operators that fit; none where the head stands alone. */
  operators: string[];
  /** What is wrong with a condition although the schema takes it. */
  problems(condition: z.output<Json>): Problem[];
  tests(condition: z.output<Json>, response: SurveyResponse, context: EvaluationContext): Test[];
  /** The aliases of questions that it asks about, and how far back it looks into earlier responses, in milliseconds. */
  needs(condition: z.output<Json>): { questions: string[]; historyMs: number };
}

const head = <Json extends z.ZodType>(parts: Head<Json>): Head<Json> => parts;

const alone = { operators: [], problems: () => [], needs: () => ({ questions: [], historyMs: 0 }) };

const Texts = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)], 'must be a text or a list of texts')
  .transform((entry) => (Array.isArray(entry) ? entry : [entry]));

const Question = z.strictObject({ question: z.string('must be the alias of a question'), ...answerOperatorFields });
type QuestionCondition = z.output<typeof Question>;

const question = head({
  json: Question,
  operators: operatorNames,
  problems: checkQuestionCondition,
  needs: (condition) => ({ questions: [condition.question], historyMs: 0 }),
  tests(condition, response) {
    const answer = findAnswer(condition.question, response);
    const on = condition.scale === undefined ? '' : ` on a scale of ${condition.scale}`;
    return testOperand(condition, toOperand(condition, answer)).map(({ held, explain }) => ({
      held,
      explain: () => `${condition.question} ${explain()}${on} (${describeAnswer(answer)})`,
    }));
  },
});

const CustomerJson = z.strictObject({
  customer: z
    .string('must be an attribute of the customer, such as tier')
    .refine((name) => name !== 'email' && name !== 'name', 'must be no attribute that names a person'),
  ...attributeOperatorFields,
});
export type CustomerCondition = z.output<typeof CustomerJson>;

const customer = head({
  json: CustomerJson,
  operators: attributeOperatorNames,
  problems: (condition) =>
    attributeOperatorNames.some((name) => Object.hasOwn(condition, name))
      ? []
      : [{ path: [], message: `tests nothing; write one of ${attributeOperatorNames.join(', ')}` }],
  needs: alone.needs,
  tests(condition, response, context) {
    const name = condition.customer;
    const value = name === 'tier' ? tierOf(response, context) : readCustomerAttribute(response.customer, name);
    const operand = value === null ? null : { value, text: String(value) };
    return testOperand(condition, operand).map(({ held, explain }) => ({
      held,
      explain: () => `customer ${name} ${explain()}`,
    }));
  },
});

const words = head({
  ...alone,
  json: z.strictObject({ words: Texts }),
  tests(condition, { answers }) {
    const texts = answers.filter(({ freeText }) => freeText).map(({ text }) => spaced(text));
    const comment = texts.length === 0 ? 'no comment' : 'answered in words';
    return [
      {
        held: condition.words.map(spaced).some((word) => texts.some((text) => text.includes(word))),
        explain: () => `a comment has one of the words ${show(condition.words)} (${comment})`,
      },
    ];
  },
});

const tier = head({
  ...alone,
  json: z.strictObject({ tier: Texts }),
  tests(condition, response, context) {
    const known = tierOf(response, context);
    return [
      {
        held: known !== null && condition.tier.some((wanted) => fold(wanted) === fold(known)),
        explain: () => `tier is ${show(condition.tier)}`,
      },
    ];
  },
});

const source = head({
  ...alone,
  json: z.strictObject({ source: Texts }),
  tests: (condition, response) => [
    {
      held: condition.source.includes(response.source),
      explain: () => `source is ${show(condition.source)} (${response.source})`,
    },
  ],
});

const language = head({
  ...alone,
  json: z.strictObject({ language: Texts }),
  tests(condition, response) {
    const spoken = fold(response.language ?? response.customer.language ?? '').replaceAll('_', '-');
    return [
      {
        // `de` matches de-AT; `de-AT` matches only itself.
        held: condition.language.map(fold).some((wanted) => spoken === wanted || spoken.startsWith(`${wanted}-`)),
        explain: () => `language is ${show(condition.language)}`,
      },
    ];
  },
});

const repeat = head({
  json: z.strictObject({
    repeat: Question.extend({
      times: z.int().min(2, 'must be 2 or more: this response counts as one'),
      within: Span,
    }),
  }),
  operators: operatorNames,
  problems: (condition) =>
    checkQuestionCondition(condition.repeat).map(({ path, message }) => ({ path: ['repeat', ...path], message })),
  needs: ({ repeat: { question: alias, within } }) => ({ questions: [alias], historyMs: within }),
  tests(condition, response, { earlier }) {
    const { times, within, ...test } = condition.repeat;
    const since = response.submittedAt - within;
    const isSame = (other: SurveyResponse) =>
      other.source === response.source && other.form === response.form && other.responseId === response.responseId;
    const testAnswerOfResponse = (other: SurveyResponse) =>
      testOperand(test, toOperand(test, findAnswer(test.question, other)));
    const isMet = (other: SurveyResponse) => testAnswerOfResponse(other).every(({ held }) => held);
    const counted = earlier.filter(
      (other) => other.submittedAt >= since && other.submittedAt <= response.submittedAt && !isSame(other),
    );
    const now = isMet(response);
    const count = counted.filter(isMet).length + (now ? 1 : 0);
    const asked = () => testAnswerOfResponse(response).map(({ explain }) => explain());
    return [
      {
        held: now && count >= times,
        explain: () =>
          `${test.question} ${asked().join(' and ')} at least ${times} times within ${formatDuration(within)} (${count} times, this response included)`,
      },
    ];
  },
});

/** The ways in which a condition begins, beside `all`, `any` and `not`. */
export const heads = { question, customer, words, tier, source, language, repeat };
export type ConditionHeadName = keyof typeof heads;
export const conditionHeadNames = Object.keys(heads);

/** The head with which a condition, or what might be one, begins. */
export function headOf(given: object): Head {
  for (const [name, parts] of Object.entries<Head>(heads)) if (Object.hasOwn(given, name)) return parts;
  throw new Error('a condition without a head came past its check');
}

function checkQuestionCondition(condition: QuestionCondition): Problem[] {
  const given = new Set(Object.keys(condition));
  const problems: Problem[] = [];
  const report = (path: PropertyKey[], message: string) => problems.push({ path, message });
  if (!operatorNames.some((name) => given.has(name)))
    report([], `tests nothing of ${condition.question}; write one of ${operatorNames.join(', ')}`);
  const scaled = scaledOperatorNames.find((name) => given.has(name));
  if (scaled && condition.scale === undefined) report([], `${scaled} wants a scale, such as scale: 5`);
  if (!scaled && condition.scale !== undefined)
    report(['scale'], `belongs to ${scaledOperatorNames.join(' or ')}, and there is neither`);
  return problems;
}

const findAnswer = (alias: string, { answers }: SurveyResponse): Answer | undefined =>
  answers.find((answer) => hasAlias(answer, alias));

const toOperand = ({ scale }: QuestionCondition, answer: Answer | undefined): Operand | null =>
  answer ? { value: answer.value, text: answer.text, scale } : null;

function describeAnswer(answer: Answer | undefined): string {
  if (!answer) return 'not answered';
  if (answer.freeText) return 'answered in words';
  // A number of seven digits may be somebody's telephone.
  const isLong = answer.type === 'number' && /\d{7}/.test(answer.text);
  return isLong ? 'answered with a long number' : `answered ${answer.text}`;
}

const tierOf = (response: SurveyResponse, context: EvaluationContext): string | null =>
  context.tier === undefined ? response.customer.tier : context.tier;

/** Whole words between single spaces, so that `cancel` does not match `cancellation`. */
function spaced(text: string): string {
  return ` ${fold(text)
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim()} `;
}
