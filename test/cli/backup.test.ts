import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { serveAt } from '#adapters/emulators/serve.ts';
import { backup } from '#src/cli/restore.ts';

const header = { caselite: 'backup', workspace: 'acme', at: '2026-11-30T12:00:00.000Z', key: 'print', lines: 2 };
let target: string;
let lines: string[];
let url: string;

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'caselite-backup-'));
  target = join(folder, 'acme.jsonl');
  const app = new Hono().basePath('/api/v1/workspaces/acme');
  app.post('/backups', (c) => c.json({ header, next: '1' }));
  app.get('/backups/lines', (c) => c.json({ items: lines, next: null }));
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

const take = () => backup(target, { url, tokenVariable: 'BACKUP_TOKEN', workspace: 'acme' });

it('a whole backup stays, though its copy was not dropped', async () => {
  lines = ['{"a":1}', '{"b":2}'];
  expect(await take()).toBe(0);
  expect(readFileSync(target, 'utf8')).toBe(`${JSON.stringify(header)}\n{"a":1}\n{"b":2}\n`);
});

it('a backup that was cut leaves no file with the data of customers, and says why', async () => {
  lines = ['{"a":1}'];
  await expect(take()).rejects.toThrow('The backup has 1 rows instead of 2; try again.');
  expect([existsSync(target), existsSync(`${target}.new`)]).toEqual([false, false]);
});
