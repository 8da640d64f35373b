import * as z from 'zod';
import { patternProblem } from '../base/pattern.ts';
import { Span } from '../time/duration.ts';

const Scalar = z.union([z.string(), z.number(), z.boolean()], 'must be a text, a number, or yes or no');
const Num = z.number('must be a number');
const Texts = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)], 'must be a text or a list of texts')
  .transform((entry) => (Array.isArray(entry) ? entry : [entry]));

const comparisons = {
  is: Scalar.optional(),
  'any-of': z.array(Scalar, 'must be a list, such as [a, b]').min(1, 'must name at least one').optional(),
  '<': Num.optional(),
  '<=': Num.optional(),
  '>': Num.optional(),
  '>=': Num.optional(),
  between: z
    .tuple([Num, Num], 'must be two numbers, such as [0, 6]')
    .refine(([low, high]) => low <= high, 'must begin with the smaller number')
    .optional(),
};

const Pattern = z
  .string('must be a pattern')
  .min(1)
  .max(500)
  .superRefine((pattern, context) => {
    const message = patternProblem(pattern);
    if (message) context.addIssue({ code: 'custom', message });
  });

const npsBands = ['detractor', 'passive', 'promoter'] as const;
export const csatBands = ['dissatisfied', 'neutral', 'satisfied'] as const;
export const cesBands = ['hard', 'neutral', 'easy'] as const;
const band = <const Band extends readonly string[]>(bands: Band) =>
  z.enum(bands, `must be one of ${bands.join(', ')}`).optional();

const tests = {
  ...comparisons,
  contains: z.string().min(1, 'must not be empty').optional(),
  matches: Pattern.optional(),
  answered: z.boolean('must be yes or no: true or false').optional(),
  nps: band(npsBands),
  csat: band(csatBands),
  ces: band(cesBands),
  /** The highest score of a `csat` or `ces` question; the lowest is 1, the highest the best. */
  scale: z.int().min(3).max(11, 'must be a scale from 3 to 11 points').optional(),
};

const Question = z.strictObject({ question: z.string('must be the alias of a question'), ...tests });
const Bound = z.union([z.number(), z.iso.date()], 'must be a number, or a day such as 2027-03-31');
const attributeTests = {
  ...comparisons,
  '<': Bound.optional(),
  '<=': Bound.optional(),
  '>': Bound.optional(),
  '>=': Bound.optional(),
  between: z
    .tuple([Bound, Bound], 'must be two numbers or two days, such as [0, 6]')
    .refine(([low, high]) => typeof low === typeof high && low <= high, 'must begin with the smaller one')
    .optional(),
  contains: z.string().min(1, 'must not be empty').optional(),
  matches: Pattern.optional(),
};
const CustomerJson = z.strictObject({
  customer: z
    .string('must be an attribute of the customer, such as tier')
    .refine((name) => name !== 'email' && name !== 'name', 'must be no attribute that names a person'),
  ...attributeTests,
});
const Repeat = z.strictObject({
  question: z.string('must be the alias of a question'),
  ...tests,
  times: z.int().min(2, 'must be 2 or more: this response counts as one'),
  within: Span,
});
const Facts = {
  words: z.strictObject({ words: Texts }),
  tier: z.strictObject({ tier: Texts }),
  source: z.strictObject({ source: Texts }),
  language: z.strictObject({ language: Texts }),
  repeat: z.strictObject({ repeat: Repeat }),
};

export type QuestionCondition = z.output<typeof Question>;
export type CustomerCondition = z.output<typeof CustomerJson>;
export type RepeatCondition = z.output<typeof Repeat>;
export type Condition =
  | QuestionCondition
  | CustomerCondition
  | { words: string[] }
  | { tier: string[] }
  | { source: string[] }
  | { language: string[] }
  | { repeat: RepeatCondition }
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition };

/** The shape alone, for the published JSON Schema; `Condition` reads it with errors that say what to write. */
export const ConditionSchema: z.ZodType = z
  .lazy(() =>
    z.union([
      Question,
      CustomerJson,
      ...Object.values(Facts),
      z.strictObject({ all: z.array(ConditionSchema).min(1) }),
      z.strictObject({ any: z.array(ConditionSchema).min(1) }),
      z.strictObject({ not: ConditionSchema }),
    ]),
  )
  .meta({ id: 'condition' });

const kinds = new Map<string, z.ZodType>([
  ['question', Question],
  ['customer', CustomerJson],
  ...Object.entries(Facts),
]);
const heads = [...kinds.keys(), 'all', 'any', 'not'];
const operators = [...Object.keys(tests)].filter((name) => name !== 'scale');
const customerOperators = Object.keys(attributeTests);

type Report = (path: PropertyKey[], message: string) => void;

