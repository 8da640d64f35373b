import { AppError, demandFound } from '#domain/base/errors.ts';
import type { Settings, SettingsFile } from '#domain/templates/template.ts';
import { startWatchingRisks } from '../cases/watch-risks.ts';
import { updateSourcesFromSettings } from '../intake/keep-sources.ts';
import { setPollTimersToNow } from '../issues/poll.ts';
import { basics, type Core, type CorePorts, type json, store, type WorkspaceSettings } from '../kit.ts';
import { setHuddleTimers } from '../mail/notify.ts';
import { startRetentionTimer } from '../privacy/erase-person.ts';
import { addTemplateToWorkspaceFile, changeWorkspaceFile, demandFairSize, type SettingChange } from './read-yaml.ts';
import { diffSettings, formatDiffLines } from './settings-diff.ts';

const mostDiffLines = 50;

export interface Push {
  files: SettingsFile[];
  /** Version that the files were pulled from; null for files from elsewhere. */
  base: number | null;
  author: string;
  why?: string | undefined;
}

export type UnsignedPush = Omit<Push, 'author'> & { author?: string | undefined };

export type ReadFiles = (files: SettingsFile[], version: number) => Settings;

export type PushAnswer = { version: number; changed: boolean; warnings: string[] };

/** Stores a new version of the files, unless they are the same; others with a stale base are refused. */
export function pushSettings(core: CorePorts, push: Push, read: ReadFiles, running: Core | null = null) {
  demandFairSize(push.files);
  const latest = store.findLatestSettingsVersion(core.sql);
  if (latest) {
    const diffs = diffSettings(latest.files, push.files);
    if (diffs.length === 0)
      return { version: latest.version, changed: false, settings: read(latest.files, latest.version) };
    if (push.base !== null && push.base !== latest.version) throw stale(push.base, latest, diffs);
  }
  const version = (latest?.version ?? 0) + 1;
  const settings = read(push.files, version);
  core.sql.transaction(() => {
    const { files, author, why } = push;
    store.settingsVersions.insert(core.sql, { version, files, author, why: why ?? '', at: core.clock.now() });
    setPollTimersToNow(core, settings);
    updateSourcesFromSettings(core, settings);
    startRetentionTimer(core);
    startWatchingRisks(core);
    setHuddleTimers(core, settings);
    const reached = listReached(running?.settings.workspace.people ?? {}, settings.workspace.people);
    const own = Object.hasOwn(settings.workspace.people, author) ? [author] : [];
    store.endAccessExceptOf(core.sql, [...reached, ...own], reached, core.clock.now());
    store.deleteIdentitiesExceptOf(core.sql, Object.keys(settings.workspace.people));
    basics.audit(core, { who: push.author, what: 'settings pushed', details: `version ${version}` });
    if (running) auditRoleChanges(core, push.author, running.settings.workspace, settings.workspace);
  });
  return { version, changed: true, settings };
}

type People = WorkspaceSettings['people'];

/** People whose address is as it was: behind another one may be another person, as after a slip or for a successor. */
const listReached = (before: People, after: People): string[] =>
  Object.entries(after).flatMap(([person, { email }]) =>
    (before[person]?.email ?? email).toLowerCase() === email.toLowerCase() ? [person] : [],
  );

function auditRoleChanges(core: CorePorts, who: string, before: WorkspaceSettings, after: WorkspaceSettings): void {
  for (const person of new Set([...Object.keys(before.people), ...Object.keys(after.people)])) {
    const [was, is] = [describeRoles(before, person), describeRoles(after, person)];
    if (was !== is) basics.audit(core, { who, what: 'role changed', about: person, details: `${was} → ${is}` });
  }
}

function describeRoles(workspace: WorkspaceSettings, person: string): string {
  if (!Object.hasOwn(workspace.people, person)) return 'nobody';
  const teams = Object.entries(workspace.teams).flatMap(([name, { managers, members }]) => [
    ...(managers.includes(person) ? [`manages ${name}`] : []),
    ...(members.includes(person) ? [`works in ${name}`] : []),
  ]);
  return [basics.determineAccess(workspace, person), ...teams].join(', ');
}

function stale(base: number, latest: { version: number; author: string }, diffs: json.SettingsFileDiff[]): AppError {
  const changed = diffs.map(({ kind, name }) => `${kind} ${name}`);
  const lines = formatDiffLines(diffs).slice(0, mostDiffLines);
  return new AppError(
    'conflict',
    `These files were pulled from version ${base}, but the workspace is at version ${latest.version} by ${latest.author}. ` +
      `Pull again and bring in your change. Different: ${[`${changed.join(', ')}.`, ...lines].join('\n')}`,
  );
}

/** @throws AppError for settings of another workspace than the one they were pushed to */
export function demandName(settings: Settings, workspace: string): Settings {
  const named = settings.workspace.workspace;
  if (named === workspace) return settings;
  throw new AppError('invalid-input', `The file is of workspace ${named}, but was pushed to ${workspace}.`);
}

/** Changes to some settings by a page; everything else stays as it is. */
export interface ChangedSettings {
  changes?: SettingChange[];
  template?: { name: string; text?: string; place?: object };
  /** Version of the settings that the person saw; null for the newest. */
  base: number | null;
  why?: string;
}

/** The files with the changes. Settings that changed meanwhile refuse them with the difference, as they refuse any push. */
export function draftChangedSettings(
  core: CorePorts,
  { changes = [], template, base, why, who }: ChangedSettings & { who: string },
): Push {
  const { sql } = core;
  const found =
    base === null ? store.findLatestSettingsVersion(sql) : store.settingsVersions.find(sql, { version: base });
  const seen = demandFound(found, 'There is no such version of the settings.');
  const changed = changeWorkspaceFile(seen.files, changes);
  const listed = template ? addTemplateToWorkspaceFile(changed, template.name, template.place) : changed;
  const files = template?.text === undefined ? listed : replaceTemplate(listed, template.name, template.text);
  return { files, base: seen.version, author: who, why };
}

export const replaceTemplate = (files: SettingsFile[], name: string, text: string): SettingsFile[] => [
  ...files.filter((file) => !(file.kind === 'case-template' && file.name === name)),
  { kind: 'case-template', name, text },
];

export type RenamedQuestion = { source: string; alias: string; question: string; base: number | null; who: string };

export function draftRenamedQuestion(core: CorePorts, { source, alias, question, ...rest }: RenamedQuestion): Push {
  if (question.trim() === '') basics.refuseField('question', 'is empty; name the question that replaces the old one');
  const changes = [{ path: ['sources', source, 'questions', alias], value: question }];
  return draftChangedSettings(core, { ...rest, changes });
}
