import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { SeedReport } from './run-seed.ts';

/** Seeds to play. */
export interface PlaySeeds {
  /** `core` plays over doubles in memory, `full` over the real adapters and emulated hosts. */
  kind: 'core' | 'full';
  from: number;
  count: number;
  /** Name of a mutation; the run ends at the first seed that notices it. */
  sabotage?: string | undefined;
  /** The only checker that judges; by default both do. */
  checker?: 'inside' | 'outside' | undefined;
  /** Kinds of faults and activities of core seeds, with commas; by default each seed draws its own. */
  faults?: string | undefined;
}

const worker = new URL('./seed-worker.ts', import.meta.url).pathname;

/**
 * Plays seeds on all processors.
 *
 * @returns the reports in the order of their seeds, and whether every process played to its end
 */
export async function playSeeds(
  run: PlaySeeds,
  onReport: (report: SeedReport) => void = () => {},
): Promise<{ reports: SeedReport[]; isComplete: boolean }> {
  const processes = Math.min(availableParallelism(), run.count);
  const reports: SeedReport[] = [];
  const children = Array.from({ length: processes }, (_, index) =>
    fork(worker, [JSON.stringify(run), `${index}`, `${processes}`]),
  );
  const ends = children.map(
    (child) =>
      new Promise<boolean>((end) => {
        child.on('message', (report: SeedReport) => {
          reports.push(report);
          onReport(report);
          if (run.sabotage === undefined || report.violations.length === 0) return;
          for (const other of children) if (other.connected) other.send(report.seed, undefined, {}, () => {});
        });
        child.on('exit', (code) => end(code === 0));
      }),
  );
  const isComplete = !(await Promise.all(ends)).includes(false);
  return { reports: reports.sort((a, b) => a.seed - b.seed), isComplete };
}
