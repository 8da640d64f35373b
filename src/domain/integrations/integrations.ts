import type { MailEvent, Mailer } from './mailer.ts';
import type { Notifier } from './notifier.ts';
import type { ParsedDelivery, RawDelivery, SurveyApi } from './survey-source.ts';
import type { Tracker } from './tracker.ts';
import type { TrackerDefinition } from './tracker-definition.ts';

/** A survey source that is set up: settings and secrets are inside. */
interface SurveySource {
  paused: boolean;
  /** It is no longer in the workspace file, and only kept to verify what still arrives. */
  removed: boolean;
  /** Whether the settings name credentials with which it could be asked. */
  hasApi: boolean;
  /** What people can do instead of a back-fill; null where there is one. */
  withoutBackFill: string | null;
  /** Milliseconds that have to lie between two calls of its API. */
  minIntervalMs: number;
  /** Whether files of responses can be imported. */
  takesFiles: boolean;
  verify(delivery: RawDelivery, now: number): Promise<boolean>;
  /** A verified delivery as it is stored: without the credentials that it carried. */
  redact(delivery: RawDelivery): RawDelivery;
  parse(delivery: RawDelivery): ParsedDelivery;
  /** The vendor's API; null without credentials in the settings. Throws `IntegrationError` when a secret is missing. */
  api(): SurveyApi | null;
}

/** The outside world of one workspace. Everything that leaves goes through here. */
export interface Integrations {
  source(name: string): SurveySource | null;
  tracker(name: string): Promise<Tracker>;
  /** What is known of a tracker's vendor without asking it; null where the workspace has no such tracker. */
  vendor(name: string): Pick<TrackerDefinition, 'title' | 'rateLimit' | 'rechecksPerPoll' | 'cannot'> | null;
  /** The id of a tracker's webhook; null when it is not genuine. */
  hint(
    name: string,
    hook: { body: Uint8Array; headers: Record<string, string> },
    now: number,
  ): Promise<string | null>;
  mailer(): Promise<Mailer>;
  /** How long the mail provider answers a repeated key with the first mail, in milliseconds. */
  mailIdempotencyMs: number;
  /** Reads what the mail provider posted; null when it is not genuine, or nothing is set up. */
  mailEvents(delivery: RawDelivery, now: number): Promise<MailEvent[] | null>;
  /** A channel for notices beside mail. */
  channel(name: string): Promise<Notifier>;
}
