import type { TrackerUser } from '#adapters/emulators/tracker-user.ts';
import { github } from '#adapters/trackers/github/definition.ts';
import { githubAdmin } from '#adapters/trackers/github/emulator/admin.ts';
import { createGitHub } from '#adapters/trackers/github/emulator/github.ts';
import { jira } from '#adapters/trackers/jira/definition.ts';
import { jiraAdmin } from '#adapters/trackers/jira/emulator/admin.ts';
import { createJira } from '#adapters/trackers/jira/emulator/jira.ts';
import { linear } from '#adapters/trackers/linear/definition.ts';
import { linearAdmin } from '#adapters/trackers/linear/emulator/admin.ts';
import { createLinear } from '#adapters/trackers/linear/emulator/linear.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import type { TrackerDefinition, TrackerDeps } from '#domain/integrations/tracker-definition.ts';
import type { TrackerWorld } from './tracker.ts';
import type { Refusable, TrackerRefusals } from './tracker-refusals.ts';
import type { Vendor } from './validating.ts';

export interface Emulated {
  app: { fetch(request: Request): Response | Promise<Response> };
  trackerUser: TrackerUser;
  world: TrackerWorld;
  refusals: TrackerRefusals;
}

/** One vendor: our adapter and the emulator that it calls. */
export interface Stand {
  kind: Vendor;
  title: string;
  rechecksPerPoll: number;
  build(now: () => number, baseUrl: string): Emulated;
  connect(deps: TrackerDeps & { secret(name: string): string }): Promise<Tracker>;
}

function stand<Settings>(
  kind: Vendor,
  definition: TrackerDefinition<Settings>,
  given: unknown,
  build: Stand['build'],
  path = '',
): Stand {
  const settings = definition.settings.parse(given);
  return {
    kind,
    title: definition.title,
    rechecksPerPoll: definition.rechecksPerPoll,
    build,
    connect: (deps) => definition.create(settings, { ...deps, baseUrl: deps.baseUrl + path }),
  };
}

