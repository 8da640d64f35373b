import { checkVendorClock, createFailedCheckFinding, note, stop } from '#adapters/outcomes.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { LabelDraft } from '#domain/integrations/issue.ts';
import type { IssueReader, SetUpCheck, SetUpFinding } from '#domain/integrations/tracker.ts';
import type { LinearClient } from './client.ts';
import { orNull } from './errors.ts';
import { findGroupHolder } from './id-cache.ts';
import { issueByIdQuery, type LinearTeam, visibleTeamsQuery } from './schema.ts';
import { findInitialState, type LinearPlace } from './write.ts';

const neededStateTypes = [['unstarted', 'backlog'], ['completed'], ['canceled']];

/** Checks the team, and finds where a missing issue is. */
export function createLinearSetUpCheck(
  client: LinearClient,
  place: LinearPlace,
): SetUpCheck & Pick<IssueReader, 'findWhyUnreadable'> {
  const { team } = place;
  return {
    async visibility() {
      // Linear has no public workspaces, so an answer from the team is enough.
      return (await team.find().catch(() => null)) ? 'private' : 'unknown';
    },

    async findWhyUnreadable(id) {
      const result = await orNull(client.read(issueByIdQuery, { id }));
      // An issue of another team is not found either.
      if (!result) return { kind: (await team.find()) ? 'missing' : 'hidden', url: null };
      const { issue } = result;
      if (issue.trashed) return { kind: 'deleted', url: issue.url };
      return { kind: issue.team.id === (await team.id()) ? 'here' : 'moved', url: issue.url };
    },

    check: createTeamCheck(client, place),
  };
}

function createTeamCheck(client: LinearClient, { idCache, team, readOptions }: LinearPlace): SetUpCheck['check'] {
  return async ({ accounts, labels, options = [], now }) => {
    let result: LinearTeam | null;
    try {
      result = await team.find();
      if (!result) return [await createHiddenTeamFinding()];
    } catch (error) {
      return [createFailedCheckFinding(error, 'the scopes read and write')];
    }
    const given = [undefined, ...options].flatMap((entry) => parseOrNone(() => readOptions(entry)));
    return [
      ...checkVendorClock(client.vendorTimeMs(), now),
      ...checkKeyAndStates(result),
      ...(await checkIssueOptions(result, [undefined, ...options])),
      ...checkTriage(result, given),
      ...(await checkLabels(result, labels, given)),
      ...(await checkPeople(idCache, accounts)),
    ];
  };

  async function createHiddenTeamFinding(): Promise<SetUpFinding> {
    const { nodes } = (await client.read(visibleTeamsQuery, {})).teams;
    const seen = nodes.map(({ key, name }) => `${key} (${name})`).join(', ') || 'none';
    return stop(
      'place',
      `the team ${team.named} is not to be seen with this key`,
      `check the key of the team, and add the key’s account or the application to it; teams to be seen: ${seen}`,
    );
  }

  function checkKeyAndStates({ id, key, states }: LinearTeam): SetUpFinding[] {
    const renamed = `the key of the team ${team.named} is ${key} now`;
    const remedy = `write team: ${key} into the workspace file, or its id ${id}, which no rename changes`;
    const missing = neededStateTypes.filter((wanted) => !states.nodes.some(({ type }) => wanted.includes(type)));
    return [
      ...([id, key].includes(team.named) ? [] : [note('place', renamed, remedy)]),
      ...missing.map((wanted) =>
        stop(
          'fields',
          `the team ${team.named} has no ${wanted.join(' or ')} state`,
          'add one under Team settings, Issue statuses',
        ),
      ),
    ];
  }

  async function checkIssueOptions({ id, states }: LinearTeam, given: unknown[]): Promise<SetUpFinding[]> {
    const messages = new Set<string>();
    const attempt = async (demand: () => unknown) => {
      try {
        await demand();
      } catch (error) {
        if (!(error instanceof IntegrationError) || error.code !== 'rejected') throw error;
        messages.add(error.message.replace(/^linear \w+: rejected: /, ''));
      }
    };
    for (const options of given)
      await attempt(async () => {
        const { state, project } = readOptions(options);
        if (state) await attempt(() => findInitialState(states.nodes, state));
        if (project) await attempt(() => idCache.requireProject(id, project));
      });
    const remedy = 'correct state or project in the workspace file or under issue of the template';
    return [...messages].map((message) => stop('fields', `new issues are refused: ${message}`, remedy));
  }

  function checkTriage({ triageEnabled, states }: LinearTeam, given: Given[]): SetUpFinding[] {
    const isWanted = given.some(({ state }) => state?.toLowerCase() === 'triage');
    if (!isWanted || triageEnabled || states.nodes.some(({ type }) => type === 'triage')) return [];
    const message = `the team ${team.named} does not use triage, so that new issues go to its default state`;
    return [note('fields', message, 'switch triage on under Team settings, Triage')];
  }

  async function checkLabels({ id }: LinearTeam, drafts: LabelDraft[], given: Given[]): Promise<SetUpFinding[]> {
    const ofCase = drafts.map(({ name }) => name);
    const names = [...ofCase, ...given.flatMap(({ labels = [] }) => labels)];
    const rows = names.length > 0 ? await idCache.findLabels(id, names) : [];
    const usedByCase = rows.filter(({ name }) => ofCase.includes(name.toLowerCase()));
    const conflicts = usedByCase.flatMap((label, index) => {
      const holder = findGroupHolder(label, usedByCase.slice(0, index));
      return holder && fieldOfLabel(holder) !== fieldOfLabel(label) ? [{ label, holder }] : [];
    });
    const named = new Set(names.map((name) => name.toLowerCase()));
    const groups = rows.filter(({ name, isGroup }) => isGroup && named.has(name.toLowerCase()));
    return [
      ...conflicts.map(({ label: { name, parent }, holder }) =>
        note(
          'labels',
          `${holder.name} and ${name} are in the label group ${parent?.name}, of which an issue has one label`,
          'take one of them out of the group',
        ),
      ),
      ...groups.map(({ name }) =>
        note('labels', `${name} is a label group, which no issue can have`, `name one of its labels, as ${name}/LABEL`),
      ),
    ];
  }
}

async function checkPeople(idCache: LinearPlace['idCache'], accounts: string[]): Promise<SetUpFinding[]> {
  const findings: SetUpFinding[] = [];
  for (const account of accounts) {
    if (await idCache.person(account)) continue;
    const remedy = 'correct the person’s linear account (their e-mail there) in the workspace file';
    findings.push(note('people', `${account} is nobody in this Linear workspace`, remedy));
  }
  return findings;
}

function parseOrNone(read: () => Given): Given[] {
  try {
    return [read()];
  } catch {
    return [];
  }
}

type Given = ReturnType<LinearPlace['readOptions']>;

const fieldOfLabel = ({ name }: { name: string }) => name.split(':', 1)[0];
