import { registerHooks } from 'node:module';
import { format } from 'node:util';

/* Vitest's `describe` and `it` for tests that stay loaded, so that a mutant costs its own tests and nothing else. */

export { expect, vi } from '../../node_modules/vitest/dist/index.js';

type Body = (...given: unknown[]) => unknown;

export interface LoadedTest {
  id: string;
  file: string;
  run: () => unknown;
}

const tests: LoadedTest[] = [];
let file = '';
let before = 0;
let suites: string[] = [];

const bodyOf = (given: unknown[]) => given.find((one): one is Body => typeof one === 'function') ?? (() => null);
const rowsOf = (table: readonly unknown[]) => table.map((row) => (Array.isArray(row) ? row : [row]));

function add(name: unknown, run: () => unknown): void {
  tests.push({ id: `${file} ${[...suites, String(name)].join(' > ')} #${tests.length - before}`, file, run });
}

function enter(name: unknown, run: () => unknown): void {
  suites = [...suites, String(name)];
  run();
  suites = suites.slice(0, -1);
}

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
  file = path;
  const first = tests.length;
  await import(url);
  return tests.slice(first);
}
