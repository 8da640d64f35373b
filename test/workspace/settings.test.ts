import { describe, expect, it, vi } from 'vitest';
import { AppError, InvalidInputError } from '#domain/base/errors.ts';
import type { SettingsFile } from '#domain/templates/template.ts';
import { WorkspaceFileSchema } from '#src/wiring.ts';
import { pushSettings } from '#src/workspace/settings/push-settings.ts';
import { readSettings } from '#src/workspace/settings/read-settings.ts';
import { createSignInLink } from '#src/workspace/sign-in/links.ts';
import { signInByIdentity } from '#src/workspace/sign-in/sessions.ts';
import { clearTimer, listDueTimers } from '#src/workspace/store/schedule.ts';
import { sessions, signInLinks } from '#src/workspace/store/access.ts';
import { findLatestSettingsVersion, settingsVersions } from '#src/workspace/store/access.ts';
import { acmeFiles } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';

const push = (harness: Harness, files: SettingsFile[], base: number | null = null) =>
  pushSettings(
    harness.core,
    { files, base, author: 'dana' },
    (given, version) => readSettings(given, version, WorkspaceFileSchema),
    harness.core,
  );

const account = { issuer: 'https://issuer.example' };
const withOtherAddresses = (...people: string[]) =>
  acmeFiles(({ text }) => people.reduce((all, person) => all.replace(`${person}@acme`, `${person}@other`), text));

const renamed = (name: string) =>
  acmeFiles((file) =>
    file.name === 'acme' ? file.text.replace('name: Acme customer feedback', `name: ${name}`) : file.text,
  );

function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return null;
}

describe('a push', () => {
  it('makes a version of what changed, and none of what did not', () => {
    const harness = new Harness();
    expect(push(harness, acmeFiles())).toMatchObject({ version: 1, changed: true });
    expect(push(harness, acmeFiles())).toMatchObject({ version: 1, changed: false });
    expect(push(harness, acmeFiles().reverse(), 1)).toMatchObject({ version: 1, changed: false });
    const next = push(harness, renamed('Renamed'), 1);
    expect(next).toMatchObject({ version: 2, changed: true });
    expect(next.settings.workspace.name).toBe('Renamed');
    expect(settingsVersions.list(harness.sql, {}, 10)).toHaveLength(2);
  });

  it('from a stale base is refused with the difference', () => {
    const harness = new Harness();
    push(harness, acmeFiles());
    push(harness, renamed('By Sam'), 1);
    const error = thrown(() => push(harness, renamed('By Dana'), 1));
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/version 1.*version 2 by dana.*Different: workspace acme\./),
    });
    expect(findLatestSettingsVersion(harness.sql)?.version).toBe(2);
  });

  it('with another address for a person ends links to the former one, and all access but that of its author', () => {
    const harness = new Harness();
    const people = ['dana', 'sam', 'mette'];
    const [device, path] = ['Firefox on Linux', ''];
    for (const person of people) {
      createSignInLink(harness.core, person);
      signInByIdentity(
        harness.core,
        { ...account, subject: person, email: `${person}@acme.example` },
        { device, path },
      );
    }
    push(harness, withOtherAddresses('dana', 'sam'));
    const open = (table: typeof sessions | typeof signInLinks, ended: object) =>
      people.filter((person) => table.find(harness.sql, { person, ...ended }) !== null);
    expect(open(signInLinks, { usedAt: null })).toEqual(['mette']);
    expect(open(sessions, { endedAt: null })).toEqual(['dana', 'mette']);
  });

  it('that adds or drops a file is a change', () => {
    const harness = new Harness();
    push(harness, acmeFiles());
    const survey = acmeFiles().find(({ name }) => name === 'recovery');
    const more = [...acmeFiles(), { kind: 'survey' as const, name: 'other', text: survey?.text ?? '' }];
    expect(push(harness, more)).toMatchObject({ version: 2, changed: true });
    expect(push(harness, acmeFiles())).toMatchObject({ version: 3, changed: true });
  });

  it('of a bad file is refused with its lines, and the old settings go on', () => {
    const harness = new Harness();
    push(harness, acmeFiles());
    const bad = acmeFiles(({ text }) => text.replace('every: 2 minutes', 'every: soon'));
    const error = thrown(() => push(harness, bad));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect((error as InvalidInputError).problems).toEqual([
      { field: 'acme: polling.every', line: expect.any(Number), message: expect.stringContaining('write') },
    ]);
    expect(findLatestSettingsVersion(harness.sql)).toMatchObject({ version: 1, files: acmeFiles() });
  });

  it('starts polling every tracker', () => {
    const harness = new Harness();
    const polled = () =>
      listDueTimers(harness.sql, Number.MAX_SAFE_INTEGER, 100)
        .filter(({ kind }) => kind === 'poll')
        .map(({ target }) => target)
        .sort();
    for (const tracker of polled()) clearTimer(harness.sql, 'poll', tracker);
    expect(polled()).toEqual([]);
    push(harness, acmeFiles());
    expect(polled()).toEqual(['growth', 'product', 'support']);
  });

  it('takes what a merge key shares', () => {
    const files = acmeFiles((file) =>
      file.name === 'acme'
        ? file.text
            .replace('gold: {', 'gold: &goals {')
            .replace(/silver: \{.*\}/, 'silver: { <<: *goals, severity: high }')
        : file.text,
    );
    expect(push(new Harness(), files).settings.workspace.tiers).toMatchObject({
      silver: { severity: 'high', 'closure-goal': 86_400_000 },
    });
  });
});

