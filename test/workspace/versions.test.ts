import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { finishSteps } from '#domain/base/steps.ts';
import type { SettingsFile } from '#domain/templates/template.ts';
import {
  readPulledVersion,
  readWorkspaceFiles,
  writePulledVersion,
  writeWorkspaceFiles,
} from '#src/cli/workspace-files.ts';
import { WorkspaceFileSchema } from '#src/wiring.ts';
import {
  backtestStoredTemplate,
  listTemplatesJson,
  readFilesOfVersion,
  versions,
} from '#src/workspace/queries/settings.ts';
import { pushSettings } from '#src/workspace/settings/push-settings.ts';
import { readSettings } from '#src/workspace/settings/read-settings.ts';
import { diffSettings } from '#src/workspace/settings/settings-diff.ts';
import { findLatestSettingsVersion } from '#src/workspace/store/access.ts';
import { acmeFiles } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { day } from '#test/harness/times.ts';

const read = (files: SettingsFile[], version: number) => readSettings(files, version, WorkspaceFileSchema);
const push = (harness: Harness, files: SettingsFile[], base: number | null, author = 'dana') =>
  pushSettings(harness.core, { files, base, author }, read);
const with_ = (name: string, from: string, to: string) =>
  acmeFiles((file) => (file.name === name ? file.text.replace(from, to) : file.text));
const slower = with_('product-wish', 'closure-goal: 60 days', 'closure-goal: 90 days\npriority: 5');

describe('versions of settings', () => {
  it('refuse other files with a stale base, and take the same files for what they are', () => {
    const harness = new Harness();
    push(harness, acmeFiles(), null);
    push(harness, slower, 1, 'sam');
    expect(push(harness, slower, 1)).toMatchObject({ version: 2, changed: false });
    expect(() => push(harness, acmeFiles(), 1)).toThrow(
      /pulled from version 1, .* version 2 by sam\. .* Different: case-template product-wish\.\n/,
    );
    expect(findLatestSettingsVersion(harness.sql)?.version).toBe(2);
  });

  it('tell who changed what, and when', async () => {
    const harness = new Harness();
    push(harness, acmeFiles(), null);
    await harness.pass(day);
    push(harness, slower, 1, 'sam');
    push(harness, with_('acme', 'words: never', 'words: private'), 2);
    const [newest, second, ...first] = versions(harness.core, null);
    expect(newest).toMatchObject({ version: 3, author: 'dana' });
    expect(newest?.changes.map(({ name }) => name).sort()).toEqual(['acme', 'product-wish']);
    expect(second).toMatchObject({
      version: 2,
      author: 'sam',
      at: '2026-11-24T08:00:00.000Z',
      changes: [
        {
          kind: 'case-template',
          name: 'product-wish',
          lines: ['closure-goal: 60 days → 90 days', 'priority: 5 (new)'],
        },
      ],
    });
    expect(first).toHaveLength(1);
    expect(versions(harness.core, 'product-wish').map(({ version }) => version)).toEqual([3, 2, 1]);
    expect(versions(harness.core, 'upgrade-not-installed').map(({ version }) => version)).toEqual([1]);
    expect(readFilesOfVersion(harness.core, 1).files).toEqual(acmeFiles());
    expect(() => readFilesOfVersion(harness.core, 9)).toThrow(/no version 9/);
  });

  it('are refused from a stale base, setting by setting', () => {
    const harness = new Harness();
    push(harness, acmeFiles(), null);
    push(harness, slower, 1);
    expect(() => push(harness, acmeFiles(), 1)).toThrow(
      /at version 2 by dana[\s\S]*case-template product-wish: closure-goal: 90 days → 60 days/,
    );
  });

  it('know a change of words from one of layout', () => {
    const other = with_('product-wish', 'kind: tactical', '# only a remark\nkind:   tactical');
    expect(diffSettings(acmeFiles(), other)).toEqual([
      { kind: 'case-template', name: 'product-wish', lines: ['only comments, order or layout'] },
    ]);
    expect(diffSettings(acmeFiles(), acmeFiles().slice(1))[0]?.lines).toEqual(['removed']);
  });
});

describe('a workspace', () => {
  it('is rebuilt from the files that were pulled', () => {
    const folder = mkdtempSync(join(tmpdir(), 'caselite-pull-'));
    try {
      const harness = new Harness();
      push(harness, slower, null);
      const { files, version } = findLatestSettingsVersion(harness.sql) ?? { files: [], version: 0 };
      const path = writeWorkspaceFiles(folder, { workspace: 'acme', version }, files);
      expect(readPulledVersion(path, 'acme')).toBe(1);
      expect(readPulledVersion(path, 'another')).toBeNull();
      const other = new Harness();
      const again = push(other, readWorkspaceFiles(path).files, null);
      expect(diffSettings(files, findLatestSettingsVersion(other.sql)?.files ?? [])).toEqual([]);
      expect({ ...again.settings, version: 0 }).toEqual({ ...read(slower, 1), version: 0 });
      writePulledVersion(path, { workspace: 'acme', version: 7 });
      expect(readPulledVersion(path, 'acme')).toBe(7);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('written by hand was pulled from nowhere', () => {
    expect(readPulledVersion('templates/workspaces/acme.yaml', 'acme')).toBeNull();
  });
});

describe('a backtest of what is stored', () => {
  it('plays a draft, compares it with what holds, and changes nothing', async () => {
    const harness = new Harness();
    push(harness, acmeFiles(), null);
    for (const [token, ease] of [
      ['a', 3],
      ['b', 5],
      ['c', 6],
    ] as const)
      await harness.receive({ token, customer: token, ease });
    const before = harness.outbox().length;
    const text = acmeFiles().find(({ name }) => name === 'upgrade-hard-to-install')?.text ?? '';
    const tactical = text.replace('kind: strategic', 'kind: tactical').replace(/^gather: .*\n/m, '');
    const draft = tactical.replace('<=: 5', '<=: 3');
    const { report } = finishSteps(
      backtestStoredTemplate(harness.core, { template: 'upgrade-hard-to-install', text: draft, against: null }, read),
    );
    expect(report).toMatchObject({ responses: 3, matched: 1, opened: 1 });
    expect(report.difference).toMatchObject({ openedBefore: 1, noLongerMatched: { count: 1 } });
    expect(report.shown[0]?.response).toMatch(/^r_/);
    expect(harness.outbox()).toHaveLength(before);
    expect(() =>
      finishSteps(
        backtestStoredTemplate(
          harness.core,
          { template: 'upgrade-hard-to-install', text: text.replace('<=: 5', '<=: x'), against: null },
          read,
        ),
      ),
    ).toThrow(/upgrade-hard-to-install: when\.all\.0\.<= \(line 15\): must be a number/);
    expect(listTemplatesJson(harness.core).map(({ name }) => name)).toEqual(
      Object.keys(harness.core.settings.workspace.templates),
    );
  });
});
