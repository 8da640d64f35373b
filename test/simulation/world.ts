import type { Sql } from '#domain/base/ports.ts';
import type { Integrations } from '#domain/integrations/integrations.ts';
import type { Settings } from '#domain/templates/template.ts';
import { keyring } from '#src/keyring.ts';
import type { Core } from '#src/workspace/core.ts';
import { startWatchingRisks } from '#src/workspace/cases/watch-risks.ts';
import { updateSourcesFromSettings } from '#src/workspace/intake/keep-sources.ts';
import { setHuddleTimers } from '#src/workspace/mail/notify.ts';
import { isGenuineDelivery, storeDeliveries } from '#src/workspace/intake/receive.ts';
import { setPollTimersToNow } from '#src/workspace/issues/poll.ts';
import { runDue } from '#src/workspace/run-due.ts';
import { migrate } from '#src/workspace/store/backup.ts';
import { findNextWorkAt } from '#src/workspace/store/schedule.ts';
import type { TrackerName } from '#test/harness/emulated-hosts.ts';
import { migrations } from '#test/harness/migrations.ts';
import { simulatedSettings } from '#test/harness/settings.ts';
import { start } from '#test/harness/times.ts';
import { createVolatileStore, type VolatileStore } from '#test/harness/volatile-store.ts';
import type { ForeignIssue } from './adoption-actors.ts';
import type { Chance } from './chance.ts';
import { emulatedVendors } from './emulated-vendors.ts';
import { Crash, type FaultRates, type Life, mortalDurability, mortalSql, newLife, type Tally } from './faults.ts';
import { type Diary, watchPeople } from './outside/diary.ts';
import { type Poison, poisonStore, recordStoppingWork, type StoppingWork } from './poison.ts';
import type { SentReply } from './reply-actors.ts';
import { type RefusedCall, recordRefusedCalls, type SetUpTrouble } from './set-up-actors.ts';
import { Turns } from './turns.ts';
import type { VendorContext, Vendors } from './vendors.ts';

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
  answerSettleMs?: number;
  mutation?: Mutation;
  /** Settings read before, instead of the workspace file. */
  settings?: Settings;
  /** Work that stops the process at each try, while faults last. */
  poison?: Poison | null;
  /** An empty store, or that of an earlier run; by default a new one. */
  store?: VolatileStore;
  /** Time at which the run begins. */
  beginsAt?: number;
  /** The services around the workspace; by default the real adapters over emulated hosts. */
  vendors?(context: VendorContext): Vendors;
}

