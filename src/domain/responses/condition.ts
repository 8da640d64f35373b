import * as z from 'zod';
import { memoize, remember } from '#domain/base/memoize.ts';
import { suggestKnownNames } from '#domain/base/nearest.ts';
import { type Attributes, explainUnknownAttribute, readAttributeValue } from '#domain/settings/attributes.ts';
import {
  type ConditionHeadName,
  type CustomerCondition,
  conditionHeadNames,
  type EvaluationContext,
  headOf,
  heads,
} from './heads.ts';
import { listOperatorNamesForType, relativeDay, type Test } from './operators.ts';
import type { SurveyResponse } from './response.ts';

type LeafCondition = { [Name in ConditionHeadName]: z.output<(typeof heads)[Name]['json']> }[ConditionHeadName];
export type Condition = LeafCondition | { all: Condition[] } | { any: Condition[] } | { not: Condition };

/** The schema for the published JSON Schema; `Condition` reads conditions with better errors. */
export const ConditionJsonSchema: z.ZodType = z
  .lazy(() => {
    const source = heads.source.json.shape.source.optional();
    return z.union([
      ...Object.values(heads).map(({ json }) => ('source' in json.shape ? json : json.extend({ source }))),
      z.strictObject({ source, all: z.array(ConditionJsonSchema).min(1) }),
      z.strictObject({ source, any: z.array(ConditionJsonSchema).min(1) }),
      z.strictObject({ source, not: ConditionJsonSchema }),
    ]);
  })
  .meta({ id: 'condition' });

const beginnings = [...conditionHeadNames, 'all', 'any', 'not'];

type Report = (path: PropertyKey[], message: string) => void;

/** A condition on a response; `all`, `any` and `not` nest. */
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
  // Parsed YAML and JSON are plain data, so their own entries are complete.
  const fields = new Map<string, unknown>(Object.entries(given));
  const begins = beginnings.filter((name) => fields.has(name));
  if (begins.length === 2 && fields.has('source')) {
    const { source, ...rest } = given as { source: unknown };
    return { all: [{ source }, rest].flatMap((part) => read(part, path, report) ?? []) };
  }
  const [head, other] = begins;
  if (head === undefined) {
    const keys = [...fields.keys()];
    const what = keys.length > 0 ? `begins with ${keys.join(', ')}` : 'is empty';
    report(path, `${what}, but a condition begins with one of ${beginnings.join(', ')}`);
    return null;
  }
  if (other !== undefined) {
    report(path, `holds ${begins.join(' and ')} side by side; put both into all: [ … ] or any: [ … ]`);
    return null;
  }
  if (head !== 'all' && head !== 'any' && head !== 'not') return readLeafCondition(head, given, path, report);
  const more = [...fields.keys()].filter((name) => name !== head);
  if (more.length > 0) {
    report(path, `has ${more.join(', ')} beside ${head}, which stands alone`);
    return null;
  }
  const inner = fields.get(head);
  if (head === 'not') {
    const condition = read(inner, [...path, head], report);
    return condition && { not: condition };
  }
  if (!Array.isArray(inner) || inner.length === 0) {
    report([...path, head], `must be a list of conditions, such as ${head}: [ { question: ease, <=: 5 } ]`);
    return null;
  }
  const conditions = inner.flatMap((entry, index) => read(entry, [...path, head, index], report) ?? []);
  return head === 'all' ? { all: conditions } : { any: conditions };
}

function readLeafCondition(name: string, given: object, path: PropertyKey[], report: Report): Condition | null {
  const head = headOf(given);
  const parsed = head.json.safeParse(given);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : null;
      const remedy = head.operators.length > 0 ? `write one of ${head.operators.join(', ')}` : `${name} stands alone`;
      report([...path, ...issue.path], unknown ? `has no operator ${unknown}; ${remedy}` : issue.message);
    }
    return null;
  }
  for (const problem of head.problems(parsed.data)) report([...path, ...problem.path], problem.message);
  // The same object for the same condition, so that a response is tested once for all templates.
  const condition = parsed.data as LeafCondition;
  return remember(keptConditions, JSON.stringify(condition), () => condition, mostKeptConditions);
}

const mostKeptConditions = 10_000;
const keptConditions = new Map<string, LeafCondition>();

function testsIn(condition: Condition): LeafCondition[] {
  if ('all' in condition) return condition.all.flatMap(testsIn);
  if ('any' in condition) return condition.any.flatMap(testsIn);
  return 'not' in condition ? testsIn(condition.not) : [condition];
}

