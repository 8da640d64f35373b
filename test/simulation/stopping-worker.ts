import { DurableObject } from 'cloudflare:workers';
import { migrations } from '#src/workspace/migrations/index.ts';
import { createObjectSql } from '#src/workspace/object-sql.ts';
import { runBatch } from '#src/workspace/run-batch.ts';
import { migrate } from '#src/workspace/store/backup.ts';
import { columnOf } from '#src/workspace/store/table.ts';

const culprit = 3;

interface Objects {
  OBJECTS: { idFromName(name: string): unknown; get(id: unknown): { fetch(url: string): Promise<Response> } };
}

/** An object whose alarm works on six numbers, one of which hangs the process. */
export class Numbers extends DurableObject {
  readonly #sql = createObjectSql(this.ctx.storage);

  async fetch(url: string | Request): Promise<Response> {
    migrate(this.#sql, migrations);
    this.#sql.run('CREATE TABLE IF NOT EXISTS numbers (id INTEGER PRIMARY KEY, state TEXT)');
    if (new URL(url instanceof Request ? url.url : url).pathname === '/start') {
      for (let id = 1; id <= 6; id += 1) this.#sql.run("INSERT INTO numbers VALUES (?, 'waiting')", id);
      await this.ctx.storage.setAlarm(Date.now());
    }
    return Response.json(this.#sql.all('SELECT id, state FROM numbers ORDER BY id'));
  }

  override async alarm(): Promise<void> {
    const set = (id: number, state: string) => this.#sql.run('UPDATE numbers SET state = ? WHERE id = ?', state, id);
    await runBatch(
      { sql: this.#sql, durability: this.ctx.storage, clock: { now: () => Date.now() }, giveWay: async () => {} },
      {
        name: 'numbers',
        list: () => columnOf(this.#sql, "SELECT id FROM numbers WHERE state = 'waiting' ORDER BY id"),
        work: (id) => {
          while (id === culprit);
          set(id, 'done');
        },
        setAside: (id) => set(id, 'set-aside'),
      },
    );
  }
}

export default {
  fetch(request: Request, { OBJECTS }: Objects): Promise<Response> {
    const { pathname } = new URL(request.url);
    return OBJECTS.get(OBJECTS.idFromName(pathname === '/other' ? 'other' : 'poisoned')).fetch(request.url);
  },
};
