import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import type { Page } from '#domain/base/page.ts';
import type { BackupHeader } from '#domain/json/settings-json.ts';
import { fingerprintOf, seal } from '#src/keyring.ts';
import {
  addManyCounters,
  addNewerMigration,
  countCases,
  readBackupLines,
  readFirstBody,
  replaceSealedRoot,
} from '#test/workspace/store/tampering.ts';
import { newWorkspace } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';
import { variables } from './variables.ts';

useNetwork();
beforeEach(() => network.use(...emulatedHosts().handlers));

type Workspace = Awaited<ReturnType<typeof newWorkspace>>;

const change = ({ stub }: Workspace, ...statements: string[]) =>
  runInDurableObject(stub, async (_, { storage }) => {
    for (const statement of statements) storage.sql.exec(statement);
  });

const query = (stub: unknown, statement: string) =>
  runInDurableObject(stub, async (_, { storage }) => storage.sql.exec(statement).toArray());

const json = async <Value>(answer: Promise<Response>): Promise<Value> => (await answer).json();

async function backup({ call }: Workspace): Promise<{ header: BackupHeader; lines: string[] }> {
  const { header, next } = await json<{ header: BackupHeader; next: string }>(call('POST', 'backups'));
  const lines: string[] = [];
  for (let cursor: string | null = next; cursor; ) {
    const page: Page<string> = await json(call('GET', `backups/lines?cursor=${cursor}`));
    lines.push(...page.items);
    cursor = page.next;
  }
  return { header, lines };
}

test('a backup holds every row of one instant, whatever is written while it is read', async () => {
  const workspace = await newWorkspace();
  await workspace.deliver({ token: 'one', completed: false, ease: 2, wish: 'ünlauts\u0000and "quotes"' });
  await workspace.settle();
  const { header, next } = await json<{ header: BackupHeader; next: string }>(workspace.call('POST', 'backups'));
  expect(header).toMatchObject({
    caselite: 'backup',
    workspace: workspace.name,
    schema: expect.stringMatching(/^\d{4}-[\w-]+\.sql$/),
    key: fingerprintOf(variables.CASELITE_KEY ?? ''),
  });
  await workspace.deliver({ token: 'two', completed: false, ease: 3 });
  await workspace.settle();
  const page = await json<Page<string>>(workspace.call('GET', `backups/lines?cursor=${next}`));
  expect(page.items).toHaveLength(header.lines);
  const rows = page.items.map((line) => JSON.parse(line) as { table: string; row: Record<string, unknown> });
  const count = (table: string) => rows.filter((entry) => entry.table === table).length;
  expect([count('responses'), count('sealed_roots'), count('backup_lines')]).toEqual([1, 1, 0]);
  const [cases] = await query(workspace.stub, countCases);
  expect(count('cases')).toBeGreaterThan(0);
  expect(cases?.count).toBeGreaterThan(count('cases'));
  const [stored] = await query(workspace.stub, readFirstBody);
  expect(rows.find(({ table }) => table === 'deliveries')?.row.body).toBe(stored?.body);
  expect(rows.find(({ table }) => table === 'responses')?.row.content).toContain('ünlauts');
});

test('another backup and an end drop the copy, so that a page of it is refused', async () => {
  const workspace = await newWorkspace();
  const first = await json<{ next: string }>(workspace.call('POST', 'backups'));
  const second = await json<{ next: string }>(workspace.call('POST', 'backups'));
  expect((await workspace.call('GET', `backups/lines?cursor=${first.next}`)).status).toBe(409);
  expect((await workspace.call('GET', `backups/lines?cursor=${second.next}`)).status).toBe(200);
  expect((await workspace.call('DELETE', 'backups')).status).toBe(200);
  expect((await workspace.call('GET', `backups/lines?cursor=${second.next}`)).status).toBe(409);
  expect(await query(workspace.stub, readBackupLines)).toEqual([]);
});

test('the lines are those of the API, page by page, for more rows than one page takes', async () => {
  const workspace = await newWorkspace();
  await change(workspace, addManyCounters);
  const { header, lines } = await backup(workspace);
  expect(lines).toHaveLength(header.lines);
  expect(new Set(lines).size).toBe(lines.length);
});

test('a store with the schema of a newer version is refused by name, and says what to do', async () => {
  const workspace = await newWorkspace();
  await change(workspace, addNewerMigration);
  await evictDurableObject(workspace.stub);
  const answer = await workspace.call('GET', 'cases');
  expect(answer.status).toBe(500);
  expect(await answer.text()).toMatch(/0099-from-the-future\.sql of a newer version.*Start the newer version again/);
  expect((await workspace.call('PUT', 'settings', { files: workspace.files })).status).toBe(500);
  expect((await workspace.deliver({ token: 'one', completed: false, ease: 2 })).status).toBe(503);
  // No fault of the tracker and the mail provider either, which may stop for good at a refusal.
  for (const way of ['trackers/support', 'mail'])
    expect(
      (
        await exports.default.fetch(`http://caselite.test/hooks/${workspace.name}/${way}`, {
          method: 'POST',
          body: '{}',
        })
      ).status,
      way,
    ).toBe(503);
});

