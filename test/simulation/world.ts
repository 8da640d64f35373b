import type { Fetch, Sql } from '#domain/base/ports.ts';
import type { Integrations } from '#domain/integrations/integrations.ts';
import type { Settings } from '#domain/templates/settings.ts';
import { keyring } from '#src/keyring.ts';
import { createIntegrations } from '#src/wiring.ts';
import type { Core } from '#src/workspace/core.ts';
import { updateSourcesFromSettings } from '#src/workspace/intake/keep-sources.ts';
import { isGenuineDelivery, storeDeliveries } from '#src/workspace/intake/receive.ts';
import { setPollTimersToNow } from '#src/workspace/issues/poll.ts';
import { createRateMeter } from '#src/workspace/queues/rate-limit.ts';
import { runDue } from '#src/workspace/run-due.ts';
import { migrate } from '#src/workspace/store/migrate.ts';
import { findNextWorkAt } from '#src/workspace/store/schedule.ts';
import { SurveyTool } from '#test/emulators/survey-tool.ts';

import { registryWithTool } from '#test/emulators/survey-tool-source.ts';
import {
  deployment,
  type EmulatedHosts,
  emulateHosts,
  type Host,
  secrets,
  type TrackerName,
} from '#test/harness/emulated-hosts.ts';
import { migrations } from '#test/harness/migrations.ts';
import { simulatedSettings } from '#test/harness/settings.ts';
import { minute, start } from '#test/harness/times.ts';
import { createVolatileStore } from '#test/harness/volatile-store.ts';
import type { Chance } from './chance.ts';
import {
  Crash,
  type FaultRates,
  faultyFetch,
  type Life,
  mortalDurability,
  mortalSql,
  newLife,
  type Tally,
} from './faults.ts';
import { Turns } from './turns.ts';

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
  readonly #store = createVolatileStore();
  /** The store without faults, for checks. */
  readonly sql: Sql = this.#store.sql;
  readonly settings: Settings;
  readonly tally: Tally = { crashes: 0, unknowns: 0, refusals: 0, calls: 0 };
  readonly mail: EmulatedHosts['mail'];
  readonly tool: SurveyTool;
  readonly trackerUser: EmulatedHosts['trackerUser'];
  readonly admins: EmulatedHosts['admins'];
  /** Periods in which our account could not read an issue, after a person hid, moved or deleted it. */
  readonly absent: { tracker: TrackerName; id: string; from: number; to: number }[] = [];
  /** Copies of our issues by people, with their content at that time. */
  readonly copies: { tracker: TrackerName; key: string; was: string }[] = [];
  /** Whether the repository is hidden from our account. */
  isHidden = false;
  /** Everything stored in the trackers, as text; personal data must never appear in it. */
  readonly trackerStates: () => string;
  /** Makes a tracker accept another token than ours, or ours again. */
  readonly accept: EmulatedHosts['accept'];
  /** Refusals of our token per tracker: their number, and the start of the present one. */
  readonly refusing = new Map<TrackerName, { since: number | null; times: number }>();
  /** The trackers' own limits. */
  readonly limits: EmulatedHosts['limits'];
  readonly log: string[] = [];
  /** Deviations from a vendor's API description or rules. */
  readonly offSpec: string[];
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
  readonly #hosts: Map<string, Host>;
  readonly #limitOf: EmulatedHosts['limitOf'];

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
    const { people } = this.settings.workspace;
    const emulated = emulateHosts({ now, people, keylessMail });
    const { github, jira } = emulated.state;
    // Lists are older than direct reads, within the vendors' known limits.
    github.listLagMs = chance.pick([0, 30_000, 300_000]);
    jira.offScreen = chance.pick([[], ['priority'], ['priority', 'duedate']]);
    jira.indexLagMs = chance.pick([0, 30_000, 300_000]);
    this.tool = new SurveyTool({
      now,
      secret: secrets.TOOL_SECRET,
      token: secrets.TOOL_TOKEN,
      deliveries: 'reference',
      titles: false,
      deliver: async (body, headers) => {
        const arrival = { source: 'tool', raw: { body, headers, receivedAt: this.#now } };
        const acked = await this.mortal(async () => {
          if (!(await isGenuineDelivery(this.core, arrival))) throw new Error('a genuine delivery was refused');
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
    this.mail = emulated.mail;
    this.trackerUser = emulated.trackerUser;
    this.admins = emulated.admins;
    this.accept = emulated.accept;
    this.limits = emulated.limits;
    this.offSpec = emulated.offSpec;
    this.trackerStates = emulated.trackerStates;
    this.#limitOf = emulated.limitOf;
    this.#hosts = new Map([...emulated.hosts, ['survey-tool.test', (request) => this.tool.app.fetch(request)]]);
    const { sql } = this;
    migrate(sql, migrations);
    setPollTimersToNow({ sql, clock: { now } }, this.settings);
    updateSourcesFromSettings({ sql, clock: { now } }, this.settings);
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
      this.#store.commit();
      const result = await this.#turns.drive(work, this.#busy);
      if (this.#life.dead) throw new Crash();
      this.#store.commit();
      return result;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.#store.lose();
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
    return findNextWorkAt(this.sql) ?? Number.POSITIVE_INFINITY;
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
      durability: mortalDurability(this.#store.durability, life),
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
    const made = new Map<string, Integrations>();
    const clock = { now: () => this.#now };
    const of = (queue: string): Integrations => {
      const fetch = this.#network(life, queue);
      const own =
        made.get(queue) ??
        createIntegrations(this.settings, (name) => deployment.get(name), {
          fetch,
          retryMs: 0,
          registry: registryWithTool,
          now: () => this.#now,
          meter: (metered, rateLimit) => createRateMeter({ sql: mortalSql(this.sql, life), clock }, metered, rateLimit),
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
      readMailEvents: (...values) => of('mail').readMailEvents(...values),
      channel: async (name) => (await turn(`notice:${name}`)).channel(name),
      idempotencyKeyLifetimeMs: this.#keylessMail ? 0 : of('mail').idempotencyKeyLifetimeMs,
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
      commit: this.#store.commit,
      sends: (request) => {
        this.onRequest(request);
        this.#limitOf(new URL(request.url))?.sends(request.url);
      },
      limit: (url, waitMs) => this.#limitOf(url)?.force(waitMs) ?? null,
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
