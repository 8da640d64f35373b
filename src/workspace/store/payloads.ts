import * as z from 'zod';
import { RequestedAction } from '#domain/cases/action.ts';
import { CommentDraft, type IssueClosure, IssueDraft } from '#domain/integrations/issue.ts';
import { MailMessage, Notice } from '#domain/integrations/mailer.ts';
import { ResponseReference } from '#domain/integrations/survey-source.ts';

const text = z.string();
const CasePayload = z.object({ caseId: text });
const PlanStepPayload = CasePayload.extend({ position: z.number() });

const closures = ['completed', 'not-planned', 'duplicate', 'stale', 'other'] as const satisfies IssueClosure['kind'][];

/** The payload of each kind of row. A change that waiting rows do not fit raises the version of their kind. */
export const payloads = {
  /** `replaces` is the closed issue that the new one follows, as a reopening by the settings. */
  'issue.create': {
    version: 1,
    json: IssueDraft.extend({ replaces: z.object({ id: text, why: text, who: text }).optional() }),
  },
  'issue.sub': { version: 1, json: IssueDraft.extend(PlanStepPayload.shape) },
  'issue.sub-state': { version: 1, json: PlanStepPayload },
  'issue.edit': {
    version: 1,
    /** `former` is an earlier issue of the case, whose text alone is written. */
    json: CasePayload.extend({ text: z.boolean().optional(), fields: z.boolean().optional(), former: text.optional() }),
  },
  /** `former` is an earlier issue of the case; without it the comment goes to the present one. */
  'issue.comment': { version: 1, json: CasePayload.extend({ draft: CommentDraft, former: text.optional() }) },
  /** `who` is a person, or Caselite itself. */
  'issue.reopen': { version: 1, json: CasePayload.extend({ why: text, who: text }) },
  /** `canonical` is the case whose issue a duplicate repeats. */
  'issue.close': { version: 1, json: CasePayload.extend({ kind: z.enum(closures), canonical: text.optional() }) },
  /** `other` is a case, whose issue is in the same tracker; `key` is an issue that belongs to no case. */
  'issue.link': { version: 1, json: CasePayload.extend({ other: text.optional(), key: text.optional() }) },
  /** `duplicateIssue` is an issue of ours that was made a second time. */
  'issue.duplicate': {
    version: 1,
    json: CasePayload.extend({ ref: text, uuid: text, duplicateIssue: z.object({ id: text, key: text }) }),
  },
  /** An action from the case page that a person may still withdraw. */
  'case.act': { version: 1, json: CasePayload.extend({ action: RequestedAction }) },
  'mail.send': { version: 1, json: MailMessage },
  'notice.send': { version: 1, json: Notice },
  'response.fetch': { version: 1, json: z.object({ delivery: text, reference: ResponseReference }) },
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
