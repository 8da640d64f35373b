import type * as z from 'zod';
import type { Fetch } from '../base/ports.ts';

/** One notice for a channel: the event, the case and the recipients. No words of a customer. */
export interface Notice {
  /** Idempotency key of the notice. */
  key: string;
  at: string;
  workspace: string;
  event: string;
  headline: string;
  case: { handle: string; category: string; severity: string; tier: string | null; url: string };
  /** Page of the full response, for people who may sign in. */
  responseUrl: string | null;
  people: string[];
}

/** Throws only `IntegrationError`. Sending a notice twice is harmless: the receiver knows it by its key. */
export interface Notifier {
  send(notice: Notice): Promise<void>;
}

/** A kind of channel beside mail. `secrets` lists the settings that hold names of secrets. */
export interface NotifierDefinition<Settings = unknown> {
  kind: string;
  title: string;
  settings: z.ZodType<Settings>;
  secrets(settings: Settings): string[];
  create(
    settings: Settings,
    deps: { createFetch(baseUrl: string): Fetch; now(): number; secret(name: string): string },
  ): Promise<Notifier>;
}
