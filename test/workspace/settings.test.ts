import { describe, expect, it } from 'vitest';
import { AppError, InvalidInputError } from '#domain/base/errors.ts';
import type { SettingsFile } from '#domain/templates/settings.ts';
import { WorkspaceFileSchema } from '#src/wiring.ts';
import { pushSettings } from '#src/workspace/settings/push-settings.ts';
import { readSettings } from '#src/workspace/settings/read-settings.ts';
import { clearTimer, listDueTimers } from '#src/workspace/store/schedule.ts';
import { findLatestSettingsVersion, listSettingsVersions } from '#src/workspace/store/settings.ts';
import { acmeFiles } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';

const push = (harness: Harness, files: SettingsFile[], base: number | null = null) =>
  pushSettings(harness.core, { files, base, author: 'dana' }, (given, version) =>
    readSettings(given, version, WorkspaceFileSchema),
  );

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
    expect(listSettingsVersions(harness.sql, Number.MAX_SAFE_INTEGER, 10)).toHaveLength(2);
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
