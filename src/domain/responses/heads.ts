import * as z from 'zod';
import { memoize, remember } from '#domain/base/memoize.ts';
import { oneOrMore } from '../base/names.ts';
import { findClosestLanguage } from '../text/fixed-texts.ts';
import { fold, isBlank, scriptsWithoutBlanks, toShownLine } from '../text/safe-text.ts';
import { formatDuration, Span } from '../time/duration.ts';
import {
  answerOperatorFields,
  attributeOperatorFields,
  attributeOperatorNames,
  countPatternSteps,
  type Operand,
  operatorNames,
  scaledOperatorNames,
  show,
  type Test,
  testOperand,
} from './operators.ts';
import { type Answer, hasAlias, readCustomerAttribute, type SurveyResponse } from './response.ts';

export interface EvaluationContext {
  earlier: SurveyResponse[];
  tier?: string | null;
  /** Tests of this response that are done, by their conditions: templates ask for much the same. */
  done?: Map<object, Test[]>;
  /** Characters of a text that each pattern reads at most, and one that reads those of earlier responses as well. */
  readable?: number;
  readableEarlier?: number;
}

/** All parts of one way in which a condition begins; none may be left out. */
interface Head<Json extends z.ZodType = z.ZodType> {
  json: Json;
  tests(condition: z.output<Json>, response: SurveyResponse, context: EvaluationContext): Test[];
  /** Aliases of its questions, how far back it looks into earlier responses, in milliseconds, and steps of its pattern. */
  needs(condition: z.output<Json>): { questions: string[]; historyMs: number; steps: number };
}

const head = <Json extends z.ZodType>(parts: Head<Json>): Head<Json> => parts;

/** An object that says of a field unknown to it what to write instead. */
export const strictObject = <Shape extends z.ZodRawShape>(shape: Shape, explain: (unknown: string) => string) =>
  z.strictObject(shape, {
    error: ({ code, keys }) => (code === 'unrecognized_keys' ? explain(keys.join(', ')) : undefined),
  });

const withOperators = <Shape extends z.ZodRawShape>(shape: Shape, operators: string[]) =>
  strictObject(shape, (unknown) => `has no operator ${unknown}; write one of ${operators.join(', ')}`);

const Texts = oneOrMore(z.string().min(1), 'must be a text or a list of texts');

const questionFields = { question: z.string('must be the alias of a question'), ...answerOperatorFields };
type QuestionCondition = z.output<z.ZodObject<typeof questionFields>>;

const question = head({
  json: withOperators(questionFields, operatorNames).superRefine(checkQuestionCondition),
  needs: ({ question: alias, matches }) => ({ questions: [alias], historyMs: 0, steps: countPatternSteps(matches) }),
  tests(condition, response, { readable }) {
    const answer = findAnswer(condition.question, response);
    const on = condition.scale === undefined ? '' : ` on a scale of ${condition.scale}`;
    return testOperand(condition, toOperand(condition, answer, readable)).map(({ held, explain, isExact }) => ({
      held,
      explain: () => {
        const wanted = `${held ? '' : 'not '}${explain()}${on}`;
        const given = describeAnswer(nameQuestion(condition.question, response), answer);
        if (!answer || 'answered' in condition || (isExact && held)) return given;
        return held ? `${given} (${wanted})` : `${given}, ${wanted}`;
      },
    }));
  },
});

const CustomerJson = withOperators(
  {
    customer: z
      .string('must be an attribute of the customer, such as tier')
      .refine((name) => name !== 'email' && name !== 'name', 'must be no attribute that names a person'),
    ...attributeOperatorFields,
  },
  attributeOperatorNames,
).refine(
  (condition) => attributeOperatorNames.some((name) => Object.hasOwn(condition, name)),
  `tests nothing; write one of ${attributeOperatorNames.join(', ')}`,
);
export type CustomerCondition = z.output<typeof CustomerJson>;

