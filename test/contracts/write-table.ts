import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/* Writes the table of differing behaviours into adapters/trackers/README.md: `node test/contracts/write-table.ts`. */

const root = join(import.meta.dirname, '..', '..');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const run = spawnSync(
  process.execPath,
  [vitest, 'run', '--project', 'node', 'test/contracts/trackers.test.ts', '-t', 'is told in the trackers’ README'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, CASELITE_WRITE_TABLE: '1' } },
);
process.exitCode = run.status ?? 1;
