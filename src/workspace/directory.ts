import { DurableObject } from 'cloudflare:workers';
import type { Clock } from '#domain/base/ports.ts';
import { minuteMs } from '#domain/time/units.ts';
import { createObjectSql } from './object-sql.ts';

const wakeIntervalMs = minuteMs;

interface Woken {
  WORKSPACES: { idFromName(name: string): unknown; get(id: unknown): { wake(): Promise<void> } };
}

/** Lists the workspaces and wakes each from time to time: the second path to every alarm. */
export class Directory extends DurableObject<Woken> {
  readonly #sql;
  readonly #clock: Clock = { now: () => Date.now() };

  constructor(ctx: DurableObjectState, env: Woken) {
    super(ctx, env);
    this.#sql = createObjectSql(ctx.storage);
    this.#sql.run('CREATE TABLE IF NOT EXISTS workspaces (name TEXT PRIMARY KEY)');
  }

  async add(name: string): Promise<void> {
    this.#sql.run('INSERT INTO workspaces (name) VALUES (?) ON CONFLICT DO NOTHING', name);
    await this.ctx.storage.setAlarm(this.#clock.now() + wakeIntervalMs);
  }

  list(): string[] {
    return this.#sql.all<{ name: string }>('SELECT name FROM workspaces ORDER BY name').map(({ name }) => name);
  }

  /** Wakes every workspace; a failing one does not stop the others. */
  async sweep(): Promise<void> {
    const { WORKSPACES } = this.env;
    await Promise.allSettled(this.list().map((name) => WORKSPACES.get(WORKSPACES.idFromName(name)).wake()));
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.setAlarm(this.#clock.now() + wakeIntervalMs);
    await this.sweep();
  }
}
