import { AppError } from '#domain/base/errors.ts';
import type { SettingsFileDiff } from '#domain/json/settings-json.ts';
import type { Settings, SettingsFile } from '#domain/templates/settings.ts';
import type { CorePorts } from '../core.ts';
import { updateSourcesFromSettings } from '../intake/keep-sources.ts';
import { setPollTimersToNow } from '../issues/poll.ts';
import { startRetentionTimer } from '../privacy/retention.ts';
import { endSessionsExceptOf } from '../store/sessions.ts';
import { findLatestSettingsVersion, insertSettingsVersion } from '../store/settings.ts';
import { demandFairSize } from './read-yaml.ts';
import { diffSettings, formatDiffLines } from './settings-diff.ts';

const mostDiffLines = 50;

export interface Push {
  files: SettingsFile[];
  /** Version that the files were pulled from; null for files from elsewhere. */
  base: number | null;
  author: string;
}

type PushResult = { version: number; changed: boolean };
/** A push, and what may go wrong with its settings, one line each. */
export type PushAnswer = PushResult & { warnings: string[] };

/**
 * Stores a new version of a workspace's files. The same files make no new version, whatever their base; other files
 * with a stale base are refused.
 *
 * @param read checks the files and returns the settings
 */
export function pushSettings(
  core: CorePorts,
  push: Push,
  read: (files: SettingsFile[], version: number) => Settings,
): PushResult & { settings: Settings } {
  demandFairSize(push.files);
  const latest = findLatestSettingsVersion(core.sql);
  if (latest) {
    const diffs = diffSettings(latest.files, push.files);
    if (diffs.length === 0)
      return { version: latest.version, changed: false, settings: read(latest.files, latest.version) };
    if (push.base !== null && push.base !== latest.version) throw stale(push.base, latest, diffs);
  }
  const version = (latest?.version ?? 0) + 1;
  const settings = read(push.files, version);
  core.sql.transaction(() => {
    insertSettingsVersion(core.sql, { version, files: push.files, author: push.author, at: core.clock.now() });
    setPollTimersToNow(core, settings);
    updateSourcesFromSettings(core, settings);
    startRetentionTimer(core);
    endSessionsExceptOf(core.sql, Object.keys(settings.workspace.people), core.clock.now());
  });
  return { version, changed: true, settings };
}

function stale(base: number, latest: { version: number; author: string }, diffs: SettingsFileDiff[]): AppError {
  const changed = diffs.map(({ kind, name }) => `${kind} ${name}`);
  const lines = formatDiffLines(diffs).slice(0, mostDiffLines);
  return new AppError(
    'conflict',
    `These files were pulled from version ${base}, but the workspace is at version ${latest.version} by ${latest.author}. ` +
      `Pull again and bring in your change. Different: ${[`${changed.join(', ')}.`, ...lines].join('\n')}`,
  );
}
