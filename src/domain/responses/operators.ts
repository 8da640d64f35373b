import { RE2JS } from 're2js';
import * as z from 'zod';
import { lazy, memoize, remember } from '#domain/base/memoize.ts';
import type { Attribute } from '../settings/attributes.ts';
import { fold, isBlank, toComparable } from '../text/safe-text.ts';
import { isDate } from '../time/duration.ts';
import { dayMs } from '../time/units.ts';
import type { Answer } from './response.ts';

/** No choice that begins with its score is longer. */
const longestScore = 200;
const maxCachedPatterns = 500;
const compiled = new Map<string, RE2JS>();

/** Steps of the largest pattern: 500 characters of plain words fit. */
const mostSteps = 500;
/** Steps of all patterns of a template, and of all templates that are on. */
export const mostStepsTogether = { template: 1000, workspace: 4000 };
/** Steps times characters, of about 50 ns each: the patterns of a template take 50 ms for a response at most. */
export const mostWork = 1_000_000;

/** Ignores case. Of a long text, the beginning is read: as much as the template's share of the work allows. */
export function matchesPattern(pattern: string, text: string, readable = Number.POSITIVE_INFINITY): boolean {
  const program = compile(pattern);
  const read = Math.min(readable, Math.floor(mostWork / program.programSize()));
  return program.matcher(toComparable(text.slice(0, read)).slice(0, read)).find();
}

/** Steps of the pattern of a condition; 0 without one. */
export const countPatternSteps = (pattern: string | undefined): number =>
  pattern === undefined ? 0 : compile(pattern).programSize();

export const remedyForPatterns = 'repeat less, such as {1,20} in place of {1,1000}, or list fewer words';

/** Why a pattern is refused, with the remedy; null when it is accepted. */
export function findPatternProblem(pattern: string): string | null {
  try {
    const steps = compile(pattern).programSize();
    return steps > mostSteps ? `is too large (${steps} steps of at most ${mostSteps}): ${remedyForPatterns}` : null;
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 120) : 'cannot be read';
    return `is not a pattern that RE2 accepts (${why}); look-arounds and back references are not supported, because they can run without end`;
  }
}

const compile = (pattern: string): RE2JS =>
  remember(compiled, pattern, () => RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE), maxCachedPatterns);

export interface Operand {
  value: Answer['value'];
  text: string;
  /** The highest score of the question; the lowest is 1, the highest the best. */
  scale?: number | undefined;
  /** Characters of the text that a pattern reads at most. */
  readable?: number | undefined;
  at?: number;
}

type AttributeType = Attribute['type'];
const textAttributeTypes = ['text', 'slug', 'email'] as const;
const orderedAttributeTypes = ['number', 'amount', 'date'] as const;
const allAttributeTypes = [...textAttributeTypes, ...orderedAttributeTypes, 'choice', 'yes-no'] as const;

interface Operator<Wanted = unknown> {
  answers: z.ZodType<Wanted>;
  /** Types of a customer's attributes that it fits. */
  types: readonly AttributeType[];
  /** The wanted value where an attribute is tested, if it is another than that of an answer. */
  attributes: z.ZodType<Wanted>;
  holds(wanted: Wanted, operand: Operand): boolean;
  /** The wanted value after "is" or "was answered": `at most 5`. */
  explain(wanted: Wanted): string;
}

const operator = <Wanted>(
  parts: Partial<Operator<Wanted>> & Pick<Operator<Wanted>, 'answers' | 'holds'>,
): Operator<Wanted> => ({ types: [], attributes: parts.answers, explain: show, ...parts });

const alternatives = lazy(() => new Intl.ListFormat('en-GB', { type: 'disjunction' }));

/** A wanted value in words: `Yes`, or `Docs, Desk or Suite`. */
export function show(wanted: unknown): string {
  if (Array.isArray(wanted)) return alternatives().format(wanted.map(show));
  const flag = yesNo(wanted);
  return flag === null ? String(wanted) : flag ? 'Yes' : 'No';
}

const Scalar = z.union([z.string(), z.number(), z.boolean()], 'must be a text, a number, or yes or no');
const Num = z.number('must be a number');

