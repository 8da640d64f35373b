import { chooseFrom } from '../base/nearest.ts';
import { type Attributes, readAttribute, unknownAttribute } from '../settings/attributes.ts';
import type { Condition } from './condition.ts';
import type { CustomerCondition } from './heads.ts';
import { operatorsFor } from './operators.ts';

/** Conditions on attributes of the customer, wherever they stand in a condition. */
function customerConditions(condition: Condition): CustomerCondition[] {
  if ('all' in condition) return condition.all.flatMap(customerConditions);
  if ('any' in condition) return condition.any.flatMap(customerConditions);
  if ('not' in condition) return customerConditions(condition.not);
  return 'customer' in condition ? [condition] : [];
}

/** What does not fit between a condition and the attributes of a workspace, with a remedy for each. */
export function attributeProblems(condition: Condition, attributes: Attributes): string[] {
  return customerConditions(condition).flatMap(({ customer: name, ...tests }) => {
    const attribute = attributes.get(name);
    if (!attribute && name !== 'key')
      return [`asks about an attribute that ${unknownAttribute(name, attributes, ['key'])}`];
    const { type } = attribute ?? { type: 'text' as const };
    const fitting = operatorsFor(type);
    return Object.entries(tests).flatMap(([operator, wanted]) => {
      if (!fitting.includes(operator))
        return [`has no operator ${operator} for ${name}; write one of ${fitting.join(', ')}`];
      if (!attribute || type === 'text' || type === 'slug' || type === 'email') return [];
      return [wanted].flat().flatMap((value) => {
        const { problem } = readAttribute(attribute, value);
        if (problem === null) return [];
        const choice = attribute.values ? `; ${chooseFrom(String(value), attribute.values)}` : '';
        return [
          `compares ${name} with ${String(value)}, which ${type === 'choice' ? `is none of its values${choice}` : problem}`,
        ];
      });
    });
  });
}