describe('settings', () => {
  const problemsOf = (change: (text: string) => string) => {
    const files = acmeFiles(({ name, text }) => (name === 'acme' ? change(text) : text));
    const error = thrown(() => readSettings(files, 1, WorkspaceFileSchema));
    return error instanceof InvalidInputError ? error.problems.map(({ message }) => message) : [];
  };

  const shortestTime = (work: () => void) => {
    const runs = [1, 2, 3].map(() => {
      const before = performance.now();
      work();
      return performance.now() - before;
    });
    return Math.min(...runs);
  };

  it('name their first 50 problems and how many more there are, in linear time (security 2)', () => {
    const unknown = (count: number) => Array.from({ length: count }, (_, index) => `unknown-${index}: 1\n`).join('');
    const problems = problemsOf((text) => text + unknown(1000));
    expect([problems.length, problems.at(-1)]).toEqual([51, 'and 950 more']);
    const shortestMs = (count: number) => shortestTime(() => problemsOf((text) => text + unknown(count)));
    // Quadratic time would be 64 times as long.
    expect(shortestMs(8000)).toBeLessThan(40 * shortestMs(1000));
  });

  it('name the problems of a group that many settings repeat about as fast as those of each', () => {
    const unknown = Array.from({ length: 60 }, (_, index) => `unknown-${index}: 1`).join(', ');
    const group = `{ severity: high, closure-goal: 48 hours, ${unknown} }`;
    const shortestMs = (repeated: string) =>
      shortestTime(() => {
        const tiers = Array.from({ length: 90 }, (_, index) => `  tier-${index}: ${repeated}\n`).join('');
        const problems = problemsOf((text) => text.replace('  silver:', `  first: &group ${group}\n${tiers}  silver:`));
        expect(problems).toHaveLength(51);
      });
    expect(shortestMs('*group')).toBeLessThan(2 * shortestMs(group));
  });

  it.each([
    [
      'the workspace’s own token for a vendor',
      (text: string) => text.replace('GITHUB_TOKEN', 'API_TOKEN'),
      'is the token of this workspace',
    ],
    [
      'a secret of workspace acme--eu',
      (text: string) => text.replace('GITHUB_TOKEN', 'EU__TOKEN'),
      'has two underscores side by side',
    ],
    [
      'two lines in a name',
      (text: string) => text.replace('name: Acme customer feedback', 'name: "Acme\\r\\nBcc: x@y.example"'),
      'is more than one line',
    ],
    [
      'two lines in a sender',
      (text: string) => text.replace(/from: "[^"]+"/, 'from: "a@b.example\\nBcc: x@y.example"'),
      'is more than one line',
    ],
    ['501 letters', (text: string) => text.replace('Dana Reyes', 'x'.repeat(501)), 'must be 500 characters or less'],
    ['a list as a name', (text: string) => `${text}[a, b]: 1\n`, 'has a list or a group in place of a name'],
    [
      '__proto__ as a name',
      (text: string) => text.replace('wish: ', '__proto__: x\n      wish: '),
      'no setting can have',
    ],
    ['a name twice', (text: string) => `${text}name: Acme\n`, 'is a name that stands here already'],
  ])('refuse %s (security minor)', (_, change, problem) => {
    expect(problemsOf(change)).toEqual([expect.stringContaining(problem)]);
  });

  it('never reach the console (security 13)', () => {
    const warned: unknown[] = [];
    const warn = vi.spyOn(console, 'warn').mockImplementation((...args) => void warned.push(args));
    const emit = vi.spyOn(process, 'emitWarning').mockImplementation((...args) => void warned.push(args));
    try {
      problemsOf((text) => `${text}{ a: secret words }: 1\nb: !secret words\n`);
      pushSettings(
        new Harness().core,
        { files: renamed('!secret words'), base: null, author: 'dana' },
        (given, version) => readSettings(given, version, WorkspaceFileSchema),
      );
    } finally {
      warn.mockRestore();
      emit.mockRestore();
    }
    expect(warned).toEqual([]);
  });
});
