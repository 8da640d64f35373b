import { parseArgs } from 'node:util';
import { mutations } from '#test/simulation/mutations.ts';
import { playSeeds } from '#test/simulation/play-seeds.ts';
import type { SeedReport } from '#test/simulation/run-seed.ts';

const usage = `Use: npm run simulate -- --seeds 10 --from 1 [--sabotage NAME]
     npm run simulate -- --core --seeds 2000 --from 1 [--faults KINDS] [--sabotage NAME] [--checker inside|outside]
     npm run simulate -- --customers 2000 --days 90 [--from SEED]`;
const values = readArguments();

const count = Number(values.seeds);
const from = Number(values.from);
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(from)) {
  console.error(usage);
  process.exit(2);
}
const { sabotage, faults } = values;
const checker = values.checker === 'inside' || values.checker === 'outside' ? values.checker : undefined;
if (sabotage !== undefined && !Object.hasOwn(mutations, sabotage)) {
  console.error(`No sabotage ${sabotage}. There are: ${Object.keys(mutations).join(', ')}.`);
  process.exit(2);
}
if (values.customers !== undefined) await playCustomers(Number(values.customers), Number(values.days));

const kind = values.core ? 'core' : 'full';
const startedAt = performance.now();
const { reports, isComplete } = await playSeeds({ kind, from, count, sabotage, faults, checker }, (report) => {
  if (report.violations.length > 0) printFailure(report);
});
if (values.fingerprints) for (const { seed, fingerprint } of reports) console.log(`seed ${seed}: ${fingerprint}`);
const isUnmet = printSummary((performance.now() - startedAt) / 1000);
if (!isComplete) console.log('A process ended before its last seed.');
const isFailed = reports.some(({ violations }) => violations.length > 0);
process.exit(isFailed || isUnmet || !isComplete ? 1 : 0);

function printFailure({ seed, violations, kinds = [] }: SeedReport): void {
  console.log(`seed ${seed}:\n${violations.map((line) => `  ${line}`).join('\n')}`);
  const options = [
    ...(kind === 'core' ? ['--core'] : []),
    ...['--seeds', '1', '--from', String(seed)],
    ...(sabotage === undefined ? [] : ['--sabotage', sabotage]),
    ...(kind === 'core' ? ['--faults', `"${kinds.join(',')}"`] : []),
  ];
  console.log(`  again: npm run simulate -- ${options.join(' ')}`);
}

function sumByName(of: (report: SeedReport) => Record<string, number>): [string, number][] {
  const sums = new Map<string, number>();
  for (const report of reports)
    for (const [name, n] of Object.entries(of(report))) sums.set(name, (sums.get(name) ?? 0) + n);
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
}

function sum(of: (report: SeedReport) => number): number {
  return reports.reduce((total, report) => total + of(report), 0);
}

/** @returns whether a run that is long enough missed a situation, and so has tested nothing about it */
function printSummary(seconds: number): boolean {
  const reached = sumByName((report) => report.reached);
  const groups: Record<string, [string, number][]> = {
    'faults by kind': sumByName(({ tally }) => ({ ...tally.kinds, crash: tally.crashes })),
    'outcomes by class': sumByName(({ outcomes }) => outcomes),
    'ends met': reached,
  };
  for (const [title, entries] of Object.entries(groups))
    console.log(`${title}:\n${entries.map(([name, n]) => `  ${name} ${n}`).join('\n')}`);
  const processorMs = sum((report) => report.processorMs) / Math.max(1, reports.length);
  console.log(
    [
      `calls made ${sum(({ tally }) => tally.calls)}`,
      `responses acked ${sum(({ acked }) => acked)}`,
      `issues ${sum(({ issues }) => issues)}`,
      `mails ${sum(({ mails }) => mails)}`,
      `processor time per seed ${processorMs.toFixed(0)} ms`,
      `seeds a second ${(reports.length / seconds).toFixed(1)}`,
      `seeds ${reports.length}`,
      `violations ${sum(({ violations }) => violations.length)}`,
      `${Math.round(seconds)} s`,
    ].join('\n'),
  );
  const unmet = reached.filter(([, n]) => n === 0).map(([name]) => name);
  if (sabotage !== undefined || faults !== undefined || unmet.length === 0) return false;
  if (reports.length >= 20) console.log(`not met in these seeds: ${unmet.join(', ')}`);
  return reports.length >= (kind === 'core' ? 1000 : 100);
}

/** Plays months of many customers instead of seeds with faults, then ends the process. */
async function playCustomers(customers: number, days: number): Promise<never> {
  if (!Number.isInteger(customers) || customers < 1 || !Number.isInteger(days) || days < 1) {
    console.error(usage);
    process.exit(2);
  }
  const begun = performance.now();
  const { manyCustomers } = await import('#test/simulation/many-customers.ts');
  const { violations, ...counts } = await manyCustomers(customers, days, from);
  for (const line of violations) console.log(line);
  for (const [name, value] of Object.entries(counts)) console.log(`${name} ${value}`);
  console.log(`violations ${violations.length}\n${Math.round((performance.now() - begun) / 1000)} s`);
  process.exit(violations.length > 0 ? 1 : 0);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        seeds: { type: 'string', default: '100' },
        from: { type: 'string', default: '1' },
        sabotage: { type: 'string' },
        fingerprints: { type: 'boolean', default: false },
        core: { type: 'boolean', default: false },
        faults: { type: 'string' },
        checker: { type: 'string' },
        customers: { type: 'string' },
        days: { type: 'string', default: '90' },
      },
    }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${usage}`);
    return process.exit(2);
  }
}
