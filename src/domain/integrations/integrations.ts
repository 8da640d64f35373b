import type { MailEvent, Mailer, Notifier, Replies } from './mailer.ts';
import type { ParsedDelivery, RawDelivery, ResponseRow, SurveyApi } from './survey-source.ts';
import type { Tracker } from './tracker.ts';
import type { GenuineHook, TrackerDefinition } from './tracker-definition.ts';

export interface SurveySource {
  paused: boolean;
  /** The source is no longer in the workspace file; it stays to verify late deliveries. */
  removed: boolean;
  hasApi: boolean;
  /** What the credentials must allow for registering webhooks; null where that is not possible. */
  hooksNeed: string | null;
  /** What people can do instead of a back-fill; null where back-fill exists. */
  adviceWithoutBackFill: string | null;
  /** Daily limit of the API's calls; null without a relevant limit. */
  callsPerDay: number | null;
  /** Responses of a file, in steps; null for sources that take no files. */
  readFile: ((file: RawDelivery) => Generator<void, ResponseRow[]>) | null;
  takesMail: boolean;
  verify(delivery: RawDelivery, now: number): Promise<boolean>;
  redact(delivery: RawDelivery): RawDelivery;
  parse(delivery: RawDelivery): ParsedDelivery;
  prepare: ((body: Uint8Array) => Promise<Uint8Array>) | undefined;
  /** The vendor's API; null without credentials in the settings. Throws `IntegrationError` for a missing secret. */
  api(): SurveyApi | null;
}

export interface Integrations {
  source(name: string): SurveySource | null;
  tracker(name: string): Promise<Tracker>;
  /** Facts about a tracker's vendor that need no call; null for an unknown tracker. */
  vendor(name: string):
    | (Pick<TrackerDefinition, 'title' | 'rateLimit' | 'rechecksPerPoll' | 'cannot' | 'longestBody'> & {
        /** The first tracker with the same host and credentials, under which the vendor's limit is counted. */
        countedAs: string;
        followsTicks: boolean;
        /** As in `SurveySource`. */
        hooksNeed: string | null;
      })
    | null;
  /** A tracker's webhook as it was proved; null when it is not genuine. */
  hint(
    name: string,
    hook: { body: Uint8Array; headers: Record<string, string> },
    now: number,
  ): Promise<GenuineHook | null>;
  mailer(): Promise<Mailer>;
  /** How long the mail provider honours an idempotency key, in milliseconds. */
  idempotencyKeyLifetimeMs: number;
  answerSettleMs: number;
  /** Reads events of the mail provider; null when they are not genuine or no secret is set up. */
  readMailEvents(delivery: RawDelivery, now: number): Promise<MailEvent[] | null>;
  /** Null where customers' replies go to the loop owner. */
  replies: Replies | null;
  channel(name: string): Promise<Notifier>;
}