const customer = head({
  json: CustomerJson,
  needs: ({ matches }) => ({ questions: [], historyMs: 0, steps: countPatternSteps(matches) }),
  tests(condition, response, context) {
    const name = condition.customer;
    const value = name === 'tier' ? tierOf(response, context) : readCustomerAttribute(response.customer, name);
    const operand =
      value === null ? null : { value, text: String(value), readable: context.readable, at: response.submittedAt };
    return testOperand(condition, operand).map(({ held, explain }) => ({
      held,
      explain: () => `Customer’s ${name} is ${held ? '' : 'not '}${explain()}`,
    }));
  },
});

/** A head that stands alone and names texts, of which one must fit. */
const namingTexts = <const Name extends string>(
  name: Name,
  test: (wanted: string[], response: SurveyResponse, context: EvaluationContext) => Test,
) =>
  head({
    json: strictObject(
      { [name]: Texts } as Record<Name, typeof Texts>,
      (unknown) => `has no operator ${unknown}; ${name} stands alone`,
    ),
    needs: () => ({ questions: [], historyMs: 0, steps: 0 }),
    tests: (condition, response, context) => [test((condition as Record<Name, string[]>)[name], response, context)],
  });

const words = namingTexts('words', (wanted, { answers }) => {
  const texts = answers.filter(({ freeText }) => freeText).map(({ text }) => spaced(text));
  const held = wanted.map(spaced).some((word) => texts.some((text) => text.includes(word)));
  const comment = texts.length === 0 ? 'There is no comment' : held ? 'A comment has' : 'No comment has';
  return { held, explain: () => `${comment}${texts.length > 0 ? ':' : ' with'} ${show(wanted)}` };
});

const tier = namingTexts('tier', (wanted, response, context) => {
  const known = tierOf(response, context);
  const held = known !== null && wanted.some((each) => fold(each) === fold(known));
  return { held, explain: () => `Customer’s tier is ${held ? '' : 'not '}${show(wanted)}` };
});

const source = namingTexts('source', (wanted, response) => ({
  held: wanted.includes(response.source),
  explain: () => explainSource(wanted, response.source),
}));

/** `de` matches de-AT; `de-AT` matches only itself. */
const language = namingTexts('language', (wanted, response) => {
  const held = findClosestLanguage(response.language ?? response.customer.language, wanted) !== null;
  return { held, explain: () => `Language is ${held ? '' : 'not '}${show(wanted)}` };
});

const times = z.int().min(2, 'must be 2 or more: this response counts as one');
const Repeat = withOperators({ ...questionFields, times, within: Span }, operatorNames);

const repeat = head({
  json: withOperators({ repeat: Repeat.superRefine(checkQuestionCondition) }, operatorNames),
  needs: ({ repeat: { question: alias, within, matches } }) => ({
    questions: [alias],
    historyMs: within,
    steps: countPatternSteps(matches),
  }),
  tests(condition, response, { earlier, readableEarlier }) {
    const { times, within, ...test } = condition.repeat;
    const since = response.submittedAt - within;
    const isSame = (other: SurveyResponse) =>
      other.source === response.source && other.form === response.form && other.responseId === response.responseId;
    const testAnswerOfResponse = (other: SurveyResponse) =>
      testOperand(test, toOperand(test, findAnswer(test.question, other), readableEarlier));
    const isMet = (other: SurveyResponse) => testAnswerOfResponse(other).every(({ held }) => held);
    const counted = earlier.filter(
      (other) => other.submittedAt >= since && other.submittedAt <= response.submittedAt && !isSame(other),
    );
    const now = isMet(response);
    const count = counted.filter(isMet).length + (now ? 1 : 0);
    const held = now && count >= times;
    const explain = () => {
      const wanted = testAnswerOfResponse(response).map((each) => each.explain());
      const of = nameQuestion(test.question, response);
      if (!now) return `${describeAnswer(of, findAnswer(test.question, response))}, not ${wanted.join(' and ')}`;
      const often = count === 1 ? 'once' : `${count} times`;
      const missed = held ? '' : `, not ${times} times`;
      return `“${of}” was answered with ${wanted.join(' and ')}, ${often} within ${formatDuration(within)}${missed}`;
    };
    return [{ held, explain }];
  },
});

