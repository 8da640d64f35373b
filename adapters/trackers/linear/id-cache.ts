import * as kit from '../../kit.ts';
import type { LinearClient } from './client.ts';
import * as schema from './schema.ts';

export type LinearIdCache = ReturnType<typeof createLinearIdCache>;

/** Ids of labels, projects and people by their names. */
export function createLinearIdCache({ read, write }: LinearClient) {
  const labels = new Map<string, schema.LinearLabel>();

  async function findLabels(teamId: string, names: string[]): Promise<schema.LinearLabel[]> {
    const asked = names.flatMap((name) => [name, ...splitPath(name)]);
    const filter = {
      and: [
        { or: [...new Set(asked)].map((name) => ({ name: { eqIgnoreCase: name } })) },
        { or: [{ team: { null: true } }, { team: { id: { eq: teamId } } }] },
      ],
    };
    const { nodes } = (await read(schema.labelsByFilterQuery, { filter })).issueLabels;
    return nodes.toSorted((a, b) => Number(b.team !== null) - Number(a.team !== null));
  }

  async function createLabel(
    teamId: string,
    draft: kit.LabelDraft,
    known: schema.LinearLabel[],
  ): Promise<schema.LinearLabel> {
    if (known.some(({ name, isGroup }) => isGroup && isSame(name, draft.name)))
      throw kit.refusal('linear labels', `${draft.name} is a label group; name a label of it as ${draft.name}/LABEL`);
    const [groupName = '', childName = ''] = splitPath(draft.name);
    const parent = known.find(({ name, isGroup }) => isGroup && isSame(name, groupName)) ?? null;
    const name = parent ? childName : draft.name;
    // A label belongs to the team of its group, or to the workspace as that does.
    const place = parent ? { teamId: parent.team?.id, parentId: parent.id } : { teamId };
    try {
      const input = { name, color: `#${draft.color}`, description: draft.description, ...place };
      const made = await write('createIssueLabel', { input });
      return { id: made.issueLabel.id, name, isGroup: false, team: { id: teamId }, parent };
    } catch (error) {
      const mayLabelExist = error instanceof kit.IntegrationError && ['rejected', 'unknown'].includes(error.code);
      // Somebody may have created it meanwhile, or Caselite did and the answer was lost.
      const label = mayLabelExist ? pickLabel(await findLabels(teamId, [draft.name]), draft.name) : undefined;
      if (label) return label;
      throw error;
    }
  }

  async function ensureLabels(teamId: string, drafts: kit.LabelDraft[]): Promise<schema.LinearLabel[]> {
    const keyOf = ({ name }: kit.LabelDraft) => `${teamId} ${name.toLowerCase()}`;
    const unknown = drafts.filter((draft) => !labels.has(keyOf(draft)));
    const names = unknown.map(({ name }) => name);
    const seen = names.length > 0 ? await findLabels(teamId, names) : [];
    for (const draft of unknown)
      labels.set(keyOf(draft), pickLabel(seen, draft.name) ?? (await createLabel(teamId, draft, seen)));
    return [...new Set(drafts.flatMap((draft) => labels.get(keyOf(draft)) ?? []))].filter(({ id }) => id !== '');
  }

  const findPeople = async (or: object[]) => (await read(schema.people, { filter: { or } })).users.nodes;

  return {
    findLabels,

    /** These labels of a team; missing labels are created. The error of a refused one blames the labels. */
    ensureLabels: (teamId: string, drafts: kit.LabelDraft[]) => ensureLabels(teamId, drafts).catch(blameLabels),

    /** The same without the labels that Linear refuses, and with one label of each group, the first. */
    async ensurePermittedLabels(teamId: string, drafts: kit.LabelDraft[]) {
      const ensure = (some: kit.LabelDraft[]) =>
        kit.recover(ensureLabels(teamId, some), isLabelRefused, [] as schema.LinearLabel[]);
      const permitted = await ensure(drafts);
      if (permitted.length === 0) for (const draft of drafts) permitted.push(...(await ensure([draft])));
      return permitted.filter((label, index) => !findGroupHolder(label, permitted.slice(0, index)));
    },

    async requireProject(teamId: string, named: string) {
      const { nodes } = (await read(schema.projectsQuery, { team: teamId })).team.projects;
      const project = nodes.find(({ id, name }) => isSame(name, named) || isSame(id, named));
      if (project) return project;
      const names = nodes.map(({ name }) => name).sort();
      throw kit.refusal('linear projects', `team has no project ${named}; it has ${names.join(', ') || 'none'}`);
    },

    /** A person by mail address, id or display name; null for none or several. */
    async person(account: string) {
      const name = { eqIgnoreCase: account };
      const byId = isUuid(account) ? [{ id: { eq: account } }] : [];
      const people = await findPeople([{ email: name }, { displayName: name }, ...byId]);
      const exact = people.find((person) => isSame(person.email, account) || isSame(person.id, account));
      return exact ?? (people.length === 1 ? (people[0] ?? null) : null);
    },

    async profiles(accounts: string[]) {
      if (accounts.length === 0) return [];
      const people = await findPeople(accounts.map((account) => ({ email: { eqIgnoreCase: account } })));
      return accounts.flatMap((account) => people.find((person) => isSame(person.email, account))?.url ?? []);
    },

    forget: () => labels.clear(),
  };
}

