import type { SettingsFile } from '#domain/templates/template.ts';
import { AppError, basics, type CorePorts, store } from '../kit.ts';
import type { Push } from './push-settings.ts';
import { addTemplateToWorkspaceFile, changeWorkspaceFile, type SettingChange } from './read-yaml.ts';

/** Changes to some settings by a page; everything else stays as it is. */
export interface ChangedSettings {
  changes?: SettingChange[];
  /** A case template that the workspace uses from now on, with its text where that is new, and its place. */
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
  const seen =
    base === null
      ? store.findLatestSettingsVersion(core.sql)
      : store.settingsVersions.find(core.sql, { version: base });
  if (!seen) throw new AppError('not-found', 'There is no such version of the settings.');
  const changed = changeWorkspaceFile(seen.files, changes);
  const listed = template ? addTemplateToWorkspaceFile(changed, template.name, template.place) : changed;
  const files = template?.text === undefined ? listed : replaceTemplate(listed, template.name, template.text);
  return { files, base: seen.version, author: who, why };
}

const replaceTemplate = (files: SettingsFile[], name: string, text: string): SettingsFile[] => [
  ...files.filter((file) => !(file.kind === 'case-template' && file.name === name)),
  { kind: 'case-template', name, text },
];

export interface RenamedQuestion {
  source: string;
  alias: string;
  /** Name or id of the question that the alias names from now on. */
  question: string;
  base: number | null;
  who: string;
}

/** The settings with an alias that names another question. */
export function draftRenamedQuestion(core: CorePorts, { source, alias, question, ...rest }: RenamedQuestion): Push {
  if (question.trim() === '') basics.refuseField('question', 'is empty; name the question that replaces the old one');
  return draftChangedSettings(core, {
    ...rest,
    changes: [{ path: ['sources', source, 'questions', alias], value: question }],
  });
}