/** One workspace with all the services that it calls, under one clock and one seed. */
export class World {
  readonly #store: VolatileStore;
  /** The store without faults, for checks. */
  readonly sql: Sql;
  settings: Settings;
  readonly tally: Tally = { crashes: 0, unknowns: 0, refusals: 0, calls: 0, kinds: {} };
  readonly mail: Vendors['mail'];
  readonly registered: Vendors['registered'];
  readonly tool: Vendors['tool'];
  readonly trackerUser: Vendors['trackerUser'];
  readonly admins: Vendors['admins'];
  readonly setUps: Vendors['setUps'];
  /** Periods in which a tracker's set-up refused what we write. */
  readonly setUpTroubles: SetUpTrouble[] = [];
  /** Creates and edits that a tracker refused for their content. */
  readonly refusedCalls: RefusedCall[] = [];
  /** Periods in which our account could not read an issue, after a person hid, moved or deleted it. */
  /** Issues that a person brought back: a converted one is open afterwards. */
  readonly broughtBack: { tracker: TrackerName; id: string }[] = [];
  readonly absent: { tracker: TrackerName; id: string; from: number; to: number }[] = [];
  /** Copies of our issues by people, with their content at that time. */
  readonly copies: { tracker: TrackerName; key: string; was: string }[] = [];
  /** Whether the repository is hidden from our account. */
  isHidden = false;
  readonly foreign: ForeignIssue[] = [];
  readonly events: Vendors['events'];
  readonly packs: Vendors['packs'];
  /** Everything stored in the trackers, as text; personal data must never appear in it. */
  readonly trackerStates: () => string;
  /** Makes a tracker accept another token than ours, or ours again. */
  readonly accept: Vendors['accept'];
  /** Refusals of our token per tracker: their number, and the start of the present one. */
  readonly refusing = new Map<TrackerName, { since: number | null; times: number }>();
  /** The trackers' own limits. */
  readonly limits: Vendors['limits'];
  readonly signatures: Vendors['signatures'];
  /** Work that stops the process at each try, while faults last. */
  readonly poison: Poison | null;
  /** Deaths by the poisoned work, and the work that waited for it when faults ended. */
  stopping: StoppingWork | null = null;
  readonly log: string[] = [];
  /** What people and tools outside did, for the second checker. */
  readonly diary: Diary = [];
  /** Deviations from a vendor's API description or rules. */
  readonly offSpec: string[];
  readonly strangersKeys = keyring('a key of somebody else, who knows none of ours');
  /** Issues that people closed or reopened, with the kind of closing. */
  readonly closings: { tracker: string; id: string; kind: string }[] = [];
  /** Releases and milestones that another tool reported. */
  readonly shipped: { kind: 'release' | 'milestone'; at: number }[] = [];
  /** Cases that a person closed or declined from their page. */
  readonly closedFromPage = new Set<string>();
  /** Cases whose fix a person marked as shipped on their page. */
  readonly shippedFromPage = new Set<string>();
  /** Last answer of each follow-up that was corrected at once. */
  readonly corrections = new Map<string, string>();
  readonly ticks = new Map<string, string>();
  /** Webhooks about ticks, which may come late or again. */
  readonly hooks: { id: string; body: string }[] = [];
  /** People who left the workspace file, with the time. */
  readonly left: { person: string; at: number }[] = [];
  /** Time of the opt-out per address. */
  readonly optOuts = new Map<string, number>();
  /** Mails to the addresses of cases. */
  readonly replies: SentReply[] = [];
  /** Time of the bounce per address. */
  readonly dead = new Map<string, number>();
  faults = true;
  /** Called with every request that is sent. */
  onRequest: (request: Request) => void = () => {};
  core: Core;
  #now: number;
  #later: { at: number; work: () => Promise<void> }[] = [];
  #life: Life;
  readonly #chance: Chance;
  readonly #rates: FaultRates;
  readonly #mutation: Mutation;
  readonly #turns: Turns;
  readonly #vendors: Vendors;

