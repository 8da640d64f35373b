import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { SeedReport } from './run-seed.ts';

export interface CoreRun {
  from: number;
  count: number;
  /** Name of a mutation, of which the first failing seed ends the run. */
  sabotage: string | undefined;
  /** Kinds of trouble, with commas; by default each seed draws its own. */
  faults: string | undefined;
}

const worker = new URL('./core-worker.ts', import.meta.url).pathname;

/** Plays core seeds on all processors and prints what they met. Returns whether all of it is as it should be. */
export async function simulateCore({ from, count, sabotage, faults }: CoreRun): Promise<boolean> {
  const startedAt = performance.now();
  const processes = Math.min(availableParallelism(), count);
  const reports: SeedReport[] = [];
  const children = Array.from({ length: processes }, (_, index) =>
    fork(worker, [from + index, count - index, processes, sabotage ?? '', faults ?? 'drawn'].map(String)),
  );
  const isPlayed = await Promise.all(
    children.map(
      (child) =>
        new Promise<boolean>((end) => {
          child.on('message', (report: SeedReport) => {
            reports.push(report);
            if (report.violations.length === 0) return;
            printFailure(report, sabotage);
            if (sabotage !== undefined) for (const other of children) other.kill();
          });
          child.on('exit', (code) => end(code === 0));
        }),
    ),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  printSummary(reports, seconds);
  const failed = reports.filter(({ violations }) => violations.length > 0);
  if (sabotage !== undefined) return failed.length === 0;
  if (isPlayed.includes(false)) console.log('A process ended before its last seed.');
  return failed.length === 0 && !isPlayed.includes(false) && hasMetEverything(reports);
}

function printFailure({ seed, violations, kinds = [] }: SeedReport, sabotage: string | undefined): void {
  const mutation = sabotage === undefined ? '' : ` --sabotage ${sabotage}`;
  console.log(`seed ${seed}:\n${violations.map((line) => `  ${line}`).join('\n')}`);
  console.log(`  again: npm run simulate -- --core --seeds 1 --from ${seed}${mutation} --faults "${kinds.join(',')}"`);
}

function total(reports: SeedReport[], of: (report: SeedReport) => Record<string, number>): [string, number][] {
  const sums = new Map<string, number>();
  for (const report of reports)
    for (const [name, n] of Object.entries(of(report))) sums.set(name, (sums.get(name) ?? 0) + n);
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
}

function printSummary(reports: SeedReport[], seconds: number): void {
  const groups = {
    'faults by kind': total(reports, ({ tally }) => ({ ...tally.kinds, crash: tally.crashes })),
    'outcomes by class': total(reports, ({ outcomes }) => outcomes),
    'ends met': total(reports, ({ reached }) => reached),
  };
  for (const [title, entries] of Object.entries(groups))
    console.log(`${title}:\n${entries.map(([name, n]) => `  ${name} ${n}`).join('\n')}`);
  const violations = reports.reduce((sum, report) => sum + report.violations.length, 0);
  console.log(`seeds ${reports.length}\nviolations ${violations}\n${Math.round(seconds)} s`);
  console.log(`seeds a second ${(reports.length / seconds).toFixed(1)}`);
}

/** A long run that misses a situation has tested nothing about it. */
function hasMetEverything(reports: SeedReport[]): boolean {
  const unmet = total(reports, ({ reached }) => reached).filter(([, n]) => n === 0);
  if (unmet.length > 0 && reports.length >= 20)
    console.log(`not met in these seeds: ${unmet.map(([name]) => name).join(', ')}`);
  return unmet.length === 0 || reports.length < 1000;
}
