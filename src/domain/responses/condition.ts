import * as z from 'zod';
import { lazy, memoize, remember } from '#domain/base/memoize.ts';
import { suggestKnownNames } from '#domain/base/nearest.ts';
import { type Attributes, explainUnknownAttribute, readAttributeValue } from '#domain/settings/attributes.ts';
import { type CustomerCondition, type EvaluationContext, headOf, heads, strictObject } from './heads.ts';
import { listOperatorNamesForType, relativeDay, type Test } from './operators.ts';
import type { SurveyResponse } from './response.ts';

type LeafCondition = { [Name in keyof typeof heads]: z.output<(typeof heads)[Name]['json']> }[keyof typeof heads];
export type Condition = LeafCondition | { all: Condition[] } | { any: Condition[] } | { not: Condition };

/** The schema for the published JSON Schema; `Condition` reads conditions with better errors. */
export const ConditionJsonSchema: z.ZodType = z
  .lazy(() => {
    const source = heads.source.json.shape.source.optional();
    return z.union([
      ...Object.values(heads).map(({ json }) =>
        'source' in json.shape ? json : z.strictObject({ ...json.shape, source }),
      ),
      z.strictObject({ source, all: z.array(ConditionJsonSchema).min(1) }),
      z.strictObject({ source, any: z.array(ConditionJsonSchema).min(1) }),
      z.strictObject({ source, not: ConditionJsonSchema }),
    ]);
  })
  .meta({ id: 'condition' });

const lazyCondition = z.lazy(() => Condition);
const listOf = (name: 'all' | 'any') => {
  const message = `must be a list of conditions, such as ${name}: [ { question: ease, <=: 5 } ]`;
  return z.array(lazyCondition, message).min(1, message);
};
const alone = (name: string) => (unknown: string) => `has ${unknown} beside ${name}, which stands alone`;
const groups = {
  all: strictObject({ all: listOf('all') }, alone('all')),
  any: strictObject({ any: listOf('any') }, alone('any')),
  not: strictObject({ not: lazyCondition }, alone('not')),
};
const beginnings = [...Object.keys(heads), ...Object.keys(groups)];

/** A condition on a response; `all`, `any` and `not` nest. */
export const Condition: z.ZodType<Condition> = z.unknown().transform((given, context): Condition => {
  const refuse = (message: string, path: PropertyKey[] = []) => {
    context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  };
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return refuse('is not a condition; write for example { question: completed, is: no }');
  const fields = Object.keys(given);
  const [name, ...others] = beginnings.filter((beginning) => fields.includes(beginning));
  if (name === undefined) {
    const what = fields.length > 0 ? `begins with ${fields.join(', ')}` : 'is empty';
    return refuse(`${what}, but a condition begins with one of ${beginnings.join(', ')}`);
  }
  if (others.length === 1 && fields.includes('source')) {
    const { source, ...rest } = given as { source?: unknown };
    const { data, error } = groups.all.safeParse({ all: [{ source }, rest] });
    for (const { path, message } of error?.issues ?? []) refuse(message, path.slice(2));
    return data ?? z.NEVER;
  }
  if (others.length > 0)
    return refuse(`holds ${[name, ...others].join(' and ')} side by side; put both into all: [ … ] or any: [ … ]`);
  const group = name in groups ? groups[name as keyof typeof groups] : null;
  const { data, error } = (group ?? headOf(given).json).safeParse(given);
  for (const { path, message } of error?.issues ?? []) refuse(message, path);
  // The same object for the same condition, so that a response is tested once for all templates.
  const condition = data as Condition;
  return group ? condition : remember(keptConditions, JSON.stringify(data), () => condition, mostKeptConditions);
});

const mostKeptConditions = 10_000;
const keptConditions = new Map<string, Condition>();

/** The tests of a condition, each with whether it stands behind an odd number of `not`. */
function listTests(condition: Condition, isNegated = false): { test: LeafCondition; isNegated: boolean }[] {
  if ('not' in condition) return listTests(condition.not, !isNegated);
  if ('all' in condition) return condition.all.flatMap((part) => listTests(part, isNegated));
  if ('any' in condition) return condition.any.flatMap((part) => listTests(part, isNegated));
  return [{ test: condition, isNegated }];
}

const testsIn = (condition: Condition): LeafCondition[] => listTests(condition).map(({ test }) => test);

const needsOf = memoize((condition: Condition) => testsIn(condition).map((test) => headOf(test).needs(test)));

export const collectQuestionAliases = (condition: Condition): string[] =>
  needsOf(condition).flatMap(({ questions }) => questions);

/** Sources or tiers that a condition names beside those of its template. */
export const collectNames = (condition: Condition | null, head: 'source' | 'tier'): string[] =>
  (condition ? testsIn(condition) : []).flatMap((test) => (test as Record<string, string[] | undefined>)[head] ?? []);

/** How far a condition reaches back into a customer's responses, in milliseconds; 0 for the current response alone. */
export const computeNeededHistoryMs = (condition: Condition | null): number =>
  Math.max(0, ...(condition ? needsOf(condition) : []).map(({ historyMs }) => historyMs));

/** Steps of the patterns of a condition: of all that read one answer, and of all that read one of each response. */
export const stepsOfPatterns = memoize((condition: Condition) => {
  const sums = { once: 0, each: 0 };
  for (const { historyMs, steps } of needsOf(condition)) sums[historyMs > 0 ? 'each' : 'once'] += steps;
  return sums;
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

export function evaluateCondition(
  condition: Condition,
  response: SurveyResponse,
  context: EvaluationContext = { earlier: [] },
): { held: boolean; findings: Test[] } {
  const once = { done: new Map(), ...context };
  const findings = listTests(condition).flatMap(({ test, isNegated }) =>
    runTest(test, response, once).map(({ held, explain }) => ({ held: held !== isNegated, explain })),
  );
  return { held: isHeld(condition, response, once), findings };
}

/** Whether a condition holds, as `evaluateCondition` says, without the explanation: for many responses at once. */
export function isHeld(
  condition: Condition,
  response: SurveyResponse,
  context: EvaluationContext = { earlier: [] },
): boolean {
  if ('all' in condition) return condition.all.every((each) => isHeld(each, response, context));
  if ('any' in condition) return condition.any.some((each) => isHeld(each, response, context));
  if ('not' in condition) return !isHeld(condition.not, response, context);
  return runTest(condition, response, context).every(({ held }) => held);
}

function runTest(condition: LeafCondition, response: SurveyResponse, context: EvaluationContext): Test[] {
  const run = () =>
    headOf(condition)
      .tests(condition, response, context)
      .map(({ held, explain }) => ({ held, explain: lazy(explain) }));
  return context.done ? remember(context.done, condition, run) : run();
}
