import { suggestKnownNames } from '../base/nearest.ts';
import { type Attributes, explainUnknownAttribute, readAttributeValue } from '../settings/attributes.ts';
import { type Condition, testsIn } from './condition.ts';
import type { CustomerCondition } from './heads.ts';
import { listOperatorNamesForType } from './operators.ts';

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
      if (!attribute || type === 'text' || type === 'slug' || type === 'email') return [];
      return [wanted].flat().flatMap((value) => {
        const { problem } = readAttributeValue(attribute, value);
        if (problem === null) return [];
        const choice = attribute.values ? `; ${suggestKnownNames(String(value), attribute.values)}` : '';
        return [
          `compares ${name} with ${String(value)}, which ${type === 'choice' ? `is none of its values${choice}` : problem}`,
        ];
      });
    });
  });
}
