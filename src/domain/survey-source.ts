import type * as z from 'zod';

/** A delivery as it came: bytes and headers, before anyone believed it. */
export interface RawDelivery {
  body: Uint8Array;
  /** Lower-case names. */
  headers: Record<string, string>;
  receivedAt: number;
}

export type AnswerType =
  | 'text'
  | 'choice'
  | 'choices'
  | 'number'
  | 'yes-no'
  | 'date'
  | 'email'
  | 'phone'
  | 'url'
  | 'file'
  | 'ranking'
  | 'matrix'
  | 'other';

/** One answer as the vendor gave it, before the workspace's aliases are laid over it. */
export interface IncomingAnswer {
  /** The vendor's id of the question, and other names it goes by (a ref, a slug). */
  question: { id: string; names: string[]; title: string };
  type: AnswerType;
  value: string | number | boolean | string[];
  /** True where `value` holds words the respondent typed, not options the survey offered. */
  freeText: boolean;
}

/** A response reduced to one shape, whatever tool sent it. */
export interface IncomingResponse {
  form: string;
  formTitle: string | null;
  responseId: string;
  /** Orders the events of one response: a later state has a larger number. */
  revision: number;
  submittedAt: number;
  partial: boolean;
  language: string | null;
  answers: IncomingAnswer[];
  /** Hidden and embedded fields by name; a map, so that no name reaches a prototype. */
  hidden: Map<string, string>;
  /** The response in the survey tool, where the vendor gives a link to it. */
  link: string | null;
}

export type ParsedDelivery = { kind: 'response'; response: IncomingResponse } | { kind: 'test' };

/**
 * One survey tool.
 *
 * `verify` fails closed and never throws. `parse` throws `InvalidInputError` naming the field when the
 * delivery cannot be used; the delivery is then kept and set aside.
 */
export interface SurveySourceDefinition<Settings = unknown> {
  kind: string;
  title: string;
  settings: z.ZodType<Settings>;
  secrets(settings: Settings): string[];
  verify(delivery: RawDelivery, secrets: string[], now: number): Promise<boolean>;
  parse(delivery: RawDelivery, settings: Settings): ParsedDelivery;
  /** The headers and body that the vendor itself would send: used to try a source out. */
  sign(
    body: Uint8Array,
    secret: string,
    delivery: { id: string; now: number },
  ): Promise<Record<string, string>>;
}
