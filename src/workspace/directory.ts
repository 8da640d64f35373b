import { DurableObject } from 'cloudflare:workers';
import { type Bindings, variable } from '../deployment.ts';
import { findObject, type Objects, platformClock } from '../objects.ts';
import { AppError, minuteMs, store } from './kit.ts';
import { createObjectSql } from './object-sql.ts';
import { type Failure, type Result, toFailure } from './result.ts';

const wakeIntervalMs = minuteMs;
const longestSilenceMs = 3 * minuteMs;
const longestLagMs = 5 * minuteMs;

const migrations: store.Migration[] = [
  {
    name: '0001-workspaces.sql',
    sql: `CREATE TABLE IF NOT EXISTS workspaces (name TEXT PRIMARY KEY);
      CREATE TABLE IF NOT EXISTS probes (id INTEGER PRIMARY KEY, at INTEGER NOT NULL)`,
  },
  { name: '0002-admins.sql', sql: 'CREATE TABLE admins (person TEXT PRIMARY KEY)' },
];

type Woken = Bindings & { WORKSPACES: Objects<{ wake(): Promise<Result<number>> }> };

/** Lists the workspaces and wakes each from time to time: the second path to every alarm. */
export class Directory extends DurableObject<Woken> {
  readonly #sql;
  /** Why the stored data is refused; null where it is not. */
  #refused: Failure | null = null;
  readonly #clock = platformClock;
  #sweptAt = this.#clock.now();
  #troubles: string[] = [];

  constructor(ctx: DurableObjectState, env: Woken) {
    super(ctx, env);
    this.#sql = createObjectSql(ctx.storage);
    try {
      store.migrate(this.#sql, migrations);
    } catch (error) {
      this.#refused = toFailure(error);
    }
  }

  /** @param admin an admin of the deployment from now on, as in `demandAdmin` */
  async add(name: string, admin: string | null = null): Promise<Result<object>> {
    if (this.#refused) return this.#refused;
    if (admin !== null) this.#sql.run('INSERT INTO admins (person) VALUES (?) ON CONFLICT DO NOTHING', admin);
    this.#sql.run('INSERT INTO workspaces (name) VALUES (?) ON CONFLICT DO NOTHING', name);
    await this.ctx.storage.setAlarm(this.#clock.now() + wakeIntervalMs);
    return { ok: true, value: {} };
  }

  /** The first workspace, which one of several holders of the code begins. */
  async addFirst(name: string, admin: string): Promise<Result<object>> {
    const names = this.list();
    if (!names.ok || names.value.length === 0) return names.ok ? this.add(name, admin) : names;
    return toFailure(new AppError('conflict', 'Caselite was set up at this moment; load the page again to sign in.'));
  }

  list(): Result<string[]> {
    if (this.#refused) return this.#refused;
    return { ok: true, value: store.columnOf<string>(this.#sql, 'SELECT name FROM workspaces ORDER BY name') };
  }

  /** Refuses who may not begin workspaces: those may who began the first, or whom the deployment names, as `finance/ada`. */
  demandAdmin(person: string): Result<object> {
    if (this.#refused) return this.#refused;
    const named = (variable(this.env, 'DEPLOYMENT_ADMINS') ?? '').split(/[\s,]+/);
    if (named.includes(person) || store.hasRow(this.#sql, 'SELECT 1 FROM admins WHERE person = ?', person))
      return { ok: true, value: {} };
    const message = `Only admins of the deployment do this: the operator names ${person} in DEPLOYMENT_ADMINS.`;
    return toFailure(new AppError('forbidden', message));
  }

  async begin(name: string, person: string): Promise<Result<object>> {
    const allowed = this.demandAdmin(person);
    return allowed.ok ? this.add(name) : allowed;
  }

  /** Wakes every workspace; a failing one does not stop the others. */
  async sweep(): Promise<void> {
    const names = this.list();
    if (!names.ok) return;
    const wake = (name: string) => findObject(this.env, this.env.WORKSPACES, name).wake();
    const lags = await Promise.allSettled(names.value.map(wake));
    this.#sweptAt = this.#clock.now();
    this.#troubles = lags.flatMap((lag, index) => {
      if (lag.status === 'rejected') return [`workspace ${names.value[index]} does not run: look at the log`];
      if (!lag.value.ok) return [`workspace ${names.value[index]} does not run: ${lag.value.message}`];
      const minutes = Math.round(lag.value.value / minuteMs);
      return lag.value.value > longestLagMs
        ? [`work of workspace ${names.value[index]} waits for ${minutes} minutes`]
        : [];
    });
  }

  async listTroubles(): Promise<string[]> {
    const now = this.#clock.now();
    this.#sql.run('INSERT INTO probes (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at', now);
    await this.ctx.storage.sync();
    const names = this.list();
    if (!names.ok) return [names.message];
    const isSilent = names.value.length > 0 && now - this.#sweptAt > longestSilenceMs;
    return [...(isSilent ? ['no alarm ran for three minutes: restart the runtime'] : []), ...this.#troubles];
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.setAlarm(this.#clock.now() + wakeIntervalMs);
    await this.sweep();
  }
}