test('a directory of a newer version is refused by name as well', async () => {
  const directory = env.DIRECTORY.get(env.DIRECTORY.idFromName('newer'));
  await directory.add('acme');
  await runInDurableObject(directory, async (_, { storage }) => {
    storage.sql.exec(addNewerMigration);
  });
  await evictDurableObject(directory);
  expect(await directory.list()).toMatchObject({
    ok: false,
    code: 'config',
    message: expect.stringContaining('0099-from-the-future.sql of a newer version'),
  });
});

test('a store that was sealed under another key is refused by both fingerprints', async () => {
  const workspace = await newWorkspace();
  const other = 'another key, also long enough to be one';
  await change(workspace, replaceSealedRoot(seal(other, '00')));
  await evictDurableObject(workspace.stub);
  const text = await (await workspace.call('GET', 'cases')).text();
  expect(text).toContain(`fingerprint ${fingerprintOf(other)}`);
  expect(text).toContain(`has ${fingerprintOf(variables.CASELITE_KEY ?? '')}`);
  expect(text).toContain('CASELITE_KEY_PREVIOUS');
});

const restore = ({ call }: Workspace, { header, lines }: { header: object; lines: string[] }, replace = true) =>
  call('POST', 'restore', { header, from: 0, lines, replace });

test('a restore brings everything back, holds it, and an eviction changes nothing about that', async () => {
  const workspace = await newWorkspace((yaml) => `${yaml}admins: [priya]\n`);
  await workspace.deliver({ token: 'one', completed: false, ease: 2 });
  await workspace.settle();
  const whole = await backup(workspace);
  await workspace.deliver({ token: 'two', completed: false, ease: 3 });
  await workspace.settle();
  expect((await restore(workspace, whole, false)).status).toBe(409);
  expect(await json(restore(workspace, whole))).toEqual({ taken: whole.lines.length });
  await evictDurableObject(workspace.stub);
  const { items } = await json<Page<{ id: string }>>(workspace.call('GET', 'responses'));
  expect(items).toHaveLength(1);
  const { hold } = await json<{ hold: { missing: string[] } }>(workspace.call('GET', 'hold'));
  expect(hold.missing[0]).toMatch(/^tracker \S+ is still to be read, after .*\d\d:\d\d$/);
  expect((await workspace.call('POST', 'hold/release', {})).status).toBe(409);
  const page = await (await workspace.visit('priya'))('/hold');
  const text = await page.text();
  expect(text).toContain('Nothing leaves it until an admin');
  expect(text).toContain('are not listed yet');
});

test('a restore that was cut leaves the workspace closed until it is done again', async () => {
  const workspace = await newWorkspace();
  const { header, lines } = await backup(workspace);
  const part = { header, from: 0, lines: lines.slice(0, 2), replace: true };
  expect(await json(workspace.call('POST', 'restore', part))).toEqual({ taken: 2 });
  await evictDurableObject(workspace.stub);
  const refused = await workspace.call('GET', 'cases');
  expect([refused.status, await refused.text()]).toEqual([500, expect.stringContaining('was not finished')]);
  const directory = env.DIRECTORY.get(env.DIRECTORY.idFromName('directory'));
  await directory.sweep();
  expect(await directory.listTroubles()).toContain(
    `workspace ${workspace.name} does not run: A restore into this workspace was not finished. Run caselite restore again, with --replace.`,
  );
  const gap = { ...part, from: 4, lines: lines.slice(4) };
  expect((await workspace.call('POST', 'restore', gap)).status).toBe(409);
  expect(await json(restore(workspace, { header, lines }))).toEqual({ taken: lines.length });
  expect((await workspace.call('GET', 'cases')).status).toBe(200);
});

test('a backup of another workspace, key or newer schema is refused by name, and nothing is lost', async () => {
  const workspace = await newWorkspace();
  const whole = await backup(workspace);
  const asked = async (changes: object) =>
    (await restore(workspace, { ...whole, header: { ...whole.header, ...changes } })).text();
  expect(await asked({ workspace: 'elsewhere' })).toContain('The backup is of workspace elsewhere');
  expect(await asked({ schema: '0099-from-the-future.sql' })).toContain('0099-from-the-future.sql of a newer version');
  expect(await asked({ key: '0123456789ab' })).toContain('another CASELITE_KEY (fingerprint 0123456789ab');
  expect((await workspace.call('GET', 'settings')).status).toBe(200);
});
