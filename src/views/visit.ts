import type { AttributeChoice } from '#domain/json/attributes-json.ts';

/** Who looks at which workspace, and when: what every signed-in page needs. */
export interface Visit {
  workspace: string;
  name: string;
  timeZone: string;
  /** Names by the keys that cases know people by. */
  people: Record<string, string>;
  /** Attributes of customers, by name. */
  attributes: Record<string, AttributeChoice>;
  /** The person who is signed in. */
  person: string;
  access: 'admin' | 'manager' | 'member';
  now: number;
}

/** Whether this person sees who customers are: managers do, and on their own cases everybody. */
export const seesCustomers = (
  { access, person }: Pick<Visit, 'access' | 'person'>,
  ...own: { assignee: string | null; loopOwner: string | null }[]
): boolean =>
  access !== 'member' || own.some((entry) => entry.assignee === person || entry.loopOwner === person);

/** A person's name, or the key itself for somebody who is no longer in the workspace file. */
export function nameOf({ people }: Pick<Visit, 'people'>, person: string): string {
  return Object.hasOwn(people, person) ? (people[person] ?? person) : person;
}
