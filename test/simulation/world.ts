import { DatabaseSync } from 'node:sqlite';
import type { Admin } from '#adapters/emulators/admin.ts';
import { limited } from '#adapters/emulators/host-limits.ts';
import type { TrackerUser } from '#adapters/emulators/tracker-user.ts';
import { createMailHost } from '#adapters/mail/resend/emulator/mail-host.ts';
import { githubAdmin } from '#adapters/trackers/github/emulator/admin.ts';
import { createGitHub } from '#adapters/trackers/github/emulator/github.ts';
import { jiraAdmin } from '#adapters/trackers/jira/emulator/admin.ts';
import { createJira } from '#adapters/trackers/jira/emulator/jira.ts';
import { linearAdmin } from '#adapters/trackers/linear/emulator/admin.ts';
import { createLinear } from '#adapters/trackers/linear/emulator/linear.ts';
import type { Fetch, Sql } from '#domain/base/ports.ts';
import type { Integrations } from '#domain/integrations/integrations.ts';
import type { Settings } from '#domain/templates/settings.ts';
import { keyring } from '#src/keyring.ts';
import { createIntegrations, secretVariable } from '#src/wiring.ts';
import type { Core } from '#src/workspace/core.ts';
import { keepSources } from '#src/workspace/intake/keep-sources.ts';
import { isGenuine, storeDeliveries } from '#src/workspace/intake/receive.ts';
import { startPolling } from '#src/workspace/issues/poll.ts';
import { meterOf } from '#src/workspace/queues/rate-limit.ts';
import { runDue } from '#src/workspace/run-due.ts';
import { migrate } from '#src/workspace/store/migrate.ts';
import { nextDue } from '#src/workspace/store/schedule.ts';
import { type Vendor, validating } from '#test/contracts/validating.ts';
import { SurveyTool } from '#test/emulators/survey-tool.ts';

import { registryWithTool } from '#test/emulators/survey-tool-source.ts';
import { migrations } from '#test/harness/migrations.ts';
import { nodeSql } from '#test/harness/node-sql.ts';
import { minute, start } from '#test/harness/times.ts';

import type { Chance } from './chance.ts';
import { Crash, type FaultRates, faultyFetch, type Life, mortalSql, newLife, type Tally } from './faults.ts';
import { simulatedSettings } from './settings.ts';
import { Turns } from './turns.ts';

export const secrets = {
  TYPEFORM_SECRET: 'typeform-secret-of-the-simulation',
  FEEDBACK_SECRET: 'whsec_c2ltdWxhdGlvbi1zZWNyZXQ=',
  JIRA_TOKEN: 'jira-token',
  GITHUB_TOKEN: 'github-token',
  LINEAR_KEY: 'linear-key',
  RESEND_KEY: 'resend-key',
  RESEND_WEBHOOK: 'whsec_c2ltdWxhdGVkIHdlYmhvb2sgc2VjcmV0',
  TOOL_SECRET: 'whsec_c2VjcmV0LW9mLXRoZS10b29s',
  TOOL_TOKEN: 'tool-token',
  HOOK_SECRET: 'hook-secret-of-the-simulation',
  EVENTS_SECRET: 'whsec_c2VjcmV0IG9mIHRoZSBldmVudHM=',
};

/** Accounts in each tracker of people unknown to the workspace, such as customers and passers-by. */
export const strangers = {
  support: '9c10stranger',
  product: 'stranger-from-elsewhere',
  growth: 'stranger@elsewhere.example',
};

const addresses = {
  GITHUB_API_URL: 'http://github.test',
  JIRA_API_URL: 'http://jira.test',
  LINEAR_API_URL: 'http://linear.test/graphql',
  RESEND_API_URL: 'http://mail.test',
  SURVEY_TOOL_API_URL: 'http://survey-tool.test',
};

export const trackerNames = ['support', 'product', 'growth'] as const;
export type TrackerName = (typeof trackerNames)[number];

/** A deliberate mistake, which proves that the checks notice it. */
export interface Mutation {
  settings?(settings: Settings): void;
  integrations?(integrations: Integrations): Integrations;
}

export interface Scenario {
  /** The workspace file for this run; by default Acme's own. */
  workspaceFile?(acme: string): string;
  template?(name: string, text: string): string;
  /** A mail provider without idempotency keys, like SMTP: every send is a mail. */
  keylessMail?: boolean;
  mutation?: Mutation;
}

