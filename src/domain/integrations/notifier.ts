import * as z from 'zod';
import { orNull } from '../base/api-object.ts';
import type { Fetch } from '../base/ports.ts';

/** One notice for a channel: the event, the case and the recipients. No words of a customer. */
export const Notice = z.object({
  /** Idempotency key of the notice. */
  key: z.string(),
  at: z.string(),
  workspace: z.string(),
  event: z.string(),
  headline: z.string(),
  case: z.object({ handle: z.string(), category: z.string(), severity: z.string(), tier: orNull, url: z.string() }),
  /** Number of cases, where many came at once; then `case` is the first, with the address of the list. */
  cases: z.int().optional(),
  /** Page of the full response, for people who may sign in. */
  responseUrl: orNull,
  people: z.array(z.string()),
});
export type Notice = z.output<typeof Notice>;

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
