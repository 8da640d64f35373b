import type * as z from 'zod';
import type { Fetch } from '../base/ports.ts';
import type { RawDelivery } from './survey-source.ts';

/** One mail, frozen before the first try: the same key never carries other bytes. */
export interface MailMessage {
  /** The provider's idempotency key. */
  key: string;
  from: string;
  to: string;
  replyTo: string | null;
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
}

/** One thing that is wrong with the way mail leaves, in one line. */
export interface MailFinding {
  /** Whether no mail leaves until it is mended. */
  blocking: boolean;
  message: string;
  remedy: string;
}

/** Throws only `IntegrationError`. */
export interface Mailer {
  send(message: MailMessage): Promise<{ id: string }>;
  /** What is wrong with credentials and the sender's domain. Sends nothing. */
  check(): Promise<MailFinding[]>;
}

/** What a provider tells of a mail after it took it. A bounce is one for good; passing troubles are no events. */
export interface MailEvent {
  /** The provider's id of the mail. */
  provider: string;
  address: string;
  what: 'delivered' | 'bounced' | 'complained';
  /** Without the address and without words of the receiving host. */
  why: string;
}

export interface MailDefinition<Settings = unknown> {
  kind: string;
  title: string;
  settings: z.ZodType<Settings>;
  baseUrl: { variable: string; fallback: string };
  /** How long the provider answers a repeated key with the first mail, in milliseconds; 0: never. */
  idempotencyMs: number;
  secrets(settings: Settings): string[];
  /** Where the provider tells by webhook what became of mails; without it nobody learns of bounces. */
  events?: {
    /** Headers that the signature covers and whose names do not look like a proof. */
    headers: string[];
    /** The name of the secret that signs; null where the workspace has set up none. */
    secret(settings: Settings): string | null;
    /** Null for a delivery that is not genuine. */
    read(delivery: RawDelivery, secrets: string[], now: number): Promise<MailEvent[] | null>;
  };
  create(
    settings: Settings,
    deps: { fetch: Fetch; baseUrl: string; secret(name: string): string },
  ): Promise<Mailer>;
}
