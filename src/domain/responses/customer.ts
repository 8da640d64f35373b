import * as z from 'zod';

/** What is known of a customer. */
export interface CustomerAttributes {
  email: string | null;
  name: string | null;
  tier: string | null;
  revenue: number | null;
  language: string | null;
  /** The day on which the contract is renewed, `2027-03-31`. */
  renewal: string | null;
}

export const attributeNames = ['email', 'name', 'tier', 'revenue', 'language', 'renewal'] as const;
export type AttributeName = (typeof attributeNames)[number];

/** What responses said of a customer, and when each was submitted. */
export type Reported = Partial<Record<AttributeName, { value: string | number; at: number }>>;

const Text = z.string().trim().min(1).max(500).nullish();

/** One row of a customer list. Attributes that are left out stay unknown to the list. */
export const ListedCustomer = z.strictObject({
  key: z.string('is missing; write the id by which responses name the customer').trim().min(1).max(500),
  email: z.string().trim().toLowerCase().pipe(z.email('is not an e-mail address')).nullish(),
  name: Text,
  tier: z.string().trim().toLowerCase().min(1).max(100).nullish(),
  revenue: z.number('must be a number, without a currency').nonnegative().nullish(),
  language: Text,
  renewal: z.iso.date('must be a day such as 2027-03-31').nullish(),
});
export type ListedCustomer = z.output<typeof ListedCustomer>;

/** Adds what one response says: per attribute the newest response counts, whatever order they arrive in. */
export function tell(told: Reported, said: Partial<CustomerAttributes>, at: number): Reported {
  const next: Reported = { ...told };
  for (const name of attributeNames) {
    const value = said[name];
    if (value === null || value === undefined) continue;
    const known = next[name];
    const isNewer = !known || at > known.at || (at === known.at && String(value) > String(known.value));
    if (isNewer) next[name] = { value, at };
  }
  return next;
}

/**
 * What counts of a customer: the customer list where it says something, since people answer for it, else what
 * responses said. This is the one place that decides it.
 */
export function effective(
  listed: Partial<CustomerAttributes> | null,
  told: Reported,
): { attributes: CustomerAttributes; from: Partial<Record<AttributeName, 'list' | 'response'>> } {
  const from: Partial<Record<AttributeName, 'list' | 'response'>> = {};
  const text = (name: Exclude<AttributeName, 'revenue'>): string | null => {
    const own = listed?.[name];
    const said = told[name]?.value;
    if (typeof own === 'string') from[name] = 'list';
    else if (typeof said === 'string') from[name] = 'response';
    return typeof own === 'string' ? own : typeof said === 'string' ? said : null;
  };
  const revenue = (): number | null => {
    const own = listed?.revenue;
    const said = told.revenue?.value;
    if (typeof own === 'number') from.revenue = 'list';
    else if (typeof said === 'number') from.revenue = 'response';
    return typeof own === 'number' ? own : typeof said === 'number' ? said : null;
  };
  const attributes = {
    email: text('email'),
    name: text('name'),
    tier: text('tier'),
    revenue: revenue(),
    language: text('language'),
    renewal: text('renewal'),
  };
  return { attributes, from };
}
