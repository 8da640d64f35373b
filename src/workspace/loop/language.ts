import type { Core } from '../core.ts';
import { findCustomer } from '../store/customers.ts';
import type { FollowUp } from '../store/follow-ups.ts';

/** Language of the recipient where known: a customer's own, or a person's in the workspace file. */
export function languageOf(core: Core, { kind, person }: FollowUp): string | null {
  if (kind === 'customer') return findCustomer(core.sql, person)?.language ?? null;
  const { people } = core.settings.workspace;
  return Object.hasOwn(people, person) ? (people[person]?.language ?? null) : null;
}