  constructor(
    chance: Chance,
    rates: FaultRates,
    {
      workspaceFile,
      template,
      keylessMail = false,
      answerSettleMs = 0,
      mutation = {},
      vendors,
      settings,
      store,
      poison = null,
      beginsAt = start,
    }: Scenario = {},
  ) {
    this.#now = beginsAt;
    this.#store = store ?? createVolatileStore();
    this.sql = this.#store.sql;
    this.poison = poison;
    this.#chance = chance;
    this.#rates = rates;
    this.#mutation = mutation;
    this.#turns = new Turns(chance, vendors !== undefined);
    this.settings = settings ?? simulatedSettings(workspaceFile, template);
    mutation.settings?.(this.settings);
    const now = () => this.#now;
    this.#vendors = (vendors ?? emulatedVendors)({
      chance,
      settings: this.settings,
      keylessMail,
      answerSettleMs,
      sql: this.sql,
      tally: this.tally,
      turns: this.#turns,
      now,
      rates: () => this.#currentRates(),
      commit: this.#store.commit,
      advance: (ms) => {
        this.#now += ms;
      },
      later: (ms, work) => {
        this.#later.push({ at: this.#now + ms, work });
        this.#later.sort((a, b) => a.at - b.at);
      },
      sends: (request) => this.onRequest(request),
      deliver: (body, headers) => this.#takeDelivery(body, headers),
    });
    ({
      mail: this.mail,
      registered: this.registered,
      tool: this.tool,
      trackerUser: this.trackerUser,
      admins: this.admins,
      setUps: this.setUps,
      accept: this.accept,
      limits: this.limits,
      offSpec: this.offSpec,
      events: this.events,
      packs: this.packs,
      trackerStates: this.trackerStates,
      signatures: this.signatures,
    } = this.#vendors);
    this.trackerUser = watchPeople(this.trackerUser, this.diary, now);
    this.tool.questions.push(
      { id: 'completed', title: 'Is it installed?', type: 'yes-no', choices: {} },
      { id: 'ease', title: 'How easy was it?', type: 'number', choices: {} },
    );
    const { sql } = this;
    migrate(sql, migrations);
    setPollTimersToNow({ sql, clock: { now } }, this.settings);
    updateSourcesFromSettings({ sql, clock: { now } }, this.settings);
    startWatchingRisks({ sql, clock: { now } });
    setHuddleTimers({ sql, clock: { now } }, this.settings);
    this.#life = this.#newLife();
    this.core = this.#boot();
  }

  get now(): number {
    return this.#now;
  }

  /** Whether a kind of fault or trouble may happen in this run. */
  allows(kind: string): boolean {
    return this.#rates.kinds?.has(kind) ?? true;
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

  async #takeDelivery(body: Uint8Array, headers: Record<string, string>): Promise<boolean> {
    const arrival = { source: 'tool', raw: { body, headers, receivedAt: this.#now } };
    const acked = await this.mortal(async () => {
      if (!(await isGenuineDelivery(this.core, arrival))) throw new Error('a genuine delivery was refused');
      return storeDeliveries(this.core, [arrival]);
    });
    return acked !== null;
  }

  #newLife(): Life {
    return newLife(this.#chance, () => this.#currentRates(), this.tally);
  }

  #currentRates(): FaultRates {
    return this.faults ? this.#rates : { ...this.#rates, crash: 0, integrations: 0 };
  }

  #nextDue(): number {
    return findNextWorkAt(this.sql) ?? Number.POSITIVE_INFINITY;
  }

  async #runLater(): Promise<void> {
    const due = this.#later.filter(({ at }) => at <= this.#now);
    this.#later = this.#later.filter(({ at }) => at > this.#now);
    for (const { work } of due) await work();
  }

  /** The store of one life, in which poisoned work kills. */
  #storeOf(life: Life): Pick<Core, 'sql' | 'durability'> {
    const mortal = { sql: mortalSql(this.sql, life), durability: mortalDurability(this.#store.durability, life) };
    return this.poison && this.faults ? poisonStore(mortal, life, this.poison) : mortal;
  }

  /** Works with other settings from now on, as after a push. */
  takeSettings(settings: Settings): void {
    this.settings = settings;
    this.core.settings = settings;
  }

  /** Ends all faults, as a corrected version does that starts. */
  endFaults(): void {
    if (this.poison) this.stopping = recordStoppingWork(this.sql, this.poison, this.#now);
    this.faults = false;
    this.#life = this.#newLife();
    this.core = this.#boot();
  }

  #boot(): Core {
    this.#busy = new Set();
    const life = this.#life;
    const chance = this.#chance;
    const integrations = this.#vendors.integrations(life);
    return {
      workspace: 'acme',
      publicUrl: 'http://caselite.test',
      ...this.#storeOf(life),
      giveWay: async () => {},
      clock: { now: () => this.#now },
      random: {
        fraction: () => chance.fraction(),
        bytes: (length) => Uint8Array.from({ length }, () => chance.below(256)),
      },
      keys: keyring('a key of the simulation, long enough to be one'),
      log: { info: () => {}, error: (event, facts) => this.log.push(`${event} ${JSON.stringify(facts)}`) },
      settings: this.settings,
      integrations: recordRefusedCalls(
        this.#mutation.integrations?.(integrations) ?? integrations,
        this.refusedCalls,
        () => this.#now,
      ),
    };
  }
}