/** One workspace with all the services that it calls, under one clock and one seed. */
export class World {
  /** The store without faults, for checks. */
  readonly sql: Sql = nodeSql(new DatabaseSync(':memory:'));
  readonly settings: Settings;
  readonly tally: Tally = { crashes: 0, unknowns: 0, refusals: 0, calls: 0 };
  readonly mail;
  readonly tool: SurveyTool;
  readonly trackerUser: Record<TrackerName, TrackerUser>;
  readonly admins: Record<TrackerName, Admin>;
  /** Periods in which our account could not read an issue, after a person hid, moved or deleted it. */
  readonly absent: { tracker: TrackerName; id: string; from: number; to: number }[] = [];
  /** Copies of our issues by people, with their content at that time. */
  readonly copies: { tracker: TrackerName; key: string; was: string }[] = [];
  /** Whether the repository is hidden from our account. */
  isHidden = false;
  /** Everything stored in the trackers, as text; personal data must never appear in it. */
  readonly trackerStates: () => string;
  /** Makes a tracker accept another token than ours, or ours again. */
  readonly accept: Record<TrackerName, (token: string | null) => void>;
  /** Refusals of our token per tracker: their number, and the start of the present one. */
  readonly refusing = new Map<TrackerName, { since: number | null; times: number }>();
  /** The trackers' own limits. */
  readonly limits: Record<Vendor, ReturnType<typeof limited>>;
  readonly log: string[] = [];
  /** Deviations from a vendor's API description or rules. */
  readonly offSpec: string[] = [];
  readonly strangersKeys = keyring('a key of somebody else, who knows none of ours');
  /** Issues that people closed, with the kind of closing. */
  readonly closings: { tracker: string; id: string; kind: string }[] = [];
  /** Releases and milestones that another tool reported. */
  readonly shipped: { kind: 'release' | 'milestone'; at: number }[] = [];
  /** Cases that a person closed or declined from their page. */
  readonly closedFromPage = new Set<string>();
  /** Cases whose fix a person marked as shipped on their page. */
  readonly shippedFromPage = new Set<string>();
  /** Time of the opt-out per address. */
  readonly optOuts = new Map<string, number>();
  /** Time of the bounce per address. */
  readonly dead = new Map<string, number>();
  faults = true;
  /** Called with every request that is sent. */
  onRequest: (request: Request) => void = () => {};
  core: Core;
  #now = start;
  #later: { at: number; work: () => Promise<void> }[] = [];
  #life: Life;
  readonly #chance: Chance;
  readonly #rates: FaultRates;
  readonly #mutation: Mutation;
  readonly #keylessMail: boolean;
  readonly #turns: Turns;
  readonly #hosts: Map<string, (request: Request) => Response | Promise<Response>>;

