import type { LinearClient } from './client.ts';
import { LinearFailure } from './errors.ts';
import { type LinearTeam, teamQuery } from './schema.ts';

const isUuid = (text: string): boolean => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text);

export interface TeamFinder {
  named: string;
  /** Its id, without a call where it is known. */
  id(): Promise<string>;
  /** The team with its states, read once. @throws LinearFailure of status 404 */
  team(): Promise<LinearTeam>;
  find(): Promise<LinearTeam | null>;
  /** As `find`. @throws LinearFailure of status 404 */
  renew(): Promise<LinearTeam>;
  forget(): void;
}

/** The team by the id that its key had at the last poll, so that a renamed team stays the same. */
export function createTeamFinder(client: LinearClient, named: string, knownId: string | null): TeamFinder {
  let id = isUuid(named) ? named : knownId;
  let team: LinearTeam | null = null;

  const read = async (filter: object) => (await client.read(teamQuery, { filter })).teams.nodes[0] ?? null;

  async function find(): Promise<LinearTeam | null> {
    team = id === null ? null : await read({ id: { eq: id } });
    if (!team && !isUuid(named)) team = await read({ key: { eq: named } });
    id = team?.id ?? id;
    return team;
  }

  async function renew(): Promise<LinearTeam> {
    const result = await find();
    if (result) return result;
    throw new LinearFailure('rejected', 'linear team', { status: 404, detail: `no team ${named} is to be seen` });
  }

  return {
    named,
    find,
    renew,
    team: async () => team ?? renew(),
    id: async () => id ?? (await renew()).id,
    forget() {
      team = null;
    },
  };
}
