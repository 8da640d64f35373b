import { DurableObject } from 'cloudflare:workers';
import type { Settings, SettingsFile } from '#domain/templates/template.ts';
import type { Bindings } from '../deployment.ts';
import { createConsoleLog } from '../log.ts';
import * as ports from '../object-ports.ts';
import { Alarm } from './alarm.ts';
import { type RestorePart, takeRestorePart, unfinishedRestoreMessage } from './backup/backup.ts';
import { call, chooseAuthor, identify } from './call.ts';
import { handOverFromLeavers } from './cases/hand-over.ts';
import { Gathering } from './intake/gather.ts';
import { updateSourcesFromSettings } from './intake/keep-sources.ts';
import { type Arrival, isGenuineDelivery, storeDeliveries } from './intake/receive.ts';
import { addIssueSettingsWarnings, checkTrackers, retryAfterCheck } from './issues/check-trackers.ts';
import { AppError, type basics, type Core, type CorePorts, type json, minuteMs, type port, store } from './kit.ts';
import { applyMailEvent } from './loop/withdraw.ts';
import { migrations } from './migrations/index.ts';
import { type BacktestRequest, backtestStoredTemplate, describeUnpushedFiles } from './queries/settings.ts';
import type { OperationBeyondCore } from './operations.ts';
import { notVerifiedResult, type Result, toFailure } from './result.ts';
import { chooseActor, demandRight, rights } from './rights.ts';
import { runDue } from './run-due.ts';
import { describeDoubts } from './settings/describe-doubts.ts';
import * as changes from './settings/push-settings.ts';
import { demandName, type Push, type PushAnswer, pushSettings, type UnsignedPush } from './settings/push-settings.ts';
import { takeHook } from './take-hook.ts';
import { retryLongRefusedRows, retryRefusedEverywhere } from './tracker-requests/refusals.ts';

/** The first is from a delivery to its judging, so that what arrives together is judged together. */
const [judgeDelayMs, busyRunIntervalMs, retryAfterErrorMs, pushCheckMs] = [5, 1000, 10_000, 5000];
/** The platform ends an alarm after 15 minutes. */
const longestRunMs = 10 * minuteMs;

