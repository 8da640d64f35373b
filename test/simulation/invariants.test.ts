import { beforeAll, describe, expect, it } from 'vitest';
import { breakages, soundHistories } from './broken-histories.ts';
import { playHealthyRun } from './healthy-history.ts';
import type { History } from './history.ts';
import { findViolations, invariants } from './invariants.ts';

let healthy: History;

/** Judges a changed copy of the healthy run; the rows are put back afterwards. */
function judge(change: (history: History) => void, invariant: (history: History) => string[]): string[] {
  const { sql, settings, keys, strangersKeys, ...values } = healthy;
  const history = { sql, settings, keys, strangersKeys, ...structuredClone(values) };
  sql.run('SAVEPOINT judged');
  try {
    change(history);
    return invariant(history);
  } finally {
    sql.run('ROLLBACK TO judged');
    sql.run('RELEASE judged');
  }
}

beforeAll(async () => {
  healthy = await playHealthyRun();
});

describe('an invariant', () => {
  const pairs = Object.entries(breakages).flatMap(([name, changes]) =>
    changes.map(({ says, change }) => ({ name, says, change })),
  );

  it.each(pairs)('$name speaks: $says', ({ name, says, change }) => {
    const invariant = new Map<string, (history: History) => string[]>(Object.entries(invariants)).get(name);
    expect(invariant?.(healthy)).toEqual([]);
    expect(invariant && judge(change, invariant)).toContainEqual(expect.stringContaining(says));
  });

  it('is silent about a healthy run', () => {
    expect(findViolations(healthy)).toEqual([]);
  });

  it.each(Object.entries(soundHistories))('is silent where %s', (_, change) => {
    expect(judge(change, invariants.nobodyIsAskedBeforeTheGate)).toEqual([]);
  });

  it('of every file is judged, and has a history that breaks it', () => {
    const files: Record<string, unknown> = import.meta.glob('./*-invariants.ts', { eager: true });
    const names = Object.entries(files).flatMap(([file, exported]) => {
      const records = Object.entries(exported ?? {}).filter(([name]) => name.endsWith('Invariants'));
      expect(records, file).toHaveLength(1);
      return records.flatMap(([, record]) => Object.keys(record));
    });
    expect(names.sort()).toEqual(Object.keys(invariants).sort());
    expect(names).toEqual(
      Object.entries(breakages)
        .filter(([, changes]) => changes.length > 0)
        .map(([name]) => name)
        .sort(),
    );
  });
});