  constructor(
    chance: Chance,
    rates: FaultRates,
    { workspaceFile, template, keylessMail = false, mutation = {} }: Scenario = {},
  ) {
    this.#chance = chance;
    this.#rates = rates;
    this.#mutation = mutation;
    this.#keylessMail = keylessMail;
    this.#turns = new Turns(chance);
    this.settings = simulatedSettings(workspaceFile, template);
    mutation.settings?.(this.settings);
    const now = () => this.#now;
    const people = Object.values(this.settings.workspace.people);
    const github = createGitHub({
      now,
      baseUrl: addresses.GITHUB_API_URL,
      seed: {
        repository: 'acme/product',
        people: [...people.flatMap((person) => person.accounts.github ?? []), strangers.product],
        bot: { login: 'caselite', token: secrets.GITHUB_TOKEN },
      },
    });
    const jiraBot = { account: 'bot', email: 'caselite@acme.example', token: secrets.JIRA_TOKEN };
    const jira = createJira({
      now,
      baseUrl: addresses.JIRA_API_URL,
      seed: {
        project: 'SUP',
        people: [
          ...people.flatMap(({ accounts: { jira: account }, name }) => (account ? [{ account, name }] : [])),
          { account: strangers.support, name: 'A stranger' },
        ],
        bot: jiraBot,
      },
    });
    const linear = createLinear({
      now,
      baseUrl: 'http://linear.test',
      seed: {
        team: { key: 'GRO', name: 'Growth' },
        people: [
          ...people.flatMap(({ accounts: { linear: account }, name }) => (account ? [{ account, name }] : [])),
          { account: strangers.growth, name: 'A stranger' },
        ],
        bot: { token: secrets.LINEAR_KEY, name: 'Caselite' },
      },
    });
    // Lists are older than direct reads, within the vendors' known limits.
    github.state.listLagMs = chance.pick([0, 30_000, 300_000]);
    jira.state.offScreen = chance.pick([[], ['priority'], ['priority', 'duedate']]);
    jira.state.indexLagMs = chance.pick([0, 30_000, 300_000]);
    this.mail = createMailHost({ now, key: secrets.RESEND_KEY, isKeyless: keylessMail });
    this.tool = new SurveyTool({
      now,
      secret: secrets.TOOL_SECRET,
      token: secrets.TOOL_TOKEN,
      deliveries: 'reference',
      titles: false,
      deliver: async (body, headers) => {
        const arrival = { source: 'tool', raw: { body, headers, receivedAt: this.#now } };
        const acked = await this.mortal(async () => {
          if (!(await isGenuine(this.core, arrival))) throw new Error('a genuine delivery was refused');
          return storeDeliveries(this.core, [arrival]);
        });
        return acked !== null;
      },
    });
    this.tool.listLagMs = chance.pick([0, 30 * minute]);
    this.tool.questions.push(
      { id: 'completed', title: 'Is it installed?', type: 'yes-no', choices: {} },
      { id: 'ease', title: 'How easy was it?', type: 'number', choices: {} },
    );
    this.accept = {
      support: (token) => Object.assign(jiraBot, { token: token ?? secrets.JIRA_TOKEN }),
      product: (token) => Object.assign(github.state.bot, { token: token ?? secrets.GITHUB_TOKEN }),
      growth: (token) => Object.assign(linear.state, { token: token ?? secrets.LINEAR_KEY }),
    };
    this.limits = {
      github: limited('github', (request) => github.app.fetch(request), now),
      jira: limited('jira', (request) => jira.app.fetch(request), now),
      linear: limited('linear', (request) => linear.app.fetch(request), now),
    };
    this.#hosts = new Map<string, (request: Request) => Response | Promise<Response>>([
      ['survey-tool.test', (request) => this.tool.app.fetch(request)],
      ['github.test', validating('github', this.limits.github.fetch, this.offSpec)],
      ['jira.test', validating('jira', this.limits.jira.fetch, this.offSpec)],
      ['linear.test', validating('linear', this.limits.linear.fetch, this.offSpec)],
      ['mail.test', (request) => this.mail.app.fetch(request)],
    ]);
    const known = (trackerUser: TrackerUser, stranger: string): TrackerUser => ({
      ...trackerUser,
      people: trackerUser.people.filter((account) => account !== stranger),
    });
    this.trackerUser = {
      support: known(jira.trackerUser, strangers.support),
      product: known(github.trackerUser, strangers.product),
      growth: known(linear.trackerUser, strangers.growth),
    };
    this.admins = {
      support: jiraAdmin(jira.state, now),
      product: githubAdmin(github.state, now),
      growth: linearAdmin(linear.state, now),
    };
    this.trackerStates = () => JSON.stringify([github.state, jira.state, linear.state]);
    const { sql } = this;
    migrate(sql, migrations);
    startPolling({ sql, clock: { now } }, this.settings);
    keepSources({ sql, clock: { now } }, this.settings);
    this.#life = this.#newLife();
    this.core = this.#boot();
  }

  get now(): number {
    return this.#now;
  }

