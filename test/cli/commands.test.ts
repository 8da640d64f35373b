import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { Hono } from 'hono';
import { expect, it, onTestFinished } from 'vitest';
import { serveAt } from '#adapters/emulators/serve.ts';
import { buildWorker } from '#src/cli/build.ts';
import { Client } from '#src/cli/connect.ts';
import { readDeploymentVariables } from '#src/cli/stack.ts';

const root = join(import.meta.dirname, '..', '..');

it.each([
  ['caselite.ts', ['start', '--port', '99999'], "argument '99999' is invalid. must be a number from 10 to 65535."],
  ['caselite.ts', ['start', '--host', 'localhost'], "argument 'localhost' is invalid. must be an IP address."],
  ['caselite.ts', ['start', '--tour', '--no-emulators'], "option '--tour' cannot be used with option '--no-emulators'"],
  ['caselite.ts', ['send', 'upgrade-survey', 'file.json', '--dta', 'x'], "unknown option '--dta'"],
  ['caselite.ts', ['send', 'upgrade-survey'], "missing required argument 'file'"],
  ['caselite.ts', ['snd'], "unknown command 'snd'"],
  ['caselite.ts', ['send', 'upgrade-survey', root], 'is a folder, and a file is wanted.'],
  ['caselite.ts', ['send', 'upgrade-survey', 'nowhere.json'], 'There is no file nowhere.json.'],
  ['caselite.ts', ['map', root], 'is a folder, and a file is wanted.'],
  ['caselite.ts', ['pull', 'folder', '--version', 'newest'], "argument 'newest' is invalid. must be a number."],
  [
    'deploy.ts',
    ['--var', 'PUBLIC_URL:http://localhost:8787'],
    'http://localhost:8787 is no public address with https.',
  ],
  ['deploy.ts', [], 'The public address is missing.'],
  [
    '../../adapters/surveys/google-forms/script.ts',
    ['https://caselite.test/w/acme'],
    'Use: npm run google-forms -- https://HOST/hooks/WORKSPACE/SOURCE',
  ],
  ['../../test/simulation/simulate.ts', ['--sed', '3'], "Unknown option '--sed'"],
  ['../../test/simulation/simulate.ts', ['--sabotage', 'toString'], 'No sabotage toString.'],
])('%s %j ends with 2 and says what is wrong in a line, without a trace', (command, given, message) => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'src', 'cli', command), ...given], {
    encoding: 'utf8',
  });
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(status).toBe(2);
});

it('a deployment sends every module of the bundle', async () => {
  const { stdout } = spawnSync(process.execPath, [join(root, 'src', 'cli', 'deploy.ts'), '--dry-run'], {
    encoding: 'utf8',
  });
  const { base, dir } = parse(await buildWorker(tmpdir()));
  for (const name of readdirSync(dir)) if (name !== base) expect(stdout).toContain(` ${name} `);
});

it('a command that talks to a start says where nothing was started', () => {
  const folder = mkdtempSync(join(tmpdir(), 'caselite-none-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const given = ['send', 'upgrade-survey', join(root, 'package.json'), '--data', folder];
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'src', 'cli', 'caselite.ts'), ...given], {
    encoding: 'utf8',
  });
  expect(stderr.trim()).toBe(`Nothing was started on ${folder}: run npm start first, or name its folder with --data.`);
  expect(status).toBe(2);
});

it('a command for a deployment that was set up on its pages names the token that it needs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'caselite-pages-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(
    join(folder, 'run.json'),
    JSON.stringify({ url: 'http://127.0.0.1:9', workspace: '', token: '', emulated: {}, trackers: {} }),
  );
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, 'src', 'cli', 'caselite.ts'), 'doctor', '--data', folder],
    { encoding: 'utf8' },
  );
  expect(stderr).toContain('make an API token on the page Sessions and tokens');
  expect(status).toBe(2);
});

it('a file of another workspace than the one that runs is refused by both names', () => {
  const folder = mkdtempSync(join(tmpdir(), 'caselite-other-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const run = { url: 'http://127.0.0.1:9', workspace: 'acme', token: 'token', emulated: {}, trackers: {} };
  writeFileSync(join(folder, 'run.json'), JSON.stringify(run));
  const file = join(root, 'templates', 'workspaces', 'small.yaml');
  const given = [join(root, 'src', 'cli', 'caselite.ts'), 'diff', file, '--data', folder];
  const { status, stderr } = spawnSync(process.execPath, given, { encoding: 'utf8' });
  expect(stderr).toContain(
    `What runs on ${folder} is workspace acme, not small: name the folder of small with --data.`,
  );
  expect(status).toBe(2);
});

it('a start passes on every variable that its page names, and those of workspaces that no file names', () => {
  const [, table = ''] = readFileSync(join(root, 'docs', 'self-hosting.md'), 'utf8').split('## Start');
  const rows = (table.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((row) =>
    [...(row.split(' | ')[0] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name),
  );
  // These two have a value in every start.
  const wanted = named.filter((name) => name !== 'CASELITE_KEY' && name !== 'PUBLIC_URL');
  const names = [...wanted, 'FINANCE__GITHUB_TOKEN', 'ACME__TYPEFORM_SECRET_PREVIOUS'].map(String);
  expect(wanted).toContain('CASELITE_KEY_PREVIOUS');
  const given = Object.fromEntries([...names, 'HOME', 'PATH', 'AWS_SECRET'].map((name) => [name, 'value']));
  expect(readDeploymentVariables(given).map(([name]) => name)).toEqual(names);
});

it('a new workspace is not asked for where its file exists', () => {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [join(root, 'src', 'cli', 'caselite.ts'), 'new', join(root, 'package.json')],
    { encoding: 'utf8', input: '' },
  );
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain('exists already; name another file.');
});

it('an address with another program is named, and a redirect, which would lose the token', async () => {
  const app = new Hono();
  app.get('/api/v1/workspaces/acme/settings', (c) => c.redirect('https://caselite.test/settings', 301));
  app.get('*', (c) => c.html('<p>Something else</p>'));
  const { close, url } = await serveAt(() => app, { host: '127.0.0.1', port: 0 });
  onTestFinished(close);
  const client = new Client({ url, workspace: 'acme', token: 'a token' });
  await expect(client.call('GET hold', {})).rejects.toThrow(`What answers at ${url} is not Caselite`);
  await expect(client.call('GET settings', {})).rejects.toThrow('points to https://caselite.test/settings');
});

it('a new workspace asks again for an empty answer in plain words', () => {
  const given = [join(root, 'src', 'cli', 'caselite.ts'), 'new'];
  const { stdout } = spawnSync(process.execPath, given, { cwd: tmpdir(), encoding: 'utf8', input: 'Finance\n\n' });
  expect(stdout).toContain('   That is empty.');
});
