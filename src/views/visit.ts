/** Who looks at which workspace, and when: what every signed-in page needs. */
export interface Visit {
  workspace: string;
  name: string;
  timeZone: string;
  /** Names by the keys that cases know people by. */
  people: Record<string, string>;
  /** The person who is signed in. */
  person: string;
  now: number;
}

/** A person's name, or the key itself for somebody who is no longer in the workspace file. */
export function nameOf({ people }: Pick<Visit, 'people'>, person: string): string {
  return Object.hasOwn(people, person) ? (people[person] ?? person) : person;
}
