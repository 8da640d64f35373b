import * as z from 'zod';
import type { CommentDraft, IssueClosure, IssueDraft } from '#domain/integrations/issue.ts';
import type { MailMessage } from '#domain/integrations/mailer.ts';
import type { Notice } from '#domain/integrations/notifier.ts';
import type { ResponseReference } from '#domain/integrations/survey-source.ts';

const text = z.string();
const nullable = text.nullable();
const CasePayload = z.object({ caseId: text });
const PlanStepPayload = CasePayload.extend({ position: z.number() });
const About = z.object({ ref: text, uuid: text });

const Draft = z.object({
  marker: text,
  uuid: text,
  title: text,
  body: text,
  labels: z.array(z.object({ name: text, color: text, description: text })),
  severity: z.object({ name: text, rank: z.literal([1, 2, 3, 4]) }),
  dueDate: nullable,
  assignee: nullable,
  link: z.object({ url: text, title: text }),
}) satisfies z.ZodType<IssueDraft>;

const Comment = About.extend({ body: text, mention: z.array(text) }) satisfies z.ZodType<CommentDraft>;

const closures = ['completed', 'not-planned', 'duplicate', 'stale', 'other'] as const satisfies IssueClosure['kind'][];

const Mail = z.object({
  key: text,
  from: text,
  to: text,
  replyTo: nullable,
  subject: text,
  text,
  html: text,
  headers: z.record(text, text),
}) satisfies z.ZodType<MailMessage>;

const ChannelNoticePayload = z.object({
  key: text,
  at: text,
  workspace: text,
  event: text,
  headline: text,
  case: z.object({ handle: text, category: text, severity: text, tier: nullable, url: text }),
  responseUrl: nullable,
  people: z.array(text),
}) satisfies z.ZodType<Notice>;

const Reference = z.object({
  form: text,
  responseId: text,
  revision: z.number(),
}) satisfies z.ZodType<ResponseReference>;

/** The payload of each kind of row. A change that waiting rows do not fit raises the version of their kind. */
export const payloads = {
  'issue.create': { version: 1, json: Draft },
  'issue.sub': { version: 1, json: Draft.extend(PlanStepPayload.shape) },
  'issue.sub-state': { version: 1, json: PlanStepPayload },
  'issue.edit': {
    version: 1,
    json: CasePayload.extend({ text: z.boolean().optional(), fields: z.boolean().optional() }),
  },
  'issue.comment': { version: 1, json: CasePayload.extend({ draft: Comment }) },
  /** `who` is a person, or Caselite itself. */
  'issue.reopen': { version: 1, json: CasePayload.extend({ why: text, who: text }) },
  /** `canonical` is the case whose issue a duplicate repeats. */
  'issue.close': {
    version: 1,
    json: CasePayload.extend({ kind: z.enum(closures), canonical: text.optional() }),
  },
  /** `other` is a case, whose issue is in the same tracker; `key` is an issue that belongs to no case. */
  'issue.link': { version: 1, json: CasePayload.extend({ other: text.optional(), key: text.optional() }) },
  /** `duplicateIssue` is an issue of ours that was made a second time. */
  'issue.duplicate': {
    version: 1,
    json: CasePayload.extend({ ...About.shape, duplicateIssue: z.object({ id: text, key: text }) }),
  },
  'mail.send': { version: 1, json: Mail },
  'notice.send': { version: 1, json: ChannelNoticePayload },
  'response.fetch': { version: 1, json: z.object({ delivery: text, reference: Reference }) },
  'questions.fetch': { version: 1, json: z.object({ form: text }) },
} satisfies Record<string, { version: number; json: z.ZodType }>;

export type OutboxKind = keyof typeof payloads;
export type Payload<Kind extends OutboxKind> = z.output<(typeof payloads)[Kind]['json']>;

/** @returns null for a kind, a version or a content that this version of Caselite does not know */
export function readOutboxPayload(
  kind: string,
  version: number,
  json: string,
): { [Kind in OutboxKind]: { kind: Kind; payload: Payload<Kind> } }[OutboxKind] | null {
  if (!Object.hasOwn(payloads, kind)) return null;
  const known = payloads[kind as OutboxKind];
  if (known.version !== version) return null;
  try {
    return { kind, payload: known.json.parse(JSON.parse(json)) } as ReturnType<typeof readOutboxPayload>;
  } catch {
    return null;
  }
}