  /** Runs everything due before the instant, and restarts after each crash. */
  async runUntil(until: number): Promise<void> {
    for (let turns = 0; this.#now < until; turns += 1) {
      if (turns > 20_000) throw new Error('the simulation makes no progress');
      const due = Math.min(this.#nextDue(), this.#later[0]?.at ?? until, until);
      this.#now = Math.max(this.#now + 1, due);
      await this.#runLater();
      await this.mortal(() => runDue(this.core, this.#busy));
    }
  }

  /** Runs work that a crash may end; null after a crash. */
  async mortal<Result>(work: () => Result | Promise<Result>): Promise<Result | null> {
    try {
      const result = await this.#turns.drive(work, this.#busy);
      if (this.#life.dead) throw new Crash();
      return result;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.#turns.abandon();
      for (const host of Object.values(this.limits)) host.forget();
      this.#now += 1000;
      this.#life = this.#newLife();
      this.core = this.#boot();
      return null;
    }
  }

  #busy = new Set<string>();

  /** Sometimes GitHub refuses an issue's labels, or the mail host an address. */
  async #refusal({ hostname, pathname }: URL, request: Request): Promise<Response | null> {
    const { integrations } = this.#currentRates();
    if (hostname === 'mail.test' && this.#chance.happens(integrations / 10))
      return Response.json({ name: 'validation_error', message: 'Invalid `to` field.' }, { status: 422 });
    const isCreate = hostname === 'github.test' && request.method === 'POST' && pathname.endsWith('/issues');
    if (!isCreate || !this.#chance.happens(2 * integrations)) return null;
    const { labels }: { labels?: string[] } = await request.clone().json();
    const errors = [{ resource: 'Issue', code: 'invalid', field: 'labels' }];
    return labels?.length ? Response.json({ message: 'Validation Failed', errors }, { status: 422 }) : null;
  }

  #newLife(): Life {
    return newLife(this.#chance, () => this.#currentRates(), this.tally);
  }

  #currentRates(): FaultRates {
    return this.faults ? this.#rates : { crash: 0, integrations: 0 };
  }

  #nextDue(): number {
    return nextDue(this.sql) ?? Number.POSITIVE_INFINITY;
  }

  async #runLater(): Promise<void> {
    const due = this.#later.filter(({ at }) => at <= this.#now);
    this.#later = this.#later.filter(({ at }) => at > this.#now);
    for (const { work } of due) await work();
  }

  #boot(): Core {
    this.#busy = new Set();
    const life = this.#life;
    const chance = this.#chance;
    const integrations = this.#integrations(life);
    return {
      workspace: 'acme',
      publicUrl: 'http://caselite.test',
      sql: mortalSql(this.sql, life),
      clock: { now: () => this.#now },
      random: {
        fraction: () => chance.fraction(),
        bytes: (length) => Uint8Array.from({ length }, () => chance.below(256)),
      },
      keys: keyring('a key of the simulation, long enough to be one'),
      log: { info: () => {}, error: (event, facts) => this.log.push(`${event} ${JSON.stringify(facts)}`) },
      settings: this.settings,
      integrations: this.#mutation.integrations?.(integrations) ?? integrations,
    };
  }

  /** The real adapters. Each queue has its own network, so that the waiting call can be attributed. */
  #integrations(life: Life): Integrations {
    const variables = new Map<string, string>([
      ...Object.entries(addresses),
      ...Object.entries(secrets).map(([name, value]): [string, string] => [secretVariable('acme', name), value]),
    ]);
    const made = new Map<string, Integrations>();
    const clock = { now: () => this.#now };
    const of = (queue: string): Integrations => {
      const fetch = this.#network(life, queue);
      const own =
        made.get(queue) ??
        createIntegrations(this.settings, (name) => variables.get(name), {
          fetch,
          retryMs: 0,
          registry: registryWithTool,
          now: () => this.#now,
          meter: (metered, rateLimit) => meterOf({ sql: mortalSql(this.sql, life), clock }, metered, rateLimit),
        });
      made.set(queue, own);
      return own;
    };
    // The first load of an SDK is slow, so it happens within a turn.
    const turn = async (queue: string): Promise<Integrations> => {
      life.step();
      await this.#turns.take(queue);
      return of(queue);
    };
    return {
      source: (name) => of(`source:${name}`).source(name),
      tracker: async (name) => (await turn(name)).tracker(name),
      vendor: (name) => of(name).vendor(name),
      hint: (name, hook, now) => of(name).hint(name, hook, now),
      mailer: async () => (await turn('mail')).mailer(),
      mailEvents: (...values) => of('mail').mailEvents(...values),
      channel: async (name) => (await turn(`notice:${name}`)).channel(name),
      mailIdempotencyMs: this.#keylessMail ? 0 : of('mail').mailIdempotencyMs,
    };
  }

  #network(life: Life, queue: string): Fetch {
    const host = (url: URL) => async (input: Parameters<Fetch>[0]) => {
      const answer = this.#hosts.get(url.hostname);
      if (!answer) throw new Error(`no host ${url.hostname}: nothing may be called but what the settings name`);
      const request = new Request(input);
      const refusal = await this.#refusal(url, request);
      if (refusal) return refusal;
      const given = await answer(request);
      if (url.hostname === 'mail.test' && given.status === 409)
        this.offSpec.push('mail: another text under the key of an earlier mail');
      return given;
    };
    return faultyFetch(host, {
      chance: this.#chance,
      tally: this.tally,
      sends: (request) => {
        this.onRequest(request);
        limitOf(this.limits, new URL(request.url))?.sends(request.url);
      },
      limit: (url, waitMs) => limitOf(this.limits, url)?.force(waitMs) ?? null,
      rates: () => this.#currentRates(),
      advance: (ms) => {
        this.#now += ms;
      },
      later: (ms, work) => {
        this.#later.push({ at: this.#now + ms, work });
        this.#later.sort((a, b) => a.at - b.at);
      },
      life: () => life,
      turn: (orphan) => this.#turns.take(queue, orphan),
    });
  }
}

/** The limits of the host's vendor; null for hosts without a tracker. */
function limitOf(limits: World['limits'], { hostname }: URL) {
  return new Map(Object.entries(limits)).get(hostname.replace('.test', '')) ?? null;
}
