import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { DataFolder } from '#src/cli/data-folder.ts';
import { until } from '#src/cli/progress.ts';
import { findFreeTcpPort } from '#test/harness/free-port.ts';
import { Workerd } from '#src/cli/workerd.ts';

const path = mkdtempSync(join(tmpdir(), 'caselite-watchdog-'));
let workerd: Workerd | null = null;

afterEach(async () => {
  await workerd?.stop();
  rmSync(path, { recursive: true, force: true });
});

const worker = `
export class Workspace {}
export class Directory {}
export default { fetch: () => new Response('up') };
`;

test('a runtime whose health is silent is ended and started again, with the reason (security 2)', async () => {
  const folder = new DataFolder(path);
  folder.lock();
  const bundle = folder.file('worker.js');
  writeFileSync(bundle, worker);
  const port = await findFreeTcpPort();
  const isUp = async () => {
    try {
      return (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
    } catch {
      return false;
    }
  };
  const pids: number[] = [];
  let noteStart = () => {};
  const restarted = new Promise<void>((done) => {
    noteStart = () => pids.length === 2 && done();
  });
  workerd = new Workerd({
    folder,
    bundle,
    host: '127.0.0.1',
    port,
    isQuiet: true,
    variables: new Map(),
    onStart(pid) {
      pids.push(pid);
      noteStart();
    },
  });
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  const listeners = process.listenerCount('exit');
  workerd.start();
  await until('the runtime answers', isUp, 30_000);
  void workerd.keepAlive(isUp, 200);
  process.kill(pids[0] ?? 0, 'SIGSTOP');
  await restarted;
  await until('the new process answers', isUp, 30_000);
  expect(error.mock.calls.flat().filter((line) => String(line).startsWith('Caselite'))).toEqual([
    expect.stringMatching(
      /^Caselite's process did not answer \/healthz for \d+ seconds; it is ended and started again\.$/,
    ),
    "Caselite's process ended (SIGKILL); it is started again.",
  ]);
  expect(() => process.kill(pids[0] ?? 0, 0)).toThrow('ESRCH');
  const begun: number[] = [];
  const tried = new Promise<void>((done) => {
    noteStart = () => begun.push(performance.now()) === 3 && done();
  });
  writeFileSync(bundle, 'This is no worker.');
  process.kill(pids.at(-1) ?? 0, 'SIGKILL');
  await tried;
  const [first = 0, second = 0, third = 0] = begun;
  expect(third - second, 'a process that cannot start gets longer and longer pauses').toBeGreaterThan(
    second - first + 200,
  );
  expect(process.listenerCount('exit')).toBe(listeners);
  error.mockRestore();
});
