import type { MailEvent, Mailer, Notifier, Replies } from './mailer.ts';
import type { ParsedDelivery, RawDelivery, ResponseRow, SurveyApi } from './survey-source.ts';
import type { Tracker } from './tracker.ts';
import type { GenuineHook, TrackerDefinition } from './tracker-definition.ts';

export interface SurveySource {
  paused: boolean;
  removed: boolean;
  hasApi: boolean;
  hooksNeed: string | null;
  adviceWithoutBackFill: string | null;
  minCallIntervalMs: number;
  callsPerDay: number | null;
  readFile: ((file: RawDelivery) => Generator<void, ResponseRow[]>) | null;
  takesMail: boolean;
  verify(delivery: RawDelivery, now: number): Promise<boolean>;
  redact(delivery: RawDelivery): RawDelivery;
  parse(delivery: RawDelivery): ParsedDelivery;
  prepare: ((body: Uint8Array) => Promise<Uint8Array>) | undefined;
  api(): SurveyApi | null;
}

export interface Integrations {
  source(name: string): SurveySource | null;
  tracker(name: string): Promise<Tracker>;
  vendor(name: string):
    | (Pick<TrackerDefinition, 'title' | 'rateLimit' | 'rechecksPerPoll' | 'cannot' | 'longestBody'> & {
        /** The first tracker with the same host and credentials, under which the vendor's limit is counted. */
        countedAs: string;
        followsTicks: boolean;
        hooksNeed: string | null;
      })
    | null;
  hint(
    name: string,
    hook: { body: Uint8Array; headers: Record<string, string> },
    now: number,
  ): Promise<GenuineHook | null>;
  mailer(): Promise<Mailer>;
  idempotencyKeyLifetimeMs: number;
  answerSettleMs: number;
  readMailEvents(delivery: RawDelivery, now: number): Promise<MailEvent[] | null>;
  replies: Replies | null;
  channel(name: string): Promise<Notifier>;
}
