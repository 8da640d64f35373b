import { IntegrationError } from '#domain/base/errors.ts';
import type { LabelDraft } from '#domain/integrations/issue.ts';
import type { LinearClient } from './client.ts';
import { LinearFailure } from './errors.ts';
import { type LinearLabel, type LinearPerson, labelsByFilterQuery, people, projectsQuery } from './schema.ts';

export interface LinearIdCache {
  /** These labels of a team; missing labels are created. The error of a refused one blames the labels. */
  ensureLabels(teamId: string, labels: LabelDraft[]): Promise<LinearLabel[]>;
  /** The same without the labels that Linear refuses, and with one label of each group, the first. */
  ensurePermittedLabels(teamId: string, labels: LabelDraft[]): Promise<LinearLabel[]>;
  findLabels(teamId: string, names: string[]): Promise<LinearLabel[]>;
  requireProject(teamId: string, named: string): Promise<{ id: string }>;
  /** A person by mail address, id or display name; null for none or several. */
  person(account: string): Promise<LinearPerson | null>;
  profiles(accounts: string[]): Promise<string[]>;
  forget(): void;
}

export function createLinearIdCache(client: LinearClient): LinearIdCache {
  const labels = new Map<string, LinearLabel>();

  async function findLabels(teamId: string, names: string[]): Promise<LinearLabel[]> {
    const asked = names.flatMap((name) => [name, ...splitPath(name)]);
    const filter = {
      and: [
        { or: [...new Set(asked)].map((name) => ({ name: { eqIgnoreCase: name } })) },
        { or: [{ team: { null: true } }, { team: { id: { eq: teamId } } }] },
      ],
    };
    const { nodes } = (await client.read(labelsByFilterQuery, { filter })).issueLabels;
    // Labels of the team come before those of the workspace.
    return nodes.toSorted((a, b) => Number(b.team !== null) - Number(a.team !== null));
  }

  async function createLabel(teamId: string, draft: LabelDraft, known: LinearLabel[]): Promise<LinearLabel> {
    if (known.some(({ name, isGroup }) => isGroup && isSame(name, draft.name)))
      throw new LinearFailure('rejected', 'linear labels', {
        detail: `${draft.name} is a label group; name a label of it as ${draft.name}/LABEL`,
      });
    const [groupName = '', childName = ''] = splitPath(draft.name);
    const parent = known.find(({ name, isGroup }) => isGroup && isSame(name, groupName)) ?? null;
    const name = parent ? childName : draft.name;
    // A label belongs to the team of its group, or to the workspace as that does.
    const place = parent ? { teamId: parent.team?.id, parentId: parent.id } : { teamId };
    try {
      const input = { name, color: `#${draft.color}`, description: draft.description, ...place };
      const made = await client.write('createIssueLabel', { input });
      return { id: made.issueLabel.id, name, isGroup: false, team: { id: teamId }, parent };
    } catch (error) {
      const mayLabelExist = error instanceof LinearFailure && ['rejected', 'unknown'].includes(error.code);
      // Somebody may have created it meanwhile, or Caselite did and the answer was lost.
      const label = mayLabelExist ? pickLabel(await findLabels(teamId, [draft.name]), draft.name) : undefined;
      if (label) return label;
      throw error;
    }
  }

  async function ensureLabels(teamId: string, drafts: LabelDraft[]): Promise<LinearLabel[]> {
    const keyOf = ({ name }: LabelDraft) => `${teamId} ${name.toLowerCase()}`;
    const unknown = drafts.filter((draft) => !labels.has(keyOf(draft)));
    const names = unknown.map(({ name }) => name);
    const seen = names.length > 0 ? await findLabels(teamId, names) : [];
    for (const draft of unknown)
      labels.set(keyOf(draft), pickLabel(seen, draft.name) ?? (await createLabel(teamId, draft, seen)));
    return [...new Set(drafts.flatMap((draft) => labels.get(keyOf(draft)) ?? []))].filter(({ id }) => id !== '');
  }

  return {
    findLabels,

    ensureLabels: (teamId, drafts) => ensureLabels(teamId, drafts).catch(blameLabels),

    async ensurePermittedLabels(teamId, drafts) {
      const permitted = await ensureLabels(teamId, drafts).catch(noneIfRefused);
      if (permitted.length === 0)
        for (const draft of drafts) permitted.push(...(await ensureLabels(teamId, [draft]).catch(noneIfRefused)));
      return permitted.filter((label, index) => !findGroupHolder(label, permitted.slice(0, index)));
    },

    async requireProject(teamId, named) {
      const { nodes } = (await client.read(projectsQuery, { team: teamId })).team.projects;
      const project = nodes.find(({ id, name }) => isSame(name, named) || isSame(id, named));
      if (project) return project;
      const names = nodes
        .map(({ name }) => name)
        .sort()
        .join(', ');
      throw new LinearFailure('rejected', 'linear projects', {
        detail: `team has no project ${named}; ${names ? `it has ${names}` : 'it has none'}`,
      });
    },

    async person(account) {
      const or: Record<string, unknown>[] = [
        { email: { eqIgnoreCase: account } },
        { displayName: { eqIgnoreCase: account } },
      ];
      if (/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(account)) or.push({ id: { eq: account } });
      const result = (await client.read(people, { filter: { or } })).users.nodes;
      const exact = result.find((person) => isSame(person.email, account) || isSame(person.id, account));
      return exact ?? (result.length === 1 ? (result[0] ?? null) : null);
    },

    async profiles(accounts) {
      if (accounts.length === 0) return [];
      const or = accounts.map((account) => ({ email: { eqIgnoreCase: account } }));
      const result = (await client.read(people, { filter: { or } })).users.nodes;
      return accounts.flatMap((account) => result.find((person) => isSame(person.email, account))?.url ?? []);
    },

    forget: () => labels.clear(),
  };
}

/** Group and label of `GROUP/LABEL`; nothing for other names. */
const splitPath = (name: string): string[] => /^(.+?)\/(.+)$/.exec(name)?.slice(1) ?? [];

/** The label of a name, or of a path into a group. */
function pickLabel(labels: LinearLabel[], wanted: string): LinearLabel | undefined {
  const [group = '', child = ''] = splitPath(wanted);
  const isAtPath = ({ name, parent }: LinearLabel) => isSame(name, child) && isSame(parent?.name ?? '', group);
  const usable = labels.filter(({ isGroup }) => !isGroup);
  return usable.find(({ name }) => isSame(name, wanted)) ?? usable.find(isAtPath);
}

/** The label among others that keeps a label off an issue, as another label of its group. */
export const findGroupHolder = ({ id, parent }: LinearLabel, others: LinearLabel[]): LinearLabel | undefined =>
  others.find(
    (other) =>
      parent !== null && parent.groupType !== 'multiSelect' && other.parent?.id === parent.id && other.id !== id,
  );

const isRefused = (error: unknown): error is IntegrationError =>
  error instanceof IntegrationError && (error.code === 'rejected' || (error.code === 'auth' && error.status === 403));

function noneIfRefused(error: unknown): LinearLabel[] {
  if (isRefused(error)) return [];
  throw error;
}

function blameLabels(error: unknown): never {
  if (!isRefused(error)) throw error;
  const { code, operation, status, message } = error;
  throw new IntegrationError(code, operation, { status, fields: [{ field: 'labels', why: message, part: 'labels' }] });
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
