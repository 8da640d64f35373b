import * as z from 'zod';
import { each, orNull } from '../base/api-object.ts';
import type { Fetch } from '../base/ports.ts';
import type { CaseEvent } from './case-event.ts';
import type { IncomingReply, RawDelivery } from './survey-source.ts';

/** One mail, frozen before its first try: a key never carries different bytes. */
export const MailMessage = z.object({
  ...each(['key', 'from', 'to'], z.string()),
  replyTo: orNull,
  ...each(['subject', 'text', 'html'], z.string()),
  headers: z.record(z.string(), z.string()),
});
export type MailMessage = z.output<typeof MailMessage>;

export type MailCheckFinding = { blocking: boolean; message: string; remedy: string };

export type SentMail = { id: string; to: string; subject: string; at: number };

/** Throws only `IntegrationError`. */
export interface Mailer {
  send(message: MailMessage): Promise<{ id: string }>;
  /** Mails that the provider took since an instant; null where it cannot list them. */
  listSent?(since: number): Promise<SentMail[] | null>;
  check(): Promise<MailCheckFinding[]>;
}

/** A provider's report about an accepted mail. Only permanent bounces are reported. */
export interface MailEvent {
  provider: string;
  address: string;
  what: 'delivered' | 'bounced' | 'complained';
  /** Reason, without the address and without words of the receiving host. */
  why: string;
}

export interface MailDefinition<Settings = unknown> {
  kind: string;
  title: string;
  settings: z.ZodType<Settings>;
  baseUrl: { variable: string; fallback: string };
  /** How long the provider honours an idempotency key, in milliseconds; 0 for providers without keys. */
  idempotencyKeyLifetimeMs: number;
  secrets(settings: Settings): string[];
  /** Name of the DKIM key that the provider has a domain publish, where it is always the same. */
  dkimSelector?: string;
  /** Webhook for delivery reports. Without it bounces stay unknown. */
  events?: {
    /** Headers that the signature covers and whose names do not look like a proof. */
    headers: string[];
    /** Name of the signing secret; null where the workspace names none. */
    secret(settings: Settings): string | null;
    /** Null for a delivery that is not genuine. */
    read(delivery: RawDelivery, secrets: string[], now: number): Promise<MailEvent[] | null>;
  };
  create(settings: Settings, deps: { fetch: Fetch; baseUrl: string; secret(name: string): string }): Promise<Mailer>;
}

export interface Replies {
  verify(delivery: RawDelivery, now: number): Promise<boolean>;
  /** @throws InvalidInputError for a mail that cannot be read */
  read(body: Uint8Array): Promise<IncomingReply>;
}

/** One notice for a channel: the event, the case and the recipients. No words of a customer. */
export const Notice = z.object({
  ...each(['key', 'at', 'workspace', 'event', 'headline'], z.string()),
  case: z.object({ handle: z.string(), category: z.string(), severity: z.string(), tier: orNull, url: z.string() }),
  /** Number of cases, where many came at once; then `case` is the first, with the address of the list. */
  cases: z.int().optional(),
  responseUrl: orNull,
  people: z.array(z.string()),
});
export type Notice = z.output<typeof Notice>;

/** A huddle pack for a channel: handles and counts alone, and the address of the page, which needs a sign-in. */
export const HuddleNotice = Notice.pick({ key: true, at: true, workspace: true, headline: true }).extend({
  event: z.literal('huddle'),
  lines: z.array(z.string()),
  url: z.string(),
});
export type HuddleNotice = z.output<typeof HuddleNotice>;

/** Throws only `IntegrationError`. Sending twice is harmless: the receiver knows a notice by its key, an event by its id. */
export interface Notifier {
  send(notice: Notice | HuddleNotice): Promise<void>;
  /** Posts an event of a case. Without it, a channel gets notices only. */
  sendEvent?(id: string, event: CaseEvent): Promise<void>;
}

/** A kind of channel beside mail; only the deployment sets addresses, so that no page leads into its network. */
export interface NotifierDefinition<Settings = unknown> {
  kind: string;
  title: string;
  settings: z.ZodType<Settings>;
  secrets(settings: Settings): string[];
  addresses(settings: Settings): string[];
  create(
    settings: Settings,
    deps: { createFetch(baseUrl: string): Fetch; now(): number; secret(name: string): string },
  ): Promise<Notifier>;
}
