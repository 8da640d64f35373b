import * as z from 'zod';
import type { WorkspaceSettings } from '../settings/workspace-file.ts';
import type { FollowUpSurvey } from './survey.ts';
import type { CaseTemplate } from './template.ts';

/** One file of a workspace's settings, as its author wrote it. */
export const SettingsFile = z
  .strictObject({
    kind: z.enum(['workspace', 'case-template', 'survey']),
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
    text: z.string().max(200_000),
  })
  .meta({ id: 'SettingsFile' });
export type SettingsFile = z.output<typeof SettingsFile>;

export interface Settings {
  version: number;
  workspace: WorkspaceSettings;
  templates: Map<string, CaseTemplate>;
  surveys: Map<string, FollowUpSurvey>;
}
