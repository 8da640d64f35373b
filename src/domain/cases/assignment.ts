import type { SurveyResponse } from '../responses/response.ts';
import type { PersonSettings, TeamSettings } from '../settings/workspace-file.ts';
import { dateAt } from '../time/quiet-hours.ts';

/** A chosen person with the reason; null where no person is available. */
export type Chosen = { person: string | null; why: string };

export interface Choice {
  team: TeamSettings;
  people: Record<string, PersonSettings>;
  category: string;
  fields: ReadonlyMap<string, string>;
  at: number;
  timeZone: string;
  tracker: string | null;
}

/** Why a person cannot take a case now; null for an available person. */
export function hindrance(
  { people, at, timeZone, tracker }: Pick<Choice, 'people' | 'at' | 'timeZone' | 'tracker'>,
  person: string,
): string | null {
  const settings = Object.hasOwn(people, person) ? people[person] : undefined;
  if (!settings) return 'is not under people';
  const today = settings.away.length > 0 ? dateAt(at, settings['time-zone'] ?? timeZone) : '';
  const away = settings.away.find(({ from, until }) => from <= today && today <= until);
  if (away) return `is away until ${away.until}`;
  if (tracker !== null && !Object.hasOwn(settings.accounts, tracker)) return `has no ${tracker} account`;
  return null;
}

/**
 * Chooses the assignee of a new case. A named person who is not available is replaced by the fallback; round robin
 * skips people who are away. Where nobody is available the case is assigned all the same, because a case without an
 * assignee is worse.
 * @param turn counter of round robin, one more for each case
 */
export function chooseAssignee(choice: Choice, turn: () => number): Chosen {
  const given = choice.team.assign === 'round-robin' && choice.team.members.length > 0 ? turn() : 0;
  const chosen = choose(choice, given);
  if (isFree(choice, chosen.person) || choice.tracker === null) return chosen;
  // Nobody of the team has an account in this tracker, so round robin ignores accounts.
  const anyway = choose({ ...choice, tracker: null }, given);
  return isFree({ ...choice, tracker: null }, anyway.person) ? anyway : chosen;
}

const isFree = (choice: Choice, person: string | null): boolean =>
  person !== null && hindrance(choice, person) === null;

function choose(choice: Choice, turn: number): Chosen {
  const { team } = choice;
  const { people, why } = team.assign === 'round-robin' ? inTurn(team.members, turn) : named(choice, team.assign);
  let passed = why;
  for (const person of people) {
    const hindered = hindrance(choice, person);
    if (hindered === null) return { person, why: passed };
    passed += `; ${person} ${hindered}`;
  }
  const others = [team.fallback, ...team.managers].filter((value) => value !== undefined);
  const free = others.find((other) => isFree(choice, other));
  if (free) return { person: free, why: `${passed}, so ${free === team.fallback ? 'the fallback' : 'a manager'}` };
  const [last = null] = people.length === 1 ? people : [...others, ...people];
  return {
    person: last,
    why: `${passed}, and ${last === null ? 'the team has no fallback' : 'nobody else is available'}`,
  };
}

/** People who may get a case, in this order, and the rule that names them. */
type Named = { people: string[]; why: string };

function inTurn(members: string[], turn: number): Named {
  const first = turn % members.length;
  const why = ['the team has no members', 'the only member'][members.length] ?? 'in turn';
  return { people: [...members.slice(first), ...members.slice(0, first)], why };
}

function named({ category, fields }: Choice, rule: Exclude<TeamSettings['assign'], 'round-robin'>): Named {
  if (typeof rule === 'string') return { people: [rule], why: 'always the same person' };
  const find = (people: Record<string, string>, value: string | undefined) =>
    new Map<string | undefined, string>(Object.entries(people)).get(value);
  if ('by-category' in rule) {
    const person = find(rule['by-category'], category);
    return person
      ? { people: [person], why: `by category ${category}` }
      : { people: [], why: `no rule for category ${category}` };
  }
  for (const [field, people] of Object.entries(rule['by-field'])) {
    const person = find(people, fields.get(field));
    if (person) return { people: [person], why: `by field ${field}` };
  }
  return { people: [], why: `no rule for what ${Object.keys(rule['by-field']).join(', ')} says` };
}

/** Chooses the loop owner: by the team's rule, else its first manager, else its fallback. */
export function chooseLoopOwner({ managers, fallback, 'loop-owner': rule }: TeamSettings, category: string): Chosen {
  const byRule = typeof rule === 'object' ? rule : { default: rule, 'by-category': {} };
  const candidates: [person: string | undefined, why: string][] = [
    [new Map(Object.entries(byRule['by-category'])).get(category), `the loop owner for category ${category}`],
    [byRule.default, 'the loop owner of the team'],
    [managers[0], 'the first case manager'],
    [fallback, 'the fallback of the team'],
  ];
  const [person, why] = candidates.find(([named]) => named) ?? [];
  return { person: person ?? null, why: why ?? 'the team names no loop owner, no manager and no fallback' };
}

/** Fields for an assignment rule: answers by alias, and attributes of the customer as `customer.tier` and so on. */
export function collectAssignmentFields(
  response: Pick<SurveyResponse, 'answers' | 'customer' | 'language'> | null,
  tier: string | null,
): Map<string, string> {
  const customer = {
    ...response?.customer.attributes,
    key: response?.customer.key,
    tier: tier ?? response?.customer.tier,
    language: response?.language ?? response?.customer.language,
  };
  return new Map([
    ...(response?.answers ?? []).flatMap(({ alias, otherAliases = [], text }) =>
      alias === null ? [] : [alias, ...otherAliases].map((name): [string, string] => [name, text]),
    ),
    ...Object.entries(customer).flatMap(([name, value]): [string, string][] =>
      value === null || value === undefined ? [] : [[`customer.${name}`, String(value)]],
    ),
  ]);
}