function githubStand(now: () => number, baseUrl: string): Emulated {
  const { app, state, trackerUser } = createGitHub({
    now,
    baseUrl,
    seed: {
      repository: 'acme/product',
      people: ['dana-acme', 'sam-acme'],
      bot: { login: 'acme-caselite', token: 's3cret' },
    },
  });
  const find = (key: string) => {
    const issue = state.issues.find(({ number }) => String(number) === key);
    if (!issue) throw new Error(`no issue ${key}`);
    return issue;
  };
  const world: TrackerWorld = {
    ...githubAdmin(state, now),
    lag: (ms) => Object.assign(state, { listLagMs: ms }),
    expire: () => Object.assign(state.bot, { token: 'another' }),
    publish: () => Object.assign(state, { visibility: 'public' }),
    restrict: () => Object.assign(state, { canPush: false }),
    parentOf: (key) => find(key).parent?.toString() ?? null,
    originalOf: (key) => find(key).duplicateOf?.toString() ?? null,
    relatedTo: (key) =>
      state.comments
        .filter(({ issue }) => String(issue) === key)
        .flatMap(({ body }) => /^Related to #(\d+)/.exec(body)?.[1] ?? []),
    linksOf: () => [],
    fill(count) {
      const newest = state.issues.at(-1);
      if (!newest) throw new Error('nothing to copy');
      const { number } = newest;
      for (let n = 1; n <= count; n += 1) state.issues.push({ ...newest, number: number + n });
    },
  };
  const fields: Record<Refusable, string> = { title: 'title', assignee: 'assignees', closing: 'state' };
  const refusals: TrackerRefusals = {
    refuse: (what) => Object.assign(state, { refusedFields: [fields[what]] }),
    forbid: world.forbid,
  };
  return { app, trackerUser, world, refusals };
}

function jiraStand(now: () => number, baseUrl: string): Emulated {
  const seed = {
    project: 'SUP',
    people: [
      { account: 'acc-dana', name: 'Dana' },
      { account: 'acc-sam', name: 'Sam' },
    ],
    bot: { account: 'acc-bot', email: 'bot@acme.example', token: 's3cret' },
  };
  const { app, state, trackerUser } = createJira({ now, baseUrl, seed });
  const find = (wanted: string) => {
    const issue = state.issues.find(({ key, id }) => key === wanted || id === wanted);
    if (!issue) throw new Error(`no issue ${wanted}`);
    return issue;
  };
  const outward = (key: string, type: string) =>
    find(key)
      .links.filter((link) => link.outward && link.type === type)
      .map(({ other }) => find(other).key);
  const world: TrackerWorld = {
    ...jiraAdmin(state, now),
    lag: (ms) => Object.assign(state, { indexLagMs: ms }),
    expire: () => Object.assign(seed.bot, { token: 'another' }),
    publish: () => Object.assign(state, { isPublic: true }),
    restrict: () => void state.lacks.push('ASSIGN_ISSUES'),
    parentOf(key) {
      const { parent } = find(key);
      return parent && find(parent).key;
    },
    originalOf: (key) => outward(key, 'Duplicate')[0] ?? null,
    relatedTo: (key) => outward(key, 'Relates'),
    linksOf: (key) => find(key).remoteLinks.map(({ url }) => url),
    fill(count) {
      const newest = state.issues.at(-1);
      if (!newest) throw new Error('nothing to copy');
      const number = state.nextNumber.SUP ?? 1;
      for (let n = 0; n < count; n += 1) {
        const key = `SUP-${number + n}`;
        const indexed = newest.indexed.map((entry) => ({ ...entry, key }));
        state.issues.push({ ...newest, id: String(1_000_000 + n), key, indexed });
      }
      state.nextNumber.SUP = number + count;
    },
  };
  const reason = { id: 'customfield_10070', name: 'Reason', type: 'string' as const, required: false, values: [] };
  const refusals: TrackerRefusals = {
    refuse(what) {
      if (what !== 'closing') state.setUp.refusedFields.push(what === 'title' ? 'summary' : what);
      else {
        state.setUp.customFields.push(reason);
        state.setUp.demands = { Done: [reason.id] };
      }
    },
    forbid: world.forbid,
  };
  return { app, trackerUser, world, refusals };
}

function linearStand(now: () => number, baseUrl: string): Emulated {
  const { app, state, trackerUser } = createLinear({
    now,
    baseUrl,
    seed: {
      team: { key: 'GRO', name: 'Growth' },
      people: [
        { account: 'dana@acme.example', name: 'Dana Reed' },
        { account: 'sam@acme.example', name: 'Sam' },
      ],
      bot: { token: 's3cret', name: 'Caselite' },
    },
  });
  const find = (wanted: string) => {
    const issue = state.issues.find(({ identifier, id }) => identifier === wanted || id === wanted);
    if (!issue) throw new Error(`no issue ${wanted}`);
    return issue;
  };
  const relations = (key: string, type: string) =>
    state.relations
      .filter((row) => row.issueId === find(key).id && row.type === type)
      .map((row) => find(row.relatedIssueId).identifier);
  const world: TrackerWorld = {
    ...linearAdmin(state, now),
    lag() {},
    expire: () => Object.assign(state, { token: 'another' }),
    publish() {},
    restrict() {},
    parentOf(key) {
      const { parentId } = find(key);
      return parentId && find(parentId).identifier;
    },
    originalOf: (key) => relations(key, 'duplicate')[0] ?? null,
    relatedTo: (key) => relations(key, 'related'),
    linksOf: (key) => state.attachments.filter((row) => row.issueId === find(key).id).map(({ url }) => url),
    fill(count) {
      const newest = state.issues.at(-1);
      if (!newest) throw new Error('nothing to copy');
      for (let n = 1; n <= count; n += 1) {
        const tail = n.toString(16).padStart(12, '0');
        state.issues.push({
          ...newest,
          id: `9f4a1c52-0000-4000-8000-${tail}`,
          identifier: `GRO-${1000 + n}`,
        });
      }
    },
  };
  const fields: Record<Refusable, string> = { title: 'title', assignee: 'assigneeId', closing: 'stateId' };
  const refusals: TrackerRefusals = {
    refuse: (what) => Object.assign(state, { refusedFields: [fields[what]] }),
    forbid: world.forbid,
  };
  return { app, trackerUser, world, refusals };
}

export const trackerHarnesses: Stand[] = [
  stand('github', github, { kind: 'github', repository: 'acme/product', token: 'GITHUB_TOKEN' }, githubStand),
  stand('jira', jira, { kind: 'jira', project: 'SUP', email: 'bot@acme.example', token: 'JIRA_TOKEN' }, jiraStand),
  stand('linear', linear, { kind: 'linear', team: 'GRO', token: 'LINEAR_KEY' }, linearStand, '/graphql'),
];
