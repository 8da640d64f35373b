import * as z from 'zod';
import { AppError } from '../base/errors.ts';
import type { Fetch } from '../base/ports.ts';
import type { HookRegistrar } from './hook-registrar.ts';

export interface RawDelivery {
  body: Uint8Array;
  headers: Record<string, string>;
  /** Query of the address, where tools without signatures carry a secret; never stored, never logged. */
  query?: Record<string, string>;
  receivedAt: number;
}

/** Whether a header authenticates or orders a delivery in any tool's dialect. Other headers are dropped. */
export const isProofHeader = (name: string): boolean =>
  /^\w+-id$|signature|webhook-|hmac|token|secret|api-?key|authorization|timestamp|event|delivery/.test(name);

export const answerTypes = [
  'text',
  'choice',
  'choices',
  'number',
  'yes-no',
  'date',
  'email',
  'phone',
  'url',
  'file',
  'ranking',
  'matrix',
  'other',
] as const;
export type AnswerType = (typeof answerTypes)[number];

export interface IncomingAnswer {
  /** The vendor's id of the question, and its other names, such as a ref or slug. */
  question: { id: string; names: string[]; title: string };
  type: AnswerType;
  value: string | number | boolean | string[];
  /** Ids of choices in `value`, whose texts only the survey tool's description of the form has. */
  choiceIds?: string[];
  /** Whether `value` holds the respondent's own words, in contrast to offered options. */
  freeText: boolean;
}

export interface IncomingResponse {
  form: string;
  formTitle: string | null;
  responseId: string;
  /** Orders the states of one response: a later state has a larger number. */
  revision: number;
  submittedAt: number;
  partial: boolean;
  adds?: boolean;
  /** The survey tool lists the response as never edited since its submission. */
  unedited?: boolean;
  language: string | null;
  answers: IncomingAnswer[];
  hidden: Map<string, string>;
  link: string | null;
  notes?: string[];
}

/** A delivery that only names a response, whose answers must be fetched. */
export const ResponseReference = z.object({ form: z.string(), responseId: z.string(), revision: z.number() });
export type ResponseReference = z.output<typeof ResponseReference>;

export interface ResponseRow {
  line: number;
  cells: [string, string][];
  response: Omit<IncomingResponse, 'responseId'> & { responseId: string | null };
}

/** An event of a customer outside the survey tools. Times are UTC milliseconds. */
export interface IncomingEvent {
  id: string;
  /** Name of the event, such as `upgrade.downloaded`. */
  event: string;
  at: number;
  subject: string | null;
  value: number | null;
  /** Customer of the event; null for events without one. */
  customer: {
    key: string;
    email: string | null;
    name: string | null;
    tier: string | null;
    language: string | null;
    attributes: Record<string, unknown>;
  } | null;
}

export interface IncomingReply {
  /** Message-ID; empty without one. */
  id: string;
  /** The only sender, or empty. */
  from: string;
  isProved: boolean;
  automatic: string | null;
  text: string;
  attachments: { name: string; bytes: number }[];
}

export type ParsedDelivery =
  | { kind: 'response'; response: IncomingResponse }
  /** `problem` tells of responses that could not be read beside those of `rows`. */
  | { kind: 'rows'; rows: ResponseRow[]; problem?: string }
  | { kind: 'reference'; reference: ResponseReference }
  | { kind: 'event'; event: IncomingEvent }
  | { kind: 'test' };

export type QuestionDescription = { id: string; names: string[]; title: string; choices: Map<string, string> };

export interface SurveyApiDeps {
  fetch: Fetch;
  baseUrl: string;
  /** Delay before the first retry of a read inside one call, in milliseconds; 0 in a simulation. */
  retryMs: number;
  secret(name: string): string;
}

export interface SurveyApi {
  /** Answers behind a reference; null while they are not readable yet. Previews, tests and spam are `rejected`. */
  fetchResponse?(reference: ResponseReference): Promise<IncomingResponse | null>;
  fetchQuestions?(form: string): Promise<QuestionDescription[]>;
  /** Responses of a form submitted or changed at or after `since`, page by page, oldest first where possible. */
  listResponses?(
    form: string,
    since: number,
    cursor: string | null,
  ): Promise<{ responses: IncomingResponse[]; next: string | null }>;
  hooks?: HookRegistrar;
}

/** One survey tool: `verify` fails closed; `parse` throws InvalidInputError, and the delivery is set aside. */
export interface SurveySourceDefinition<Settings = unknown> {
  kind: string;
  title: string;
  /** Where the tool takes address and secret; without it, its webhook carries the secret in a header. */
  clicks?: string;
  /** Whether the tool gives the secret, so that none can be made up for it. */
  givesSecret?: true;
  /** What people can do instead of a back-fill, where a token does not help. */
  adviceWithoutBackFill?: string;
  settings: z.ZodType<Settings>;
  secrets(settings: Settings): string[];
  verify(delivery: RawDelivery, secrets: string[], now: number, settings?: Settings): Promise<boolean>;
  parse(delivery: RawDelivery, settings: Settings): ParsedDelivery;
  /** The body for `parse`, where a library reads it only asynchronously; the stored one stays. Never throws. */
  prepare?(body: Uint8Array, settings: Settings): Promise<Uint8Array>;
  readReply?(body: Uint8Array, relay: string): Promise<IncomingReply>;
  /** A `sources:` entry by which files of one survey are read, and the first of them, for the `map` command. */
  readExamples?(files: Uint8Array[]): Promise<{ entry: Record<string, unknown>; parsed: ParsedDelivery }>;
  /** A verified delivery without the credentials that it carries in clear, for the store; `parse` reads the same from it. */
  redact?(delivery: RawDelivery, settings: Settings): RawDelivery;
  signer?: {
    sign(
      body: Uint8Array,
      secret: string,
      delivery: { id: string; now: number },
      settings?: Settings,
    ): Promise<Record<string, string>>;
    wrap?(
      body: Uint8Array,
      secret: string,
      settings: Settings,
    ): Promise<{ body: Uint8Array; query: Record<string, string> }>;
  };
  files?: {
    /** Responses of a file, in steps; InvalidInputError as `parse` throws it. */
    read(file: RawDelivery, settings: Settings): Generator<void, ResponseRow[]>;
    countHeaderRows(rows: string[][]): number;
  };
  api?: {
    baseUrl: { variable: string; fallback: string; ofSettings?(settings: Settings): string | null };
    secrets(settings: Settings): string[];
    /** Daily limit of calls, half of which back-fills leave to deliveries; undefined without a relevant limit. */
    callsPerDay?: number;
    /** What the credentials must allow where webhooks are registered with them; absent where they cannot be. */
    hooksNeed?: string;
    /** Null when the settings name no credentials. */
    create(settings: Settings, deps: SurveyApiDeps): SurveyApi | null;
  };
}

/** A delivery as the vendor sends it. */
export async function createSignedDelivery<Settings>(
  { kind, signer }: Pick<SurveySourceDefinition<Settings>, 'kind' | 'signer'>,
  plain: Uint8Array,
  secret: string,
  delivery: { id: string; now: number },
  settings?: Settings,
): Promise<{ body: Uint8Array; headers: Record<string, string>; query: Record<string, string> }> {
  if (!signer) throw new AppError('config', `deliveries of ${kind} cannot be signed here`);
  const wrapped = settings === undefined ? null : await signer.wrap?.(plain, secret, settings);
  const { body, query } = wrapped ?? { body: plain, query: {} };
  return { body, query, headers: await signer.sign(body, secret, delivery, settings) };
}