/** What a template asks of a response; `all`, `any` and `not` nest. */
export const Condition: z.ZodType<Condition> = z.unknown().transform((given, context) => {
  let sound = true;
  const condition = read(given, [], (path, message) => {
    sound = false;
    context.addIssue({ code: 'custom', path: [...path], message });
  });
  return sound && condition ? condition : z.NEVER;
}) as unknown as z.ZodType<Condition>;

function read(given: unknown, path: PropertyKey[], report: Report): Condition | null {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    report(path, 'is not a condition; write for example { question: completed, is: no }');
    return null;
  }
  // What YAML or JSON gave is data of its own, so its entries are all there is.
  const fields = new Map<string, unknown>(Object.entries(given));
  const found = heads.filter((name) => fields.has(name));
  const [head, other] = found;
  if (head === undefined) {
    const keys = [...fields.keys()];
    const what = keys.length > 0 ? `begins with ${keys.join(', ')}` : 'is empty';
    report(path, `${what}, but a condition begins with one of ${heads.join(', ')}`);
    return null;
  }
  if (other !== undefined) {
    report(path, `holds ${found.join(' and ')} side by side; put both into all: [ … ] or any: [ … ]`);
    return null;
  }
  if (head === 'all' || head === 'any') return readList(head, fields, path, report);
  if (head === 'not') {
    const inner = onlyHead(head, fields, path, report)
      ? read(fields.get('not'), [...path, 'not'], report)
      : null;
    return inner && { not: inner };
  }
  return readTest(head, given, path, report);
}

function readList(head: 'all' | 'any', fields: Map<string, unknown>, path: PropertyKey[], report: Report) {
  const list = fields.get(head);
  if (!onlyHead(head, fields, path, report)) return null;
  if (!Array.isArray(list) || list.length === 0) {
    report([...path, head], `must be a list of conditions, such as ${head}: [ { question: ease, <=: 5 } ]`);
    return null;
  }
  const inner = list.map((entry, index) => read(entry, [...path, head, index], report));
  const sound = inner.filter((condition) => condition !== null);
  return head === 'all' ? { all: sound } : { any: sound };
}

function onlyHead(head: string, fields: Map<string, unknown>, path: PropertyKey[], report: Report): boolean {
  const more = [...fields.keys()].filter((name) => name !== head);
  if (more.length > 0) report(path, `has ${more.join(', ')} beside ${head}, which stands alone`);
  return more.length === 0;
}

function readTest(head: string, given: object, path: PropertyKey[], report: Report): Condition | null {
  const parsed = kinds.get(head)?.safeParse(given);
  if (!parsed?.success) {
    for (const issue of parsed?.error.issues ?? []) {
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : null;
      const known =
        head === 'customer' ? customerOperators : head === 'question' || head === 'repeat' ? operators : [];
      report(
        [...path, ...issue.path],
        unknown
          ? `has no operator ${unknown}; ${known.length > 0 ? `write one of ${known.join(', ')}` : `${head} stands alone`}`
          : issue.message,
      );
    }
    return null;
  }
  const condition = parsed.data as Condition;
  const inner = 'repeat' in condition ? condition.repeat : condition;
  const testPath = 'repeat' in condition ? [...path, 'repeat'] : path;
  if ('question' in inner) checkTests(inner, testPath, report);
  if ('customer' in inner && !customerOperators.some((name) => Object.hasOwn(inner, name)))
    report(path, `tests nothing; write one of ${customerOperators.join(', ')}`);
  return condition;
}

function checkTests(inner: QuestionCondition, path: PropertyKey[], report: Report): void {
  const given = new Map(Object.entries(inner));
  if (!operators.some((name) => given.has(name)))
    report(path, `tests nothing of ${inner.question}; write one of ${operators.join(', ')}`);
  const scaled = inner.csat !== undefined || inner.ces !== undefined;
  if (scaled && inner.scale === undefined)
    report(path, `${inner.csat === undefined ? 'ces' : 'csat'} wants a scale, such as scale: 5`);
  if (!scaled && inner.scale !== undefined)
    report([...path, 'scale'], 'belongs to csat or ces, and there is neither');
}

/** The aliases of questions that a condition asks about. */
export function questionsIn(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(questionsIn);
  if ('any' in condition) return condition.any.flatMap(questionsIn);
  if ('not' in condition) return questionsIn(condition.not);
  if ('repeat' in condition) return [condition.repeat.question];
  return 'question' in condition ? [condition.question] : [];
}

/** How far back a condition looks into a customer's earlier responses, in milliseconds; 0 when it does not. */
export function historyNeededMs(condition: Condition | null): number {
  if (condition === null) return 0;
  if ('all' in condition) return Math.max(...condition.all.map(historyNeededMs));
  if ('any' in condition) return Math.max(...condition.any.map(historyNeededMs));
  if ('not' in condition) return historyNeededMs(condition.not);
  return 'repeat' in condition ? condition.repeat.within : 0;
}
