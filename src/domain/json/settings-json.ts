import type { CaseTemplate } from '../templates/template.ts';

/* Templates and settings versions as outside programs and pages get them. Times are ISO 8601 in UTC. */

export interface TemplateJson {
  /** Name of the file; `title` is the readable name. */
  name: string;
  title: string;
  kind: CaseTemplate['kind'];
  action: CaseTemplate['action'];
  state: CaseTemplate['state'];
  priority: number;
  category: string;
  team: string;
  tracker: string;
}

export interface FileDiff {
  kind: 'workspace' | 'case-template' | 'survey';
  name: string;
  /** One line per setting: `closure-goal: 24 hours → 12 hours`. */
  lines: string[];
}

export interface VersionJson {
  version: number;
  author: string;
  at: string;
  changes: FileDiff[];
}
