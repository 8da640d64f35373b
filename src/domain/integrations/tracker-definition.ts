import type * as z from 'zod';
import type { Fetch } from '../base/ports.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Tracker } from './tracker.ts';

export interface TrackerDeps {
  fetch: Fetch;
  baseUrl: string;
  /** Delay before the first retry of a read inside one call, in milliseconds; 0 in a simulation. */
  retryMs: number;
}

/** A person's change of the text of an issue. Times are UTC milliseconds. */
export interface TextEdit {
  /** As in `IssueSnapshot.id`. */
  issue: string;
  account: string;
  before: string;
  after: string;
  at: number;
}

export interface GenuineHook {
  id: string;
  /** The issue that it names, which may have left the lists of changes; null for none. */
  issue: string | null;
  edit: TextEdit | null;
}

/** Signature of a vendor's webhooks. A genuine webhook starts a poll and a read of its issue, and is believed in nothing but edits of texts. */
export interface TrackerWebhookVerifier<Settings = unknown> {
  /** Name of the signing secret; null where the settings name none. */
  secret(settings: Settings): string | null;
  /** The delivery's own id, the same for a redelivery; null for a forged or outdated delivery. */
  verify(
    hook: { body: Uint8Array; headers: Record<string, string> },
    secrets: string[],
    now: number,
  ): Promise<string | null>;
  /** The id, as in `IssueSnapshot.id`, of the issue that a webhook names. */
  namedIssue?: z.ZodType<string>;
  /** What the credentials must allow where webhooks are registered with them; absent where they cannot be. */
  hooksNeed?: string;
  /** Edit of a text in a genuine webhook; left out where the vendor does not tell who edited, and both texts with ticks. */
  readTextEdit?(body: Uint8Array, settings: Settings): TextEdit | null;
}

export type InstalledApp = { id: number; installation: number };

export interface TrackerPlaces {
  places: { value: string; title: string }[];
  /** Account of the token's owner, as under `people`; empty for an App. */
  account: string;
}

/** One vendor. `kind` is also the field of a person's account in this tracker. */
export interface TrackerDefinition<Settings = unknown> {
  kind: string;
  title: string;
  settings: z.ZodType<Settings>;
  baseUrl: { variable: string; fallback: string; ofSettings?(settings: Settings): string | null };
  rateLimit: RateLimit;
  /** The most characters of an issue's text, with room for what the adapter adds; 29,000 by default. */
  longestBody?: number;
  webhook: TrackerWebhookVerifier<Settings>;
  /** Limits of the vendor, one sentence each, for the person who sets it up. */
  cannot: string[];
  /** Number of issues that `readBatch` reads after each poll. */
  rechecksPerPoll: number;
  secrets(settings: Settings): string[];
  places?: {
    setting: 'repository' | 'project' | 'team';
    takesApp?: boolean;
    /** Throws only IntegrationErrors. With an App, `token` is its private key. */
    list(deps: TrackerDeps & { token: string; email: string; app?: InstalledApp | undefined }): Promise<TrackerPlaces>;
  };
  /** Loads the SDK. `secret` returns the value of a named secret, `lastCursor` that of the last list of changes. */
  create(
    settings: Settings,
    deps: TrackerDeps & { secret(name: string): string; lastCursor?(): string | null },
  ): Promise<Tracker>;
}
