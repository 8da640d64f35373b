import type { Condition, LeafCondition } from './condition.ts';
import { type EvaluationContext, headOf } from './heads.ts';
import type { Test } from './operators.ts';
import type { SurveyResponse } from './response.ts';

/** One condition with its result. `text` is a true sentence either way, and holds no words of the respondent. */
export interface Finding {
  text: string;
  held: boolean;
}

export interface Evaluation {
  held: boolean;
  findings: Finding[];
}

const emptyEvaluationContext: EvaluationContext = { earlier: [] };

export function evaluateCondition(
  condition: Condition,
  response: SurveyResponse,
  context: EvaluationContext = emptyEvaluationContext,
): Evaluation {
  if ('not' in condition) {
    const { held, findings } = evaluateCondition(condition.not, response, context);
    return {
      held: !held,
      findings: findings.map((finding) => ({ ...finding, held: !finding.held })),
    };
  }
  if ('all' in condition || 'any' in condition) {
    const inner = ('all' in condition ? condition.all : condition.any).map((each) =>
      evaluateCondition(each, response, context),
    );
    return {
      held: 'all' in condition ? inner.every(({ held }) => held) : inner.some(({ held }) => held),
      findings: inner.flatMap(({ findings }) => findings),
    };
  }
  const findings = testLeafCondition(condition, response, context).map(({ held, explain }) => ({
    text: explain(),
    held,
  }));
  return { held: findings.every(({ held }) => held), findings };
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

const testLeafCondition = (condition: LeafCondition, response: SurveyResponse, context: EvaluationContext): Test[] =>
  headOf(condition).tests(condition, response, context);
