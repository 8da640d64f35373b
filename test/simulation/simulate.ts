import { parseArgs } from 'node:util';
import { mutate } from '#test/simulation/mutate.ts';
import { mutations } from '#test/simulation/mutations.ts';
import type { SeedReport } from '#test/simulation/run-seed.ts';
import { simulateCore } from '#test/simulation/simulate-core.ts';

const usage =
  'Use: npm run simulate -- --seeds 100 --from 1 [--sabotage NAME], -- --core --seeds 2000 --from 1 [--faults KINDS], or -- --customers 2000 --days 90 [--from SEED]';
const values = readArguments();

const count = Number(values.seeds);
const from = Number(values.from);
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(from)) {
  console.error(usage);
  process.exit(2);
}
const known = values.sabotage !== undefined && Object.hasOwn(mutations, values.sabotage);
const mutation = known ? mutations[values.sabotage ?? ''] : undefined;
if (values.sabotage !== undefined && !mutation) {
  console.error(`No sabotage ${values.sabotage}. There are: ${Object.keys(mutations).join(', ')}.`);
  process.exit(2);
}

if (values.customers !== undefined) await playCustomers(Number(values.customers), Number(values.days));

if (values.core) {
  const { sabotage, faults } = values;
  process.exit((await simulateCore({ from, count, sabotage, faults })) ? 0 : 1);
}

mutate(mutation?.edits ?? []);
const { runSeed } = await import('#test/simulation/run-seed.ts');
const scenario = mutation && { mutation };
const reports: SeedReport[] = [];
const failed: SeedReport[] = [];
const startedAt = performance.now();
for (let seed = from; seed < from + count; seed += 1) {
  const report = await runSeed(seed, scenario);
  reports.push(report);
  if (values.fingerprints) console.log(`seed ${seed}: ${report.fingerprint}`);
  if (report.violations.length > 0) {
    failed.push(report);
    console.log(`seed ${seed}:\n${report.violations.map((line) => `  ${line}`).join('\n')}`);
    console.log(
      `  again: npm run simulate -- --seeds 1 --from ${seed}${values.sabotage ? ` --sabotage ${values.sabotage}` : ''}`,
    );
    if (mutation) break;
  }
  if (reports.length % 100 === 0) console.log(`${reports.length} seeds played …`);
}

// The first seed, and every hundredth, runs twice: the same seed must give the same run.
const again = values.fingerprints ? [] : reports.filter((_, index) => index % 100 === 0);
for (const report of again) {
  const { fingerprint } = await runSeed(report.seed, scenario);
  if (fingerprint === report.fingerprint) continue;
  failed.push(report);
  console.log(
    `seed ${report.seed} went differently the second time: something is not under the seed's control\n` +
      `  again: npm run simulate -- --seeds 1 --from ${report.seed}`,
  );
}

const sum = (of: (report: SeedReport) => number) => reports.reduce((total, report) => total + of(report), 0);
console.log(
  [
    `seeds ${reports.length}`,
    `crashes injected ${sum(({ tally }) => tally.crashes)}`,
    `unknown outcomes met ${sum(({ tally }) => tally.unknowns)}`,
    `calls refused ${sum(({ tally }) => tally.refusals)}`,
    `calls made ${sum(({ tally }) => tally.calls)}`,
    `responses acked ${sum(({ acked }) => acked)}`,
    `issues ${sum(({ issues }) => issues)}`,
    `mails ${sum(({ mails }) => mails)}`,
    `violations ${sum((report) => report.violations.length)}`,
    `${Math.round((performance.now() - startedAt) / 1000)} s`,
  ].join('\n'),
);
// A run that misses a situation has tested nothing about it. Fewer seeds may well miss one.
const unmet = Object.keys(reports[0]?.reached ?? {}).filter((name) => sum(({ reached }) => reached[name] ?? 0) === 0);
if (!mutation && unmet.length > 0 && count >= 20) console.log(`not met in these seeds: ${unmet.join(', ')}`);
const isEmpty = !mutation && unmet.length > 0 && count >= 100;
if (isEmpty) console.log('This run does not count: it must meet all of them.');
process.exit(failed.length > 0 || isEmpty ? 1 : 0);

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
        customers: { type: 'string' },
        days: { type: 'string', default: '90' },
      },
    }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${usage}`);
    return process.exit(2);
  }
}
