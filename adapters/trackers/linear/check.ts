import * as kit from '../../kit.ts';
import type { LinearClient } from './client.ts';
import { orNull } from './errors.ts';
import { findGroupHolder } from './id-cache.ts';
import { issueByIdQuery, type LinearTeam, placesQuery } from './schema.ts';
import { readIssueOptions } from './settings.ts';
import { findInitialState, type LinearPlace } from './write.ts';

const neededStateTypes = [['unstarted', 'backlog'], ['completed'], ['canceled']];

/** Checks the team, and finds where a missing issue is. */
export function createLinearSetUpCheck(
  client: LinearClient,
  place: LinearPlace,
): kit.SetUpCheck & Pick<kit.IssueReader, 'findWhyUnreadable'> {
  const { team } = place;
  return {
    async visibility() {
      // Linear has no public workspaces, so an answer from the team is enough.
      return (await team.find()) ? 'private' : 'unknown';
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

function createTeamCheck(client: LinearClient, { idCache, team, settings }: LinearPlace): kit.SetUpCheck['check'] {
  return async ({ accounts, labels, options = [], now }) => {
    let result: LinearTeam | null;
    try {
      result = await team.find();
      if (!result) return [await createHiddenTeamFinding()];
    } catch (error) {
      return [kit.createFailedCheckFinding(error, 'the scopes read and write')];
    }
    const given: Given[] = [];
    return kit.gatherFindings(
      kit.checkVendorClock(client.vendorTimeMs(), now),
      checkKeyAndStates(result),
      await Array.fromAsync([undefined, ...options], (entry) => checkIssueOptions(result, entry, given)),
      checkTriage(result, given),
      await checkLabels(result.id, labels, given),
      await kit.checkPeople(
        accounts,
        async (account) => Boolean(await idCache.person(account)),
        'is nobody in this Linear workspace',
        'correct the person’s linear account (their e-mail there) in the workspace file',
      ),
    );
  };

  async function createHiddenTeamFinding(): Promise<kit.SetUpFinding> {
    const { nodes } = (await client.read(placesQuery, {})).teams;
    const seen = nodes.map(({ key, name }) => `${key} (${name})`).join(', ') || 'none';
    return kit.stop(
      'place',
      `the team ${team.named} is not to be seen with these credentials`,
      `check the key of the team; for an API key, add its person to the team, and the team to those that the key may use; for an application, give it the team under Settings, Applications, Team access; teams to be seen: ${seen}`,
    );
  }

  function checkKeyAndStates({ id, key, states, retiredAt }: LinearTeam) {
    const renamed = `the key of the team ${team.named} is ${key} now`;
    const remedy = `write team: ${key} into the workspace file, or its id ${id}, which no rename changes`;
    const add = 'add one under Team settings, Issue statuses';
    const missing = neededStateTypes.filter((wanted) => !states.nodes.some(({ type }) => wanted.includes(type)));
    return [
      retiredAt && kit.stop('place', `the team ${key} is retired`, 'restore it, or name another team'),
      ![id, key].includes(team.named) && kit.note('place', renamed, remedy),
      missing.map((wanted) => kit.stop('fields', `the team ${team.named} has no ${wanted.join(' or ')} state`, add)),
    ];
  }

  async function checkIssueOptions({ id, states }: LinearTeam, entry: unknown, given: Given[]) {
    const remedy = 'correct state or project in the workspace file or under issue of the template';
    const attempt = async (demand: () => unknown) => {
      try {
        await demand();
        return null;
      } catch (error) {
        if (!kit.isRefused(error)) throw error;
        const message = `new issues are refused: ${error.message.replace(/^linear \w+: rejected: /, '')}`;
        return kit.stop('fields', message, remedy);
      }
    };
    const refused = await attempt(() => given.push(readIssueOptions(settings, entry)));
    if (refused) return refused;
    const { state, project } = given.at(-1) ?? {};
    return [
      state && (await attempt(() => findInitialState(states.nodes, state))),
      project && (await attempt(() => idCache.requireProject(id, project))),
    ];
  }

  function checkTriage({ triageEnabled, states }: LinearTeam, given: Given[]) {
    const isWanted = given.some(({ state }) => state?.toLowerCase() === 'triage');
    if (!isWanted || triageEnabled || states.nodes.some(({ type }) => type === 'triage')) return null;
    const message = `the team ${team.named} does not use triage, so that new issues go to its default state`;
    return kit.note('fields', message, 'switch triage on under Team settings, Triage');
  }

  async function checkLabels(id: string, drafts: kit.LabelDraft[], given: Given[]) {
    const ofCase = drafts.map(({ name }) => name);
    const names = [...ofCase, ...given.flatMap(({ labels }) => labels)].map((name) => name.toLowerCase());
    const rows = names.length > 0 ? await idCache.findLabels(id, names) : [];
    const usedByCase = rows.filter(({ name }) => ofCase.includes(name.toLowerCase()));
    const groups = rows.filter(({ name, isGroup }) => isGroup && names.includes(name.toLowerCase()));
    return [
      usedByCase.map((label, index) => {
        const holder = findGroupHolder(label, usedByCase.slice(0, index));
        if (!holder || fieldOfLabel(holder) === fieldOfLabel(label)) return null;
        const message = `${holder.name} and ${label.name} are in the label group ${label.parent?.name}, of which an issue has one label`;
        return kit.note('labels', message, 'take one of them out of the group');
      }),
      groups.map(({ name }) => {
        const message = `${name} is a label group, which no issue can have`;
        return kit.note('labels', message, `name one of its labels, as ${name}/LABEL`);
      }),
    ];
  }
}

type Given = ReturnType<typeof readIssueOptions>;

const fieldOfLabel = ({ name }: { name: string }) => name.split(':', 1)[0];
