import type { AttributeValue, AttributeValues } from '../settings/attributes.ts';

export interface CustomerFields {
  email: string | null;
  name: string | null;
  tier: string | null;
  revenue: number | null;
  language: string | null;
  attributes?: AttributeValues;
}

/** The customer list counts before responses, because people answer for it. */
export type Origin = 'list' | 'response';

export type OriginValuesByAttribute = Record<string, Partial<Record<Origin, { value: AttributeValue; at: number }>>>;

/** What somebody says of a customer; null and undefined say nothing. */
export type Statement = Record<string, AttributeValue | null | undefined>;

/** Adds one response's statement: per attribute the newest response counts, in whatever order responses arrive. */
export function addResponseAttributes(
  known: OriginValuesByAttribute,
  statement: Statement,
  at: number,
): OriginValuesByAttribute {
  const next = { ...known };
  for (const [name, value] of Object.entries(statement)) {
    if (value === null || value === undefined) continue;
    const before = next[name]?.response;
    const isNewer = !before || at > before.at || (at === before.at && String(value) > String(before.value));
    if (isNewer) next[name] = { ...next[name], response: { value, at } };
  }
  return next;
}

/** Takes a row of the customer list in place of all that the list said before. */
export function replaceListAttributes(
  known: OriginValuesByAttribute,
  row: Statement,
  at: number,
): OriginValuesByAttribute {
  const names = new Set([...Object.keys(known), ...Object.keys(row)]);
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const value = row[name];
      const { list: _, ...rest } = known[name] ?? {};
      const next = value === null || value === undefined ? rest : { ...rest, list: { value, at } };
      return Object.keys(next).length === 0 ? [] : [[name, next]];
    }),
  );
}

/** The value that counts of each attribute, and its origin. */
export function effective(known: OriginValuesByAttribute): { values: AttributeValues; from: Record<string, Origin> } {
  const values: AttributeValues = {};
  const from: Record<string, Origin> = {};
  for (const [name, { list, response }] of Object.entries(known)) {
    const stated = list ?? response;
    if (!stated) continue;
    values[name] = stated.value;
    from[name] = list ? 'list' : 'response';
  }
  return { values, from };
}

/** Values by name as fields, with all further ones under `attributes`. */
export function toCustomerFields(values: Statement): CustomerFields {
  const { email, name, tier, revenue, language, ...rest } = values;
  const text = (value: AttributeValue | null | undefined) => (typeof value === 'string' ? value : null);
  const attributes = Object.entries(rest).filter(
    (pair): pair is [string, AttributeValue] => pair[1] !== null && pair[1] !== undefined,
  );
  return {
    email: text(email),
    name: text(name),
    tier: text(tier),
    revenue: typeof revenue === 'number' ? revenue : null,
    language: text(language),
    ...(attributes.length > 0 ? { attributes: Object.fromEntries(attributes) } : {}),
  };
}

export function toAttributeValues({ email, name, tier, revenue, language, attributes }: CustomerFields): Statement {
  return { ...attributes, email, name, tier, revenue, language };
}
