import type * as z from 'zod';
import type { Fetch } from '../base/ports.ts';

/** One notice for a channel: what happened to which case, and who is to hear of it. No words of a customer. */
export interface Notice {
  /** The same notice has the same key, however often it is sent. */
  key: string;
  at: string;
  workspace: string;
  event: string;
  headline: string;
  case: { handle: string; category: string; severity: string; tier: string | null; url: string };
  /** The full response behind it; for whoever may sign in. */
  responseUrl: string | null;
  /** Names of people of the workspace. */
  people: string[];
}

/** Throws only `IntegrationError`. Sending the same notice again does no harm: the receiver knows it by its key. */
export interface Notifier {
  send(notice: Notice): Promise<void>;
}

/** A kind of channel beside mail. `secrets` names the settings that hold names of secrets. */
export interface NotifierDefinition<Settings = unknown> {
  kind: string;
  title: string;
  settings: z.ZodType<Settings>;
  secrets(settings: Settings): string[];
  create(
    settings: Settings,
    deps: { fetchFor(baseUrl: string): Fetch; now(): number; secret(name: string): string },
  ): Promise<Notifier>;
}
