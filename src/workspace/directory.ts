import { DurableObject } from 'cloudflare:workers';
import type { Clock } from '#domain/base/ports.ts';
import { minuteMs } from '#domain/time/units.ts';
import { createObjectSql } from './object-sql.ts';
import { type Failure, type Result, toFailure } from './result.ts';
import { type Migration, migrate } from './store/migrate.ts';
import { columnOf } from './store/table.ts';

const wakeIntervalMs = minuteMs;

const migrations: Migration[] = [
  { name: '0001-workspaces.sql', sql: 'CREATE TABLE IF NOT EXISTS workspaces (name TEXT PRIMARY KEY)' },
];

interface Woken {
  WORKSPACES: { idFromName(name: string): unknown; get(id: unknown): { wake(): Promise<void> } };
}

/** Lists the workspaces and wakes each from time to time: the second path to every alarm. */
export class Directory extends DurableObject<Woken> {
  readonly #sql;
  /** Why the stored data is refused; null where it is not. */
  #refused: Failure | null = null;
  readonly #clock: Clock = { now: () => Date.now() };

  constructor(ctx: DurableObjectState, env: Woken) {
    super(ctx, env);
    this.#sql = createObjectSql(ctx.storage);
    try {
      migrate(this.#sql, migrations);
    } catch (error) {
      this.#refused = toFailure(error);
    }
  }

  async add(name: string): Promise<Result<object>> {
    if (this.#refused) return this.#refused;
    this.#sql.run('INSERT INTO workspaces (name) VALUES (?) ON CONFLICT DO NOTHING', name);
    await this.ctx.storage.setAlarm(this.#clock.now() + wakeIntervalMs);
    return { ok: true, value: {} };
  }

  list(): Result<string[]> {
    if (this.#refused) return this.#refused;
    return { ok: true, value: columnOf<string>(this.#sql, 'SELECT name FROM workspaces ORDER BY name') };
  }

  /** Wakes every workspace; a failing one does not stop the others. */
  async sweep(): Promise<void> {
    const { WORKSPACES } = this.env;
    const names = this.list();
    if (!names.ok) return;
    await Promise.allSettled(names.value.map((name) => WORKSPACES.get(WORKSPACES.idFromName(name)).wake()));
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.setAlarm(this.#clock.now() + wakeIntervalMs);
    await this.sweep();
  }
}