type Bound = number | string;
export const relativeDay = /^in (\d{1,4}) days$/;
const Day = z.union(
  [z.number(), z.iso.date(), z.string().regex(relativeDay)],
  'must be a number, a day such as 2027-03-31, or a day after the response such as in 60 days',
);
/** A bound in the order of its kind; days after the response before days of the calendar. */
const rank = (bound: Bound): number => {
  const days = relativeDay.exec(String(bound))?.[1];
  return days !== undefined ? Number(days) : typeof bound === 'string' ? Date.parse(bound) : bound;
};

const ordering = (phrase: string, isMet: (score: number, limit: number) => boolean) =>
  operator<Bound>({
    answers: Num,
    attributes: Day,
    types: orderedAttributeTypes,
    holds: (limit, operand) => compare([limit], operand, isMet),
    explain: (limit) => `${phrase} ${limit}`,
  });

type Bands<Band = string> = readonly [Band, Band, Band];

const band = <const Names extends Bands>(
  names: Names,
  explain: (name: string) => string,
  bandOf: (score: number, names: Names, scale: number | undefined) => string | null,
) =>
  operator<string>({
    answers: z.enum(names, `must be one of ${names.join(', ')}`),
    holds(wanted, { value, scale }) {
      const score = readScore(value);
      return score !== null && bandOf(score, names, scale) === wanted;
    },
    explain,
  });

const operators = {
  is: operator({ answers: Scalar, types: allAttributeTypes, holds: same }),
  'any-of': operator({
    answers: z.array(Scalar, 'must be a list, such as [a, b]').min(1, 'must name at least one'),
    types: allAttributeTypes,
    holds: (wanted, operand) => wanted.some((each) => same(each, operand)),
  }),
  '<': ordering('less than', (score, limit) => score < limit),
  '<=': ordering('at most', (score, limit) => score <= limit),
  '>': ordering('more than', (score, limit) => score > limit),
  '>=': ordering('at least', (score, limit) => score >= limit),
  between: operator<Bound[]>({
    answers: z
      .tuple([Num, Num], 'must be two numbers, such as [0, 6]')
      .refine(([low, high]) => low <= high, 'must begin with the smaller number'),
    attributes: z
      .tuple([Day, Day], 'must be two numbers or two days, such as [0, 6]')
      .refine(
        ([low, high]) => typeof low === typeof high && rank(low) <= rank(high),
        'must begin with the smaller one',
      ),
    types: orderedAttributeTypes,
    holds: (bounds, operand) => compare(bounds, operand, (score, low, high) => score >= low && score <= high),
    explain: (bounds) => bounds.join(' to '),
  }),
  contains: operator({
    answers: z.string().min(1, 'must not be empty'),
    types: textAttributeTypes,
    holds: (wanted, { text }) => fold(text).includes(fold(wanted)),
    explain: (wanted) => `a text with “${wanted}”`,
  }),
  matches: operator({
    answers: z
      .string('must be a pattern')
      .min(1)
      .max(500)
      .superRefine((pattern, context) => {
        const message = findPatternProblem(pattern);
        if (message) context.addIssue({ code: 'custom', message });
      }),
    types: textAttributeTypes,
    holds: (pattern, { text, readable }) => matchesPattern(pattern, text, readable),
    explain: (pattern) => `a text that matches “${pattern}”`,
  }),
  answered: operator({
    answers: z.boolean('must be yes or no: true or false'),
    holds: (wanted, { text }) => !isBlank(text) === wanted,
    explain: (wanted) => (wanted ? 'something' : 'nothing'),
  }),
  nps: band(['detractor', 'passive', 'promoter'], (name) => `a ${name}`, findNpsBand),
  csat: band(['dissatisfied', 'neutral', 'satisfied'], (name) => name, findScaleBand),
  ces: band(['hard', 'neutral', 'easy'], (name) => name, findScaleBand),
};

type OperatorName = keyof typeof operators;
const registry = Object.entries<Operator>(operators);
const operatorsByName = new Map(registry);

type OperatorFields = { [Name in OperatorName]: z.ZodOptional<(typeof operators)[Name]['answers']> };

