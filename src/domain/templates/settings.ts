import type { WorkspaceSettings } from '../settings/workspace-file.ts';
import type { FollowUpSurvey } from './survey.ts';
import type { CaseTemplate } from './template.ts';

/** One file of a workspace's settings, as its author wrote it. */
export interface SettingsFile {
  kind: 'workspace' | 'case-template' | 'survey';
  name: string;
  text: string;
}

export interface Settings {
  version: number;
  workspace: WorkspaceSettings;
  templates: Map<string, CaseTemplate>;
  surveys: Map<string, FollowUpSurvey>;
}
