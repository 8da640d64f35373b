import { IntegrationError } from '#domain/base/errors.ts';
import type { LabelDraft } from '#domain/integrations/issue.ts';
import type { LinearClient } from './client.ts';
import { LinearFailure } from './errors.ts';
import { type LinearPerson, type LinearTeam, labelsByFilterQuery, people, teamByKeyQuery } from './schema.ts';

/** Linear's ids for names. */
export interface LinearIdCache {
  /** The team of the settings. */
  team(): Promise<LinearTeam>;
  /** Ids of these labels for a team; missing labels are created. The error of a refused one blames the labels. */
  ensureLabelIds(teamId: string, labels: LabelDraft[]): Promise<string[]>;
  /** The same without the labels that Linear refuses. */
  ensurePermittedLabelIds(teamId: string, labels: LabelDraft[]): Promise<string[]>;
  /** A person by mail address, id or display name; null for none or several. */
  person(account: string): Promise<LinearPerson | null>;
  /** Profile addresses of people known by mail address. */
  profiles(accounts: string[]): Promise<string[]>;
  /** Drops cached answers. */
  forget(): void;
}

export function createLinearIdCache(client: LinearClient, teamKey: string): LinearIdCache {
  let team: LinearTeam | null = null;
  const labels = new Map<string, string>();
  const toLabelCacheKey = (teamId: string, name: string) => `${teamId} ${name.toLowerCase()}`;

  async function loadLabelIds(teamId: string, names: string[]): Promise<void> {
    const filter = {
      isGroup: { eq: false },
      and: [
        { or: names.map((name) => ({ name: { eqIgnoreCase: name } })) },
        { or: [{ team: { null: true } }, { team: { id: { eq: teamId } } }] },
      ],
    };
    const { issueLabels } = await client.read(labelsByFilterQuery, { filter });
    for (const label of issueLabels.nodes) {
      const key = toLabelCacheKey(teamId, label.name);
      if (label.team || !labels.has(key)) labels.set(key, label.id);
    }
  }

  async function createLabel(teamId: string, label: LabelDraft): Promise<void> {
    try {
      const input = { name: label.name, color: `#${label.color}`, description: label.description, teamId };
      const made = await client.write('linear createIssueLabel', (sdk) => sdk.createIssueLabel(input));
      if (made.issueLabelId) labels.set(toLabelCacheKey(teamId, label.name), made.issueLabelId);
    } catch (error) {
      const mayLabelExist = error instanceof LinearFailure && ['rejected', 'unknown'].includes(error.code);
      if (!mayLabelExist) throw error;
      // Somebody may have created it meanwhile, or Caselite did and the answer was lost.
      await loadLabelIds(teamId, [label.name]);
      if (!labels.has(toLabelCacheKey(teamId, label.name))) throw error;
    }
  }

  async function ensureLabelIds(teamId: string, drafts: LabelDraft[]): Promise<string[]> {
    const idOf = (draft: LabelDraft) => labels.get(toLabelCacheKey(teamId, draft.name));
    const unknown = drafts.filter((draft) => !idOf(draft));
    if (unknown.length > 0)
      await loadLabelIds(
        teamId,
        unknown.map((draft) => draft.name),
      );
    for (const draft of unknown) if (!idOf(draft)) await createLabel(teamId, draft);
    return [...new Set(drafts.flatMap((draft) => idOf(draft) ?? []))];
  }

  return {
    async team() {
      team ??= (await client.read(teamByKeyQuery, { key: teamKey })).teams.nodes[0] ?? null;
      if (team) return team;
      throw new LinearFailure('rejected', 'linear teamByKey', { detail: 'no such team' });
    },

    ensureLabelIds: (teamId, drafts) => ensureLabelIds(teamId, drafts).catch(blameLabels),

    async ensurePermittedLabelIds(teamId, drafts) {
      const all = await ensureLabelIds(teamId, drafts).catch(noneIfRefused);
      if (all.length > 0) return all;
      const ids: string[] = [];
      for (const draft of drafts) ids.push(...(await ensureLabelIds(teamId, [draft]).catch(noneIfRefused)));
      return [...new Set(ids)];
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

    forget() {
      team = null;
      labels.clear();
    },
  };
}

const isRefused = (error: unknown): error is IntegrationError =>
  error instanceof IntegrationError && (error.code === 'rejected' || (error.code === 'auth' && error.status === 403));

function noneIfRefused(error: unknown): string[] {
  if (isRefused(error)) return [];
  throw error;
}

function blameLabels(error: unknown): never {
  if (!isRefused(error)) throw error;
  const { code, operation, status, message } = error;
  throw new IntegrationError(code, operation, { status, fields: [{ field: 'labels', why: message, part: 'labels' }] });
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
