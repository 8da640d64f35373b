import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { serveAt } from '#adapters/emulators/serve.ts';
import { backup, restore } from '#src/cli/restore.ts';

const header = {
  ...{ caselite: 'backup', format: 1, schema: '0001', workspace: 'acme', at: '2026-11-30T12:00:00.000Z', key: 'print' },
  lines: 2,
};
let target: string;
let lines: string[];
let restored: { header: object; lines: string[] } | null;
let url: string;

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'caselite-backup-'));
  target = join(folder, 'acme.jsonl');
  const app = new Hono().basePath('/api/v1/workspaces/acme');
  app.post('/backups', (c) => c.json({ header, next: '1' }));
  app.get('/backups/lines', (c) => c.json({ items: lines, next: null }));
  restored = null;
  app.post('/restore', async (c) => {
    restored = await c.req.json();
    return c.json({ taken: header.lines });
  });
  app.delete('/backups', (c) => c.json({ detail: 'It was ended just now.' }, 500));
  const served = await serveAt(() => app, { host: '127.0.0.1', port: 0 });
  ({ url } = served);
  vi.stubEnv('BACKUP_TOKEN', 'a token');
  vi.spyOn(console, 'log').mockImplementation(() => {});
  onTestFinished(async () => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    await served.close();
    rmSync(folder, { recursive: true });
  });
});

const options = () => ({ url, tokenVariable: 'BACKUP_TOKEN', workspace: 'acme' });
const take = () => backup(target, options());

it('a whole backup stays, though its copy was not dropped', async () => {
  lines = ['{"a":1}', '{"b":2}'];
  expect(await take()).toBe(0);
  const [first = '', ...rows] = readFileSync(target, 'utf8').split('\n');
  expect(JSON.parse(first)).toEqual({ ...header, sha256: expect.stringMatching(/^[\da-f]{64}$/) });
  expect(rows).toEqual([...lines, '']);
});

it('a backup is restored row for row, also with the line separators that people paste', async () => {
  lines = ['{"a":"first\u2028second\u2029third\u0085"}', '{"b":"Größe 👍"}'];
  await take();
  expect(await restore(target, options())).toBe(0);
  expect(restored).toMatchObject({ header, lines });
});

it('a backup that was changed or cut is refused before the workspace loses anything; one without a checksum is taken', async () => {
  lines = ['{"a":1}', '{"b":2}'];
  await take();
  const text = readFileSync(target, 'utf8');
  for (const changed of [
    text.replace('"b":2', '"b":3'),
    text.replace('acme', 'other'),
    text.replace('{"b":2}\n', ''),
  ]) {
    writeFileSync(target, changed);
    await expect(restore(target, options())).rejects.toThrow('was changed or cut after it was written: its checksum');
    expect(restored).toBeNull();
  }
  writeFileSync(target, text.replace(/,"sha256":"\w+"/, '').replace('"b":2', '"b":3'));
  expect(await restore(target, options())).toBe(0);
  expect(restored).toMatchObject({ lines: ['{"a":1}', '{"b":3}'] });
});

it('a backup that was cut leaves no file with the data of customers, and says why', async () => {
  lines = ['{"a":1}'];
  await expect(take()).rejects.toThrow('The backup has 1 rows instead of 2; try again.');
  expect([existsSync(target), existsSync(`${target}.new`)]).toEqual([false, false]);
});

it('a disk that is full in the last write of a backup leaves no file that looks whole', async () => {
  lines = [`{"a":"${'x'.repeat(9000)}"}`, '{"b":2}'];
  const words = ['backup', target, '--url', url, '--workspace', 'acme', '--token-variable', 'BACKUP_TOKEN'];
  const script = join(import.meta.dirname, '..', '..', 'src', 'cli', 'caselite.ts');
  // A limit on the size of files takes a part of the write as a full disk does.
  const limited = ['-c', 'ulimit -f 4; exec "$@"', 'sh', process.execPath, script, ...words];
  const ran = spawn('sh', limited, { stdio: 'ignore', env: { ...process.env, BACKUP_TOKEN: 'a token' } });
  const [status] = await once(ran, 'exit');
  expect([status, existsSync(target), existsSync(`${target}.new`)]).toEqual([2, false, false]);
});
