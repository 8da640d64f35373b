import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { INSTRUMENTER_CONSTANTS, type InstrumenterContext } from '@stryker-mutator/api/core';
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import fc from 'fast-check';
import '#test/harness/load-tsx.ts';
import { type LoadedTest, loadTests, standInForVitest } from './in-process.ts';

/*
 * Runs the tests that meet src/domain for Stryker in one process that has loaded them once. A run of vitest for each mutant
 * costs over a second, and there are more than ten thousand of them.
 */

const testFiles = process.env.MUTANT_TESTS?.split(' ') ?? [
  'test/{domain,views,routes,hostile,adapters,workspace,workspace/store}/*.test.ts',
  'test/mutation/core-seeds.ts',
];

/** Tests that cannot run twice in a process, need more than a stand-in for vitest, or take many seconds. */
const leftOut =
  /adapters.(outbound|emulated-hosts|mail-alerts)|workspace.(case-lists|erased-files|intake-crash|ledger-properties)/;

const shared: InstrumenterContext = {};

/** Time after which a mutant counts as survived, so that one that nobody kills does not play all tests that meet it. */
const patienceMs = Number(process.env.MUTANT_PATIENCE_MS ?? 5000);

class InProcessRunner implements TestRunner {
  readonly #loaded = new Map<string, LoadedTest[]>();
  readonly #times = new Map<string, number>();
  /** How many mutants of a file each test killed. */
  readonly #kills = new Map<string, number>();

  // Tests stay loaded for a mutant that code of a module's top level meets too; it is active only while tests run.
  capabilities = () => ({ reloadEnvironment: true });

  async init(): Promise<void> {
    Object.assign(globalThis, { [INSTRUMENTER_CONSTANTS.NAMESPACE]: shared });
    standInForVitest();
  }

  async dryRun(): Promise<DryRunResult> {
    const tests = await this.#play(
      await this.#load(
        globSync(testFiles)
          .filter((file) => !leftOut.test(file))
          .toSorted(),
      ),
    );
    for (const { id, timeSpentMs } of tests) this.#times.set(id, timeSpentMs);
    const mutantCoverage = shared.mutantCoverage ?? { static: {}, perTest: {} };
    return { status: DryRunStatus.Complete, tests, mutantCoverage };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, testFilter = [], hitLimit, sandboxFileName } = options;
    const wanted = new Set(testFilter);
    const files = new Set(testFilter.map((id) => id.slice(0, id.indexOf(' '))));
    const tests = (await this.#load([...files].toSorted())).filter(({ id }) => wanted.has(id));
    // Tests named like the mutated file kill most of its mutants, then those that killed others; the fast ones come first.
    const name = basename(sandboxFileName, '.ts');
    const kills = (id: string) => this.#kills.get(`${name} ${id}`) ?? 0;
    const rank = ({ id, file }: LoadedTest) =>
      (this.#times.get(id) ?? 0) / (1 + kills(id)) - (file.includes(name) ? 1000 : 0);
    Object.assign(shared, { activeMutant: activeMutant.id, hitCount: 0, hitLimit });
    const results = await this.#play(tests.toSorted((a, b) => rank(a) - rank(b)));
    const status = determineHitLimitReached(shared.hitCount, hitLimit);
    Object.assign(shared, { activeMutant: undefined, hitCount: undefined, hitLimit: undefined });
    const killer = results.find((result) => result.status === TestStatus.Failed);
    if (killer) {
      await this.#checkIsClean(tests.filter(({ id }) => id === killer.id));
      this.#kills.set(`${name} ${killer.id}`, kills(killer.id) + 1);
    }
    return toMutantRunResult(status ?? { status: DryRunStatus.Complete, tests: results });
  }

  /** What a mutant left behind must not kill the next one: Stryker plays it again in a new process. */
  async #checkIsClean(tests: LoadedTest[]): Promise<void> {
    const [again] = await this.#play(tests);
    if (again?.status !== TestStatus.Success) throw new Error(`${again?.id} fails without a mutant`);
  }

  async #load(files: string[]): Promise<LoadedTest[]> {
    const all: LoadedTest[] = [];
    for (const file of files) {
      const loaded = this.#loaded.get(file) ?? (await loadTests(file, pathToFileURL(file).href));
      this.#loaded.set(file, loaded);
      all.push(...loaded);
    }
    for (const { prepare } of all) await prepare();
    return all;
  }

  /** Plays tests; those of a mutant until one fails or patience ends. */
  async #play(tests: LoadedTest[]): Promise<TestResult[]> {
    const began = performance.now();
    const results: TestResult[] = [];
    for (const test of tests) {
      // The oracle of the clock counts its runs, and plays all.
      fc.configureGlobal({ interruptAfterTimeLimit: test.file.includes('oracle') ? 60_000 : 100 });
      const result = await playTest(test);
      results.push(result);
      if (shared.activeMutant === undefined) continue;
      if (result.status === TestStatus.Failed || performance.now() - began > patienceMs) break;
    }
    return results;
  }
}

async function playTest({ id, file, run }: LoadedTest): Promise<TestResult> {
  const began = performance.now();
  shared.currentTestId = id;
  const failure = await Promise.resolve()
    .then(run)
    .then(
      () => null,
      // A property that had no time for its first run tells nothing.
      (error: unknown) => (String(error).includes('interrupted after 0 tests') ? null : String(error)),
    );
  shared.currentTestId = undefined as never;
  const result = { id, name: id, fileName: file, timeSpentMs: performance.now() - began };
  return failure === null
    ? { ...result, status: TestStatus.Success }
    : { ...result, status: TestStatus.Failed, failureMessage: failure };
}

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'in-process', () => new InProcessRunner())];
