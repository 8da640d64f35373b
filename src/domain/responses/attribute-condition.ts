import { chooseFrom } from '../base/nearest.ts';
import { type Attribute, type Attributes, readAttribute, unknownAttribute } from '../settings/attributes.ts';
import type { Condition, CustomerCondition } from './condition.ts';

const equal = ['is', 'any-of'];
const ordered = [...equal, '<', '<=', '>', '>=', 'between'];
const written = [...equal, 'contains', 'matches'];

/** Operators that fit each type of attribute. */
const fitting: Record<Attribute['type'], string[]> = {
  text: written,
  slug: written,
  email: written,
  choice: equal,
  'yes-no': equal,
  number: ordered,
  amount: ordered,
  date: ordered,
};

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
    return Object.entries(tests).flatMap(([operator, wanted]) => {
      if (!fitting[type].includes(operator))
        return [`has no operator ${operator} for ${name}; write one of ${fitting[type].join(', ')}`];
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
