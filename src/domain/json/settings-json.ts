import * as z from 'zod';
import { CaseTemplateFile, SettingsFile } from '#domain/templates/template.ts';
import { apiObject, each, orNull } from '../base/api-object.ts';

/* Templates and settings versions as outside programs and pages get them. Times are ISO 8601 in UTC. */

const { kind, action, state } = CaseTemplateFile.shape;

export const TemplateJson = apiObject('Template', {
  name: z.string().describe('Name of the file; `title` is the readable name'),
  title: z.string(),
  kind,
  action,
  state,
  priority: z.number(),
  ...each(['category', 'team', 'tracker'], z.string()),
});
export type TemplateJson = z.output<typeof TemplateJson>;

const SettingsFileDiff = SettingsFile.omit({ text: true }).extend({
  lines: z.array(z.string()).describe('One line per setting: `closure-goal: 24 hours → 12 hours`'),
});
export type SettingsFileDiff = z.output<typeof SettingsFileDiff>;

export const SettingsFilesJson = z.object({ version: z.int(), files: z.array(SettingsFile) });

export const warnings = z
  .array(z.string())
  .describe('Work of people who leave, what labels become, and what trackers say of the issue settings');

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
  why: z.string().describe('Reason that the author gave; empty without one'),
  changes: z.array(SettingsFileDiff),
});
export type SettingsVersionJson = z.output<typeof SettingsVersionJson>;

/** Uses of an API token. `act-as` lets a program name the person for whom it acts. */
export const TokenScope = z.enum(['read', 'act', 'settings', 'personal-data', 'act-as']);
export type TokenScope = z.output<typeof TokenScope>;

export const TokenJson = apiObject('Token', {
  id: z.string(),
  name: z.string(),
  person: orNull.describe('Person who acts with it; null for a program'),
  scopes: z.array(TokenScope),
  ...each(['createdBy', 'createdAt', 'endsAt'], z.string()),
  lastUsedAt: orNull,
});
export type TokenJson = z.output<typeof TokenJson>;

/** A secret that the settings name, and where its value is from. The value is never read back. */
export const SecretJson = apiObject('Secret', {
  name: z.string(),
  variable: z.string(),
  host: z.string().describe('Host of the vendor that gets it'),
  uses: z.array(z.string()),
  state: z.enum(['deployment', 'page', 'other host', 'unreadable', 'unused', 'address', 'missing']),
  who: orNull,
  at: orNull,
});
export type SecretJson = z.output<typeof SecretJson>;

/** A line of the audit log. It names no customer: `about` may be a pseudonym of one. */
export const AuditLineJson = apiObject('AuditLine', {
  id: z.int(),
  at: z.string(),
  who: z.string().describe('A person of the workspace, a program, or somebody who is not known'),
  ...each(['what', 'about', 'details'], z.string()),
});
export type AuditLineJson = z.output<typeof AuditLineJson>;

export const EventChannelJson = apiObject('EventChannel', {
  name: z.string(),
  types: z.array(z.string()).describe('Chosen types; empty for all'),
  waiting: z.int(),
  trouble: z.string().nullable(),
  takenAt: z.string().nullable(),
  endedAt: z.string().nullable().describe('Since when no more events are posted; a replay resumes them'),
});
export type EventChannelJson = z.output<typeof EventChannelJson>;

export const EventAttemptJson = apiObject('EventAttempt', {
  id: z.string().describe('The `webhook-id`'),
  sequence: z.int(),
  ...each(['type', 'case', 'at'], z.string()),
  error: z.string().nullable(),
});
export type EventAttemptJson = z.output<typeof EventAttemptJson>;

export const BackupHeader = z.object({
  caselite: z.literal('backup'),
  format: z.literal(1),
  schema: z.string().max(100),
  workspace: z.string().max(63),
  at: z.iso.datetime(),
  key: z.string().max(100),
  lines: z.int().min(0),
});
export type BackupHeader = z.output<typeof BackupHeader>;

export const HoldJson = z.object({
  backupAt: z.string(),
  restoredAt: z.string(),
  missing: z.array(z.string()),
  issues: z.array(
    z.object({ tracker: z.string(), key: z.string(), url: z.string(), case: z.string(), isCaseKnown: z.boolean() }),
  ),
  /** Number of mails that the mail host took after the backup; null where it lists none. */
  mailsFound: z.int().nullable(),
  mails: z.array(z.object({ kind: z.string(), subject: z.string(), case: z.string().nullable() })),
  calls: z.int(),
  deliveries: z.int(),
});
export type HoldJson = z.output<typeof HoldJson>;

/** How the work of one workspace gets on, without personal data. Times are ISO 8601 UTC. */
export const HealthJson = apiObject('Health', {
  lagSeconds: z.number().describe('How long the oldest due work has waited for its turn'),
  deliveries: z.object({ total: z.int(), waiting: z.int(), setAside: z.int(), oldestWaitingAt: z.string().nullable() }),
  totals: z.object({ responses: z.int(), cases: z.int(), mails: z.int() }),
  cases: z.object({ open: z.int(), overdue: z.int(), disputed: z.int(), needsPerson: z.int() }),
  queues: z.array(
    z.object({
      queue: z.string().describe('A tracker, `source:` and a source, `mail`, or a channel'),
      waiting: z.int(),
      unknown: z.int().describe('Calls without an answer, which are looked up'),
      oldestAt: z.string().nullable(),
      pausedSince: z.string().nullable().describe('Since when its credentials are refused'),
      heldUntil: z.string().nullable().describe('Until when the host asked for quiet, or the rate limit is used up'),
    }),
  ),
});
export type HealthJson = z.output<typeof HealthJson>;
