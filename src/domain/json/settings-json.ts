import * as z from 'zod';
import { CaseTemplate } from '../templates/template.ts';

/* Templates and settings versions as outside programs and pages get them. Times are ISO 8601 in UTC. */

const { kind, action, state } = CaseTemplate.shape;

export const TemplateJson = z
  .object({
    name: z.string().describe('Name of the file; `title` is the readable name'),
    title: z.string(),
    kind,
    action,
    state,
    priority: z.number(),
    category: z.string(),
    team: z.string(),
    tracker: z.string(),
  })
  .meta({ id: 'Template' });
export type TemplateJson = z.output<typeof TemplateJson>;

const FileDiff = z.object({
  kind: z.enum(['workspace', 'case-template', 'survey']),
  name: z.string(),
  lines: z.array(z.string()).describe('One line per setting: `closure-goal: 24 hours → 12 hours`'),
});
export type FileDiff = z.output<typeof FileDiff>;

export const VersionJson = z
  .object({ version: z.int(), author: z.string(), at: z.string(), changes: z.array(FileDiff) })
  .meta({ id: 'Version' });
export type VersionJson = z.output<typeof VersionJson>;
