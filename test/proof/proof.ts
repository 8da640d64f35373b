import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '#src/cli/workspace-files.ts';
import { levelOf, type Promised, patternOf, promiseDocuments, readPromises } from '#test/proof/promises.ts';

/*
 * `npm run proof`: plays the tests of each promise and the ladder of checks at the size of a change, and prints what held;
 * `--nightly` at the size of a night. `--write` puts the figures into docs/promises.md.
 */

interface Rung {
  level: string;
  what: string;
  /** A rung without a command for a change is played at night alone. */
  command: { change?: string; nightly: string };
  /** The figure of a run, from what it printed. */
  figure(output: string): string;
}

const one = (output: string, pattern: RegExp): string => pattern.exec(output)?.[1] ?? '?';
const sum = (output: string, pattern: RegExp): number =>
  [...output.matchAll(pattern)].reduce((total, [, count]) => total + Number(count), 0);
const seeds = (output: string) =>
  `${one(output, /^seeds (\d+)$/m)} seeds, ${one(output, /^violations (\d+)$/m)} violations`;

const ladder: Rung[] = [
  {
    level: 'S',
    what: 'the operations over doubles, faults drawn from seeds',
    command: {
      change: 'npm run simulate -- --core --seeds 500 --from 1',
      nightly: 'npm run simulate -- --core --seeds 20000 --from 1',
    },
    figure: seeds,
  },
  {
    level: 'S',
    what: 'everything with SDKs over emulated hosts, faults drawn from seeds',
    command: { change: 'npm run simulate -- --seeds 8 --from 1', nightly: 'npm run simulate -- --seeds 200 --from 1' },
    figure: seeds,
  },
  {
    level: 'S',
    what: 'mutations that a seed notices',
    command: { change: 'npm run sabotages -- retry-blind new-mail-key night-mail', nightly: 'npm run sabotages' },
    figure: (output) => `${[...output.matchAll(/\| \d+ \| [\w-]+/g)].length} noticed`,
  },
  {
    level: 'X',
    what: 'each port call of each story, failed in six ways (by change of two stories)',
    command: {
      change: 'npm run exhaust -- "close and confirm" "a create without an answer"',
      nightly: 'npm run exhaust',
    },
    figure: (output) => one(output, /^(\d+ runs, \d+ failures)/m),
  },
  {
    level: 'R',
    what: 'the running process ended by SIGKILL',
    command: { nightly: 'npm run kills -- 500' },
    figure: (output) => one(output, /^(Nothing was lost, and nothing was done twice)/m),
  },
  {
    level: 'R',
    what: 'the running process stopped at named points, with clock jumps, old deliveries, restores and upgrades',
    command: { change: 'npm run kills -- --points --few', nightly: 'npm run kills -- --points' },
    figure: (output) => one(output, /^(\d+ scenarios, \d+ broken)/m),
  },
  {
    level: 'E',
    what: 'attacks on a running system',
    command: { change: 'npm run attack', nightly: 'CASELITE_WHOLE=yes npm run attack' },
    figure: (output) => `${sum(output, /(\d+) tried/g)} tried, ${sum(output, /(\d+) held/g)} held`,
  },
];

const { values } = parseArgs({
  options: { nightly: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
});
const size = values.nightly ? 'nightly' : 'change';
const begun = performance.now();
const promises = promiseDocuments.flatMap(readPromises);
const results = [...playTests('vitest.config.ts', false), ...playTests('vitest.browser.config.ts', true)];
const broken = promises.filter((promise) => !printPromise(promise));
const rows = ladder.flatMap(playRung);
const table = [
  '| level | what | command | result | seconds |',
  '| --- | --- | --- | --- | --- |',
  ...rows.map(({ line }) => line),
].join('\n');
console.log(`\n${table}\n\n${promises.length} promises, ${broken.length} broken, ${toSeconds(begun)} s`);
if (values.write) writeFigures(table);
process.exit(broken.length > 0 || rows.some(({ isSound }) => !isSound) ? 1 : 0);

interface TestResult {
  file: string;
  title: string;
  hasPassed: boolean;
}

/** Plays the files that promises name. */
function playTests(config: string, inBrowser: boolean): TestResult[] {
  const named = promises
    .flatMap(({ tests }) => tests)
    .filter(({ file }) => file.startsWith('test/browser/') === inBrowser);
  const folder = mkdtempSync(join(tmpdir(), 'caselite-proof-'));
  const report = join(folder, 'report.json');
  const titles = inBrowser ? ` -t "${named.map(({ title }) => title).join('|')}"` : '';
  const files = [...new Set(named.map(({ file }) => file))].join(' ');
  run(`npx vitest run --config ${config} --reporter=json --outputFile=${report} ${files}${titles}`);
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: { name: string; assertionResults: { fullName: string; status: string }[] }[];
  };
  rmSync(folder, { recursive: true });
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'passed' || status === 'failed')

      .map(({ fullName: title, status }) => ({
        file: relative(projectRoot, name),
        title,
        hasPassed: status === 'passed',
      })),
  );
}

/** @returns whether each named test was played, and all of them passed */
function printPromise({ id, says, tests }: Promised): boolean {
  const played = tests.map(({ file, title }) =>
    results.filter((result) => result.file === file && patternOf(title).test(result.title)),
  );
  const isKept = played.every((own) => own.length > 0 && own.every(({ hasPassed }) => hasPassed));
  const levels = [...new Set(tests.map(({ file }) => levelOf(file)))].join(', ');
  console.log(
    `${isKept ? 'kept  ' : 'BROKEN'} ${id.padEnd(12)} ${levels.padEnd(6)} ${played.flat().length} tests  ${says}`,
  );
  return isKept;
}

function playRung({ level, what, command, figure }: Rung): { line: string; isSound: boolean }[] {
  const played = command[size];
  if (played === undefined) return [];
  const since = performance.now();
  const { status, output } = run(played);
  const isSound = status === 0;
  const result = isSound ? figure(output) : `FAILED: ${output.trim().split('\n').slice(-5).join(' / ')}`;
  return [{ line: `| ${level} | ${what} | \`${played}\` | ${result} | ${toSeconds(since)} |`, isSound }];
}

function run(command: string): { status: number; output: string } {
  const { status, stdout } = spawnSync(command, {
    cwd: projectRoot,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    shell: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { status: status ?? 1, output: stdout };
}

function toSeconds(since: number): number {
  return Math.round((performance.now() - since) / 1000);
}

function writeFigures(text: string): void {
  const path = join(projectRoot, 'docs', 'promises.md');
  const document = readFileSync(path, 'utf8').replace(/\| level \|[\s\S]*?\n(?=\n|$)/, `${text}\n`);
  writeFileSync(path, document);
}
