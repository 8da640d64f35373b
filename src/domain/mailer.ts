import type * as z from 'zod';
import type { Fetch } from './ports.ts';

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

/** Throws only `OutsideError`. */
export interface Mailer {
  send(message: MailMessage): Promise<{ id: string }>;
}

export interface MailDefinition<Settings = unknown> {
  kind: string;
  title: string;
  settings: z.ZodType<Settings>;
  baseUrl: { variable: string; fallback: string };
  /** How long the provider answers a repeated key with the first mail, in milliseconds; 0: never. */
  idempotencyMs: number;
  secrets(settings: Settings): string[];
  create(
    settings: Settings,
    deps: { fetch: Fetch; baseUrl: string; secret(name: string): string },
  ): Promise<Mailer>;
}
