import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

it.each([
  ['start.ts', ['--port', '99999'], '--port must be a number from 10 to 65535, not 99999.'],
  ['send.ts', ['upgrade-survey', 'file.json', '--dta', 'x'], "Unknown option '--dta'"],
  ['send.ts', ['upgrade-survey', root], 'is a folder, and a file is wanted.'],
  ['send.ts', ['upgrade-survey', 'nowhere.json'], 'There is no file nowhere.json.'],
  ['map.ts', [root], 'is a folder, and a file is wanted.'],
  ['pull.ts', ['folder', '--version', 'newest'], '--version must be a number, not newest.'],
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
  const given = ['upgrade-survey', join(root, 'package.json'), '--data', folder];
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'src', 'cli', 'send.ts'), ...given], {
    encoding: 'utf8',
  });
  expect(stderr.trim()).toBe(`Nothing was started on ${folder}: run npm start first, or name its folder with --data.`);
  expect(status).toBe(2);
});