/** The ways in which a condition begins, beside `all`, `any` and `not`. */
export const heads = { question, customer, words, tier, source, language, repeat };
const namedHeads = Object.entries<Head>(heads);

/** The head with which a condition, or what might be one, begins. */
export const headOf = memoize((given: object): Head => {
  for (const [name, parts] of namedHeads) if (Object.hasOwn(given, name)) return parts;
  throw new Error('a condition without a head came past its check');
});

function checkQuestionCondition(condition: QuestionCondition, context: z.RefinementCtx): void {
  const given = new Set(Object.keys(condition));
  const report = (message: string, path: string[] = []) => context.addIssue({ code: 'custom', path, message });
  if (!operatorNames.some((name) => given.has(name)))
    report(`tests nothing of ${condition.question}; write one of ${operatorNames.join(', ')}`);
  const scaled = scaledOperatorNames.find((name) => given.has(name));
  if (scaled && condition.scale === undefined) report(`${scaled} wants a scale, such as scale: 5`);
  if (!scaled && condition.scale !== undefined)
    report(`belongs to ${scaledOperatorNames.join(' or ')}, and there is neither`, ['scale']);
}

const findAnswer = (alias: string, { answers }: SurveyResponse): Answer | undefined =>
  answers.find((answer) => hasAlias(answer, alias));

const toOperand = ({ scale }: QuestionCondition, answer: Answer | undefined, readable?: number): Operand | null =>
  answer ? { value: answer.value, text: answer.text, scale, readable } : null;

function describeAnswer(name: string, answer: Answer | undefined): string {
  if (!answer || isBlank(answer.text)) return `“${name}” was not answered`;
  const shown = showAnswer(answer);
  return shown === null ? `“${name}” was answered in words` : `Answered ${shown} to “${name}”`;
}

/** A score or a choice as it may enter a tracker; null for the respondent's own words. */
export function showAnswer({ freeText, type, text }: Answer): string | null {
  if (freeText) return null;
  // A number of seven digits may be somebody's telephone.
  return type === 'number' && /\d{7}/.test(text) ? 'a long number' : text;
}

const namesOf = memoize((_: SurveyResponse) => new Map<string | Answer, string>());

/** Title of a question; its alias where the survey tool wrote the respondent's name or address into the title. */
export const nameQuestion = (of: string | Answer, response: SurveyResponse): string =>
  remember(namesOf(response), of, () => deriveName(of, response));

function deriveName(of: string | Answer, { answers, customer }: SurveyResponse): string {
  const answer = typeof of === 'string' ? answers.find((entry) => hasAlias(entry, of)) : of;
  const alias = typeof of === 'string' ? of : (of.alias ?? 'One more question');
  const title = toShownLine(answer?.question.title ?? '', longestTitle);
  const { name, email, key } = customer;
  const personal = [email, key, ...(name?.split(/\s+/) ?? [])].map((part) => fold(part ?? ''));
  const isPersonal = personal.some((part) => part.length > 1 && spaced(title).includes(spaced(part)));
  return title === '' || isPersonal || /\S@\S/.test(title) ? alias : title;
}

const longestTitle = 120;

/** Whether a response comes from a survey that a template takes. */
export const explainSource = (wanted: string[], source: string): string =>
  wanted.includes(source) ? `From the survey ${source}` : `Not for the survey ${source} (listens to ${show(wanted)})`;

const tierOf = (response: SurveyResponse, context: EvaluationContext): string | null =>
  context.tier === undefined ? response.customer.tier : context.tier;

/** Characters that are words of their own, and pictures. */
const unspaced = new RegExp(`[${scriptsWithoutBlanks}\\p{Extended_Pictographic}]`, 'gu');

/** Whole words between single spaces, so that `cancel` does not match `cancellation`. */
const spaced = (text: string): string =>
  ` ${fold(text)
    .replace(/[^\p{L}\p{N}\p{M}\p{Extended_Pictographic}]+/gu, ' ')
    .replace(unspaced, ' $& ')
    .replace(/ +/g, ' ')
    .trim()} `;
