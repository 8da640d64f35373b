import type { CaseTemplate } from '../templates/template.ts';

/*
 * Templates and versions of settings, as JSON and for the pages. Times are ISO 8601 in UTC.
 */

export interface TemplateJson {
  /** The file's name; `title` is what people read. */
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

/** What is different in one file of a workspace's settings. */
export interface FileDiff {
  kind: 'workspace' | 'case-template' | 'survey';
  name: string;
  /** `closure-goal: 24 hours → 12 hours`, a line for each setting. */
  lines: string[];
}

export interface VersionJson {
  version: number;
  author: string;
  at: string;
  /** What is different from the version before. */
  changes: FileDiff[];
}