export const attributeOperatorFields = Object.fromEntries(
  registry.flatMap(([name, { types, attributes }]) => (types.length > 0 ? [[name, attributes.optional()]] : [])),
) as OperatorFields;
export const attributeOperatorNames = Object.keys(attributeOperatorFields);
export const listOperatorNamesForType = (type: AttributeType): string[] =>
  registry.flatMap(([name, { types }]) => (types.includes(type) ? [name] : []));

export const answerOperatorFields = {
  ...(Object.fromEntries(registry.map(([name, { answers }]) => [name, answers.optional()])) as OperatorFields),
  scale: z.int().min(3).max(11, 'must be a scale from 3 to 11 points').optional(),
};
export const operatorNames = Object.keys(operators);
export const scaledOperatorNames = ['csat', 'ces'] satisfies OperatorName[];

export interface Test {
  held: boolean;
  /** A sentence without words of the respondent, true of the response whether the test holds or not. */
  explain(): string;
}

/** A test of one operand. `explain` gives the wanted value; an exact one needs no words beside the answer. */
type OperandTest = Test & { isExact: boolean };

/** Tests an operand by each operator that a condition holds. */
export const testOperand = (condition: object, operand: Operand | null): OperandTest[] =>
  operatorsOf(condition).map(({ used, wanted, isExact, explain }) => ({
    held: operand === null ? used === operators.answered && wanted === false : used.holds(wanted, operand),
    explain,
    isExact,
  }));

const operatorsOf = memoize((condition: object) =>
  Object.entries(condition).flatMap(([name, wanted]) => {
    const used = operatorsByName.get(name);
    if (!used || wanted === undefined) return [];
    const isExact = ['is', 'any-of', 'answered'].includes(name);
    return { used, wanted, isExact, explain: () => used.explain(wanted) };
  }),
);

/** Treats YAML's yes and no, a survey tool's true and its "Yes" alike. */
function same(wanted: unknown, { value, text }: Operand): boolean {
  if (Array.isArray(value)) return value.some((each) => same(wanted, { value: each, text: each }));
  const wantedYesNo = yesNo(wanted);
  if (wantedYesNo !== null) return (yesNo(value) ?? yesNo(text)) === wantedYesNo;
  return fold(String(wanted)) === fold(text);
}

function yesNo(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? fold(value) : '';
  if (word === 'yes' || word === 'true') return true;
  return word === 'no' || word === 'false' ? false : null;
}

function compare(
  bounds: Bound[],
  operand: Operand,
  isMet: (score: number, low: number, high: number) => boolean,
): boolean {
  const score = typeof bounds[0] === 'string' ? dayOf(operand.value) : readScore(operand.value);
  const [low = Number.NaN, high = low] = bounds.map((bound) => {
    const isRelative = relativeDay.test(String(bound));
    return isRelative ? (Math.floor((operand.at ?? 0) / dayMs) + rank(bound)) * dayMs : rank(bound);
  });
  return score !== null && isMet(score, low, high);
}

const dayOf = (value: Answer['value']): number | null =>
  typeof value === 'string' && isDate(value) ? Date.parse(value) : null;

/** A score with what its end of the scale means, such as "0 - Not at all likely"; "1 - 2 days" is none. */
const labelledScore = /^(\d{1,3})\s*[-–—:=(]\s*[^\d\s(]/;

/** An answer as a number; null for words, choices, and yes or no. */
export function readScore(value: Answer['value']): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || value.length > longestScore || isBlank(value)) return null;
  const text = toComparable(value).trim();
  const score = Number(labelledScore.exec(text)?.[1] ?? text);
  return Number.isFinite(score) ? score : null;
}

/** NPS band: 0 to 6 detractor, 7 and 8 passive, 9 and 10 promoter; null off the scale. */
export function findNpsBand<Band>(score: number, [detractor, passive, promoter]: Bands<Band>): Band | null {
  if (!Number.isInteger(score) || score < 0 || score > 10) return null;
  return score <= 6 ? detractor : score <= 8 ? passive : promoter;
}

/** Band of a scale from 1: lower two fifths, middle, upper two fifths; null off the scale. */
export function findScaleBand<Band>(score: number, [low, middle, high]: Bands<Band>, scale = 5): Band | null {
  if (score < 1 || score > scale) return null;
  const place = (score - 1) / (scale - 1);
  return place < 0.4 ? low : place <= 0.6 ? middle : high;
}
