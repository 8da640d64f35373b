import * as z from 'zod';
import { CaseTemplateFile, SettingsFile } from '#domain/templates/template.ts';
import { apiObject } from '../base/api-object.ts';

/* Templates and settings versions as outside programs and pages get them. Times are ISO 8601 in UTC. */

const { kind, action, state } = CaseTemplateFile.shape;

export const TemplateJson = apiObject('Template', {
  name: z.string().describe('Name of the file; `title` is the readable name'),
  title: z.string(),
  kind,
  action,
  state,
  priority: z.number(),
  category: z.string(),
  team: z.string(),
  tracker: z.string(),
});
export type TemplateJson = z.output<typeof TemplateJson>;

const SettingsFileDiff = SettingsFile.omit({ text: true }).extend({
  lines: z.array(z.string()).describe('One line per setting: `closure-goal: 24 hours → 12 hours`'),
});
export type SettingsFileDiff = z.output<typeof SettingsFileDiff>;

/** The files of one version. */
export const SettingsFilesJson = z.object({ version: z.int(), files: z.array(SettingsFile) });

export const warnings = z
  .array(z.string())
  .describe('Work of people who leave, what labels become, and what trackers say of the issue settings');

/** Differences of files that are not pushed yet to the current ones. */
export const UnpushedChangesJson = z.object({
  version: z.int(),
  changes: z.array(SettingsFileDiff),
  templates: z.array(z.string()),
  warnings,
});
export type UnpushedChanges = z.output<typeof UnpushedChangesJson>;

export const SettingsVersionJson = apiObject('Version', {
  version: z.int(),
  author: z.string(),
  at: z.string(),
  changes: z.array(SettingsFileDiff),
});
export type SettingsVersionJson = z.output<typeof SettingsVersionJson>;