/** One workspace with its state, outbox and schedule: alarms and calls only; the work is in the files beside it. */
export class Workspace extends DurableObject<Bindings> {
  #base: CorePorts;
  #core: Core | null = null;
  /** Why the stored settings give no core; a push corrects them. */
  #refused: AppError | null = null;
  #unusable: AppError | null = null;
  readonly #busyQueues = new Set<string>();
  readonly #alarm = new Alarm(this.ctx.storage);
  readonly #gathering = new Gathering((arrivals) => this.#store(arrivals), ports.flood);

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env);
    this.#base = ports.createObjectPorts(ctx.storage, env);
    ctx.blockConcurrencyWhile(async () => {
      this.#open();
      await this.#arm();
    });
  }

  #open(): void {
    this.#core = null;
    this.#unusable = null;
    try {
      this.#base = ports.openStore(this.#base, this.env, migrations);
      const latest = store.findLatestSettingsVersion(this.#base.sql);
      if (latest) this.#load(latest);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#unusable = error;
      createConsoleLog(this.ctx.id.name ?? '').error('data-unusable', { error: error.message });
    }
  }

  /** Why nothing is taken in or answered; a sender that is asked to come back keeps what it sent. */
  get #closed(): AppError | null {
    return this.#unusable ?? this.#refused;
  }

  async receive(source: string, raw: port.RawDelivery): Promise<Result<{ id: string }>> {
    const core = this.#core;
    if (this.#closed) return toFailure(this.#closed);
    const arrival = { source, raw: { ...raw, receivedAt: this.#base.clock.now() } };
    if (!core || !(await isGenuineDelivery(core, arrival))) return notVerifiedResult;
    return { ok: true, value: { id: await this.#gathering.add(arrival) } };
  }

  async receiveMailEvents(raw: port.RawDelivery): Promise<Result<{ events: number }>> {
    const core = this.#core;
    if (this.#closed) return toFailure(this.#closed);
    const now = this.#base.clock.now();
    const events = await core?.integrations.readMailEvents({ ...raw, receivedAt: now }, now);
    if (!core || !events) return notVerifiedResult;
    core.sql.transaction(() => events.map((event) => applyMailEvent(core, event)));
    return this.#arm().then(() => ({ ok: true, value: { events: events.length } }));
  }

  async hint(
    tracker: string,
    hook: { body: Uint8Array; headers: Record<string, string> },
  ): Promise<Result<{ news: boolean }>> {
    const core = this.#core;
    if (this.#closed) return toFailure(this.#closed);
    const genuine = await core?.integrations.hint(tracker, hook, this.#base.clock.now());
    if (!core || !genuine) return notVerifiedResult;
    const news = takeHook(core, tracker, genuine);
    return this.#arm().then(() => ({ ok: true, value: { news } }));
  }

  /** Runs what the alarm would: the second path. @returns how long due work had waited, in milliseconds, or why none runs */
  async wake(): Promise<Result<number>> {
    if (this.#unusable) return toFailure(this.#unusable);
    const value = this.#core ? store.computeLagMs(this.#base.sql, this.#base.clock.now()) : 0;
    return this.#run().then(() => ({ ok: true, value }));
  }

  async call(caller: basics.Caller, name: string, values: unknown[]): Promise<Result<unknown>> {
    const begun = this.#answer((core) => call(core, caller, name, values));
    return ports.takeAllSteps(begun).finally(() => this.#arm());
  }

  /** Takes new settings; the first make the workspace, before which only the deployment's token has a right to it. */
  async push(caller: basics.Caller, workspace: string, push: UnsignedPush): Promise<Result<PushAnswer>> {
    try {
      const author = chooseAuthor(this.#core, caller, push.author);
      if (this.#unusable) throw this.#unusable;
      const read = (files: SettingsFile[], next: number) => demandName(this.#read(files, next), workspace);
      const { settings, version, changed } = pushSettings(this.#base, { ...push, author }, read, this.#core);
      const core = this.#use(settings);
      retryRefusedEverywhere(core);
      const given = core.sql.transaction(() => handOverFromLeavers(core, author));
      const warnings = [...given, ...describeDoubts(settings, core.sql)];
      await this.#arm();
      if (changed) await ports.within(pushCheckMs, addIssueSettingsWarnings(core, warnings));
      return { ok: true, value: { version, changed, warnings: [...warnings] } };
    } catch (error) {
      return toFailure(error);
    }
  }

  async restore(caller: basics.Caller, workspace: string, part: RestorePart): Promise<Result<{ taken: number }>> {
    try {
      if (this.#core) demandRight(this.#core, identify(this.#core, caller), rights.restore, []);
      else if (caller.kind !== 'program') throw new AppError('auth', 'Nobody may do this yet.');
      ports.demandSealingKey(this.env, part.header.key);
      this.#core = null;
      this.#unusable = new AppError('config', unfinishedRestoreMessage);
      // A call under way would record its outcome in the store that comes.
      await ports.waitForCalls(this.#busyQueues);
      takeRestorePart(this.#base.sql, part, { workspace, migrations, now: this.#base.clock.now() });
      return { ok: true, value: { taken: part.from + part.lines.length } };
    } catch (error) {
      return toFailure(error);
    } finally {
      this.#open();
      await this.#arm();
    }
  }

  async renameQuestion(caller: basics.Caller, workspace: string, renamed: changes.RenamedQuestion) {
    const draft = (core: Core, who: string) => changes.draftRenamedQuestion(core, { ...renamed, who });
    return this.#pushDraft(workspace, this.#allow(caller, 'renameQuestion', draft, renamed.who));
  }

  async changeSettings(caller: basics.Caller, workspace: string, changed: changes.ChangedSettings) {
    const draft = (core: Core, who: string) => changes.draftChangedSettings(core, { ...changed, who });
    return this.#pushDraft(workspace, this.#allow(caller, 'changeSettings', draft));
  }

  async connectTracker(caller: basics.Caller, connection: ports.TrackerConnection) {
    const allowed = this.#allow(caller, 'connectTracker', (core, who) => ({ core, who }));
    return ports.connectTracker(allowed, this.env, connection);
  }

  async listForms(caller: basics.Caller, source: string) {
    return ports.listForms(this.#allow(caller, 'listForms', (core) => core.integrations.source(source)));
  }

  async validate(caller: basics.Caller, files: SettingsFile[]): Promise<Result<json.UnpushedChanges>> {
    return this.#allow(caller, 'validate', (core) => describeUnpushedFiles(core, files, this.#read(files, 0)));
  }

  /** Checks the set-up of each tracker; a paused one gets a trial call at once, and what was refused is tried again. */
  async check(caller: basics.Caller): Promise<Result<port.TrackerSetUpReport[]>> {
    const allowed = this.#allow(caller, 'check', (core) => core);
    if (!allowed.ok) return allowed;
    const { settings, integrations, clock } = retryAfterCheck(allowed.value);
    await this.#arm();
    return { ok: true, value: await checkTrackers(settings, integrations, clock.now()) };
  }

  async secrets(caller: basics.Caller): Promise<Result<json.SecretJson[]>> {
    return this.#allow(caller, 'secrets', (core) => ports.listSecrets(core, this.env));
  }

  async enterSecret(caller: basics.Caller, secret: ports.EnteredSecret): Promise<Result<{ retried: string }>> {
    const entered = this.#allow(caller, 'enterSecret', (core, who) => {
      ports.enterSecret(core, this.env, { ...secret, who });
      return { retried: retryAfterCheck(this.#use(core.settings)).workspace };
    });
    return this.#arm().then(() => entered);
  }

  async backtest(caller: basics.Caller, request: BacktestRequest) {
    const begin = (core: Core) => backtestStoredTemplate(core, request, this.#read);
    return ports.takeAllSteps(this.#allow(caller, 'backtest', begin));
  }

  /** Never throws: the runtime drops an alarm for good after a few throws. */
  override async alarm(): Promise<void> {
    await this.#run();
  }

  /** The next alarm comes when this one has ended: while queues wait for a slow host, everything else runs here. */
  async #run(): Promise<void> {
    this.#alarm.forget();
    const until = this.#base.clock.now() + longestRunMs;
    const works = new Set<Promise<void>>();
    do {
      const work = this.#work().finally(() => works.delete(work));
      works.add(work);
      await ports.within(busyRunIntervalMs, Promise.all(works));
    } while (works.size > 0 && this.#base.clock.now() < until);
  }

  async #work(): Promise<void> {
    try {
      if (this.#core) await runDue(this.#core, this.#busyQueues);
      await this.#arm();
    } catch (error) {
      const log = this.#core?.log ?? createConsoleLog('not set up');
      log.error('run-failed', { error: error instanceof Error ? error.name : 'unknown' });
      await this.#alarm.set(this.#base.clock.now() + retryAfterErrorMs);
    }
  }

  /** Derives the alarm: the earliest due row, or none without settings. */
  async #arm(): Promise<void> {
    const due = this.#core && store.findNextWorkAt(this.#base.sql);
    if (due === null) return;
    const now = this.#base.clock.now();
    await this.#alarm.set(Math.max(due, this.#busyQueues.size > 0 ? now + busyRunIntervalMs : now));
  }

  async #store(arrivals: Arrival[]): Promise<string[]> {
    if (!this.#core) throw new AppError('conflict', 'A restore is under way; send the delivery again.');
    const ids = storeDeliveries(this.#core, arrivals);
    await this.#alarm.bringForward(this.#base.clock.now() + judgeDelayMs);
    await this.ctx.storage.sync();
    return ids;
  }

  /** Stored settings that this version refuses wait for a push; everything else stays. */
  #load({ files, version }: store.SettingsVersion): void {
    try {
      const settings = this.#read(files, version, true);
      updateSourcesFromSettings(this.#base, settings);
      retryLongRefusedRows(this.#use(settings));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#refused = ports.refuseStoredSettings(error, { files, version });
    }
  }

  #read = (files: SettingsFile[], version: number, wasAcceptedBefore = false): Settings =>
    ports.readDeployedSettings(this.#base, this.env, { files, version, wasAcceptedBefore });

  #use(settings: Settings): Core {
    this.#core = ports.createCore(this.#base, this.env, settings);
    this.#refused = null;
    return this.#core;
  }

  #allow<Value>(
    caller: basics.Caller,
    name: OperationBeyondCore,
    work: (core: Core, who: string) => Value,
    given?: string,
  ): Result<Value> {
    return this.#answer((core) => {
      const party = identify(core, caller);
      demandRight(core, party, rights[name], []);
      return work(core, chooseActor(core, party, rights[name], [], given));
    });
  }

  #pushDraft = (workspace: string, draft: Result<Push>): Promise<Result<PushAnswer>> | Result<PushAnswer> =>
    draft.ok ? this.push({ kind: 'program' }, workspace, draft.value) : draft;

  #answer<Value>(work: (core: Core) => Value): Result<Value> {
    try {
      if (!this.#core) throw this.#closed ?? new AppError('not-found', 'There is no such workspace.');
      return { ok: true, value: work(this.#core) };
    } catch (error) {
      return toFailure(error);
    }
  }
}
