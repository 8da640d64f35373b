import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/* `npm run bench -- NAME`: plays one of the benches. None leaves this machine, and each ends by itself. */

const benches: Record<string, { file: string; what: string }> = {
  intake: { file: 'intake', what: 'deliveries acknowledged a second, beside a bare and a verifying route' },
  'alert-to-issue': {
    file: 'alert-to-issue',
    what: 'time from a delivery to its issue, beside a create in the tracker alone',
  },
  drain: { file: 'drain', what: "alerts in an hour of a tracker's allowed calls, under a simulated clock" },
  evaluate: { file: 'evaluate', what: 'responses judged a second by 1, 20 and 200 templates' },
  start: { file: 'start', what: 'time of a start until the first answer' },
  memory: { file: 'memory', what: 'resident memory of the runtime under work' },
  operations: { file: 'operations', what: 'requests, rows and calls of an alert, a closing, a poll and a page' },
  cost: { file: 'write-cost', what: 'nothing to measure: writes docs/cost.md from the figures of operations' },
  sources: { file: 'evaluate-sources', what: 'time to verify and read the largest delivery of each source' },
  backtest: { file: 'backtest', what: 'a template against 100,000 stored responses' },
  poll: { file: 'poll', what: 'API calls of a poll with 10 changes among up to 100,000 open cases' },
  pages: { file: 'pages', what: 'time of pages with 100,000 cases and 1,000,000 responses' },
  mails: { file: 'mails', what: 'mails to each person over 30 days and 340 deliveries' },
  simulate: { file: '../simulation/simulate', what: 'core seeds a second' },
};

const [name = '', ...given] = process.argv.slice(2);
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (!bench) {
  console.error('Use: npm run bench -- NAME [OPTIONS]');
  for (const [known, { what }] of Object.entries(benches)) console.error(`  ${known.padEnd(15)} ${what}`);
  process.exit(2);
}
const toPath = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const options = name === 'simulate' && given.length === 0 ? ['--core', '--seeds', '100', '--from', '1'] : given;
const { status } = spawnSync(
  process.execPath,
  ['--import', toPath('../harness/load-tsx.ts'), toPath(`${bench.file}.ts`), ...options],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
