import { registerHooks } from 'node:module';
import { format } from 'node:util';

/* Vitest's `describe` and `it` for tests that stay loaded, so that a mutant costs its own tests and nothing else. */

export { expect, vi } from '../../node_modules/vitest/dist/index.js';

type Body = (...given: unknown[]) => unknown;

export interface LoadedTest {
  id: string;
  file: string;
  /** What the suites do once, before a mutant is active. */
  prepare: () => Promise<unknown>;
  run: () => unknown;
}

interface Suite {
  name: string;
  once: (() => unknown)[];
  beforeEach: Body[];
  afterEach: Body[];
}

const tests: LoadedTest[] = [];
let file = '';
let before = 0;
let suites: Suite[] = [];
/** What the running test asked to do at its end. */
let endings: Body[] = [];

const bodyOf = (given: unknown[]) => given.find((one): one is Body => typeof one === 'function') ?? (() => null);
const rowsOf = (table: readonly unknown[]) => table.map((row) => (Array.isArray(row) ? row : [row]));

function add(name: unknown, body: () => unknown): void {
  const around = suites;
  const titles = [...around.map((suite) => suite.name), String(name)].filter((title) => title !== '');
  tests.push({
    id: `${file} ${titles.join(' > ')} #${tests.length - before}`,
    file,
    prepare: async () => {
      for (const suite of around) for (const once of suite.once) await once();
    },
    run: async () => {
      endings = [];
      for (const suite of around) for (const step of suite.beforeEach) await step();
      try {
        await body();
      } finally {
        for (const ending of endings.toReversed()) await ending();
        for (const suite of around.toReversed()) for (const step of suite.afterEach) await step();
      }
    },
  });
}

const newSuite = (name: string): Suite => ({ name, once: [], beforeEach: [], afterEach: [] });

function enter(name: unknown, run: () => unknown): void {
  suites = [...suites, newSuite(String(name))];
  run();
  suites = suites.slice(0, -1);
}

function onlyOnce(step: Body): () => unknown {
  let done: unknown;
  return () => {
    done ??= Promise.resolve(step());
    return done;
  };
}

export const beforeAll = (step: Body): unknown => suites.at(-1)?.once.push(onlyOnce(step));
export const beforeEach = (step: Body): unknown => suites.at(-1)?.beforeEach.push(step);
export const afterEach = (step: Body): unknown => suites.at(-1)?.afterEach.push(step);
export const onTestFinished = (step: Body): unknown => endings.push(step);
/** What a file would close stays open for its next run. */
export const afterAll = (): null => null;

export const it = Object.assign((name: unknown, ...given: unknown[]) => add(name, bodyOf(given)), {
  each:
    (table: readonly unknown[]) =>
    (name: string, ...given: unknown[]) => {
      for (const row of rowsOf(table)) add(format(name, ...row), () => bodyOf(given)(...row));
    },
});
export const test = Object.assign((name: unknown, ...given: unknown[]) => it(name, ...given), { each: it.each });
export const describe = Object.assign((name: unknown, ...given: unknown[]) => enter(name, bodyOf(given)), {
  each:
    (table: readonly unknown[]) =>
    (name: string, ...given: unknown[]) => {
      for (const row of rowsOf(table)) enter(format(name, ...row), () => bodyOf(given)(...row));
    },
});

/** Lets tests import this module as `vitest`. */
export function standInForVitest(): void {
  // Vitest's `expect` looks for the worker that it runs in.
  Object.assign(globalThis, { __vitest_worker__: { config: {}, ctx: {}, providedContext: {}, filepath: '' } });
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'vitest' ? { url: import.meta.url, shortCircuit: true } : next(specifier, context),
  });
}

/** The tests of a file, in their order. */
export async function loadTests(path: string, url: string): Promise<LoadedTest[]> {
  before = tests.length;
  suites = [newSuite('')];
  file = path;
  const first = tests.length;
  await import(url);
  return tests.slice(first);
}