/** Group and label of `GROUP/LABEL`; nothing for other names. */
const splitPath = (name: string): string[] => /^(.+?)\/(.+)$/.exec(name)?.slice(1) ?? [];

function pickLabel(labels: schema.LinearLabel[], wanted: string): schema.LinearLabel | undefined {
  const [group = '', child = ''] = splitPath(wanted);
  const isAtPath = ({ name, parent }: schema.LinearLabel) => isSame(name, child) && isSame(parent?.name ?? '', group);
  const usable = labels.filter(({ isGroup }) => !isGroup);
  return usable.find(({ name }) => isSame(name, wanted)) ?? usable.find(isAtPath);
}

/** The label among others that keeps a label off an issue, as another label of its group. */
export const findGroupHolder = (
  { id, parent }: schema.LinearLabel,
  others: schema.LinearLabel[],
): schema.LinearLabel | undefined =>
  others.find(
    (other) =>
      parent !== null && parent.groupType !== 'multiSelect' && other.parent?.id === parent.id && other.id !== id,
  );

const isLabelRefused = (error: unknown): error is kit.IntegrationError =>
  kit.isRefused(error) || (kit.hasStatus(error, 403) && error.code === 'auth');

function blameLabels(error: unknown): never {
  if (!isLabelRefused(error)) throw error;
  const { code, operation, status, message } = error;
  const fields = [{ field: 'labels', why: message, part: 'labels' }];
  throw new kit.IntegrationError(code, operation, { status, fields });
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const isUuid = (text: string): boolean => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text);

export type TeamFinder = ReturnType<typeof createTeamFinder>;

/** The team by the id that its key had at the last poll, so that a renamed team stays the same. */
export function createTeamFinder(client: LinearClient, named: string, knownId: string | null) {
  let id = isUuid(named) ? named : knownId;
  let team: schema.LinearTeam | null = null;

  const read = async (filter: object) => (await client.read(schema.teamQuery, { filter })).teams.nodes[0] ?? null;

  async function find(): Promise<schema.LinearTeam | null> {
    team = id === null ? null : await read({ id: { eq: id } });
    if (!team && !isUuid(named)) team = await read({ key: { eqIgnoreCase: named } });
    id = team?.id ?? id;
    return team;
  }

  /** As `find`. @throws IntegrationError of status 404 */
  async function renew(): Promise<schema.LinearTeam> {
    const result = await find();
    if (result) return result;
    throw kit.refusal('linear team', `no team ${named} is to be seen`, 404);
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