export const collectQuestionAliases = (condition: Condition): string[] =>
  testsIn(condition).flatMap((test) => headOf(test).needs(test).questions);

/** Sources or tiers that a condition names beside those of its template. */
export const collectNames = (condition: Condition | null, head: 'source' | 'tier'): string[] =>
  (condition ? testsIn(condition) : []).flatMap((test) => new Map(Object.entries(test)).get(head) ?? []);

/** How far a condition reaches back into a customer's responses, in milliseconds; 0 for the current response alone. */
export const computeNeededHistoryMs = (condition: Condition | null): number =>
  condition === null ? 0 : historyMsOf(condition);

const historyMsOf = memoize((condition: Condition) =>
  Math.max(0, ...testsIn(condition).map((test) => headOf(test).needs(test).historyMs)),
);

/** Steps of the patterns of a condition: of all that read one answer, and of all that read one of each response. */
export const stepsOfPatterns = memoize((condition: Condition) => {
  const steps = { once: 0, each: 0 };
  for (const test of testsIn(condition)) {
    const needed = headOf(test).needs(test);
    steps[needed.historyMs > 0 ? 'each' : 'once'] += needed.steps;
  }
  return steps;
});

/** What does not fit between a condition and the attributes of a workspace, with a remedy for each. */
export function checkConditionAttributes(condition: Condition, attributes: Attributes): string[] {
  const onCustomers = testsIn(condition).filter((test): test is CustomerCondition => 'customer' in test);
  return onCustomers.flatMap(({ customer: name, ...tests }) => {
    const attribute = attributes.get(name);
    if (!attribute && name !== 'key')
      return [`asks about an attribute that ${explainUnknownAttribute(name, attributes, ['key'])}`];
    const { type } = attribute ?? { type: 'text' as const };
    const fitting = listOperatorNamesForType(type);
    return Object.entries(tests).flatMap(([operator, wanted]) => {
      if (!fitting.includes(operator))
        return [`has no operator ${operator} for ${name}; write one of ${fitting.join(', ')}`];
      if (!attribute || type === 'text' || type === 'slug') return [];
      return [wanted].flat().flatMap((value) => {
        const { problem } = readAttributeValue(attribute, value);
        const isRelative = type === 'date' && /^[<>]|^between/.test(operator) && relativeDay.test(`${value}`);
        if (problem === null || isRelative) return [];
        const choice = attribute.values ? `; ${suggestKnownNames(String(value), attribute.values)}` : '';
        return [
          `compares ${name} with ${String(value)}, which ${type === 'choice' ? `is none of its values${choice}` : problem}`,
        ];
      });
    });
  });
}

type Evaluation = { held: boolean; findings: Test[] };

const emptyEvaluationContext: EvaluationContext = { earlier: [] };

export function evaluateCondition(
  condition: Condition,
  response: SurveyResponse,
  context: EvaluationContext = emptyEvaluationContext,
): Evaluation {
  const findings: Test[] = [];
  const evaluate = (part: Condition, isNegated: boolean): boolean => {
    if ('not' in part) return !evaluate(part.not, !isNegated);
    if ('all' in part) return part.all.map((each) => evaluate(each, isNegated)).every(Boolean);
    if ('any' in part) return part.any.map((each) => evaluate(each, isNegated)).some(Boolean);
    let held = true;
    for (const test of testLeafCondition(part, response, context)) {
      held &&= test.held;
      findings.push(isNegated ? { ...test, held: !test.held } : test);
    }
    return held;
  };
  return { held: evaluate(condition, false), findings };
}

/** Whether a condition holds, as `evaluateCondition` says, without the explanation: for many responses at once. */
export function isHeld(
  condition: Condition,
  response: SurveyResponse,
  context: EvaluationContext = emptyEvaluationContext,
): boolean {
  if ('all' in condition) return condition.all.every((each) => isHeld(each, response, context));
  if ('any' in condition) return condition.any.some((each) => isHeld(each, response, context));
  if ('not' in condition) return !isHeld(condition.not, response, context);
  return testLeafCondition(condition, response, context).every(({ held }) => held);
}

function testLeafCondition(condition: LeafCondition, response: SurveyResponse, context: EvaluationContext): Test[] {
  const done = context.done?.get(condition);
  if (done) return done;
  const tests = headOf(condition)
    .tests(condition, response, context)
    .map(({ held, explain }) => {
      let text: string | null = null;
      return {
        held,
        explain: () => {
          text ??= explain();
          return text;
        },
      };
    });
  context.done?.set(condition, tests);
  return tests;
}
