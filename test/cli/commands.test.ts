import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

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
  expect(stderr).toContain('make an API token on the page of your account');
  expect(status).toBe(2);
});
