import type * as z from 'zod';
import { AppError } from '../base/errors.ts';
import type { Fetch } from '../base/ports.ts';

/** A delivery as it came: bytes and headers, before anyone believed it. */
export interface RawDelivery {
  body: Uint8Array;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** The address's query, where tools that sign nothing carry a secret; never stored, never logged. */
  query?: Record<string, string>;
  receivedAt: number;
}

/** What authenticates or orders a delivery in any tool's dialect; other headers are not even kept. */
export function isProofHeader(name: string): boolean {
  return /signature|webhook-|hmac|token|secret|api-?key|authorization|timestamp|event|delivery/.test(name);
}

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
  /** It tells a part only, beside what other deliveries of the same response tell. */
  adds?: boolean;
  language: string | null;
  answers: IncomingAnswer[];
  /** Hidden and embedded fields by name; a map, so that no name reaches a prototype. */
  hidden: Map<string, string>;
  /** The response in the survey tool, where the vendor gives a link to it. */
  link: string | null;
}

/** A delivery that only names a response; its answers must be fetched. */
export interface ResponseReference {
  form: string;
  responseId: string;
  revision: number;
}

/** One response among many in a file. */
export interface ResponseRow {
  /** Where it begins in the file. */
  line: number;
  /** What it says, column by column, in an order of its own: its id where the file names none. */
  cells: [string, string][];
  response: Omit<IncomingResponse, 'responseId'> & { responseId: string | null };
}

/** Something that happened elsewhere, told by whoever knows of it. Times are UTC milliseconds. */
export interface IncomingEvent {
  id: string;
  /** What happened: `upgrade.downloaded`. */
  event: string;
  at: number;
  /** What it happened to: a release, a product. */
  subject: string | null;
  /** Whom it happened to; null for what happens to nobody. */
  customer: {
    key: string;
    email: string | null;
    name: string | null;
    tier: string | null;
    language: string | null;
  } | null;
}

export type ParsedDelivery =
  | { kind: 'response'; response: IncomingResponse }
  | { kind: 'rows'; rows: ResponseRow[] }
  | { kind: 'reference'; reference: ResponseReference }
  | { kind: 'event'; event: IncomingEvent }
  | { kind: 'test' };

/** A question as the survey tool describes it, for deliveries that carry no titles. */
export interface QuestionDescription {
  id: string;
  names: string[];
  title: string;
  /** Readable texts of choices by their ids. */
  choices: Map<string, string>;
}

export interface SurveyApiDeps {
  fetch: Fetch;
  baseUrl: string;
  /** Milliseconds before the first retry of a read inside one call; 0 in a simulation. */
  retryMs: number;
  secret(name: string): string;
  /** The vendor's other host, which trades credentials for access tokens; null where it has none. */
  login: { fetch: Fetch; baseUrl: string } | null;
  now(): number;
}

/** What a survey tool's own API offers beside its deliveries. Every call throws only `IntegrationError`. */
export interface SurveyApi {
  /** The answers behind a reference. Null: not readable yet, ask again later. A preview, test or spam is `rejected`. */
  fetchResponse?(reference: ResponseReference): Promise<IncomingResponse | null>;
  /** The questions of a form, for their titles and choices. */
  fetchQuestions?(form: string): Promise<QuestionDescription[]>;
  /** Responses of a form submitted or changed at or after `since`, a page at a time, oldest first where possible. */
  listResponses?(
    form: string,
    since: number,
    cursor: string | null,
  ): Promise<{ responses: IncomingResponse[]; next: string | null }>;
}

/** Second interface of tools whose deliveries carry a secret in clear. */
export interface ClearProof<Settings = unknown> {
  /** A verified delivery without its credentials, for the store. `parse` reads the same from it. */
  redact(delivery: RawDelivery, settings: Settings): RawDelivery;
}

/** Second interface of tools whose deliveries we can sign, to try a source out. */
export interface DeliverySigner<Settings = unknown> {
  /** The headers of the vendor. */
  sign(
    body: Uint8Array,
    secret: string,
    delivery: { id: string; now: number },
    settings?: Settings,
  ): Promise<Record<string, string>>;
  /** Body and address, for vendors whose proof stands in them. */
  wrap?(
    body: Uint8Array,
    secret: string,
    settings: Settings,
  ): Promise<{ body: Uint8Array; query: Record<string, string> }>;
}

/** Second interface of sources that take files with many responses, which people import too. */
export interface FileSource {
  /** Replacement for the back-fill, as an instruction for people. */
  withoutBackFill: string;
}

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
  verify(delivery: RawDelivery, secrets: string[], now: number, settings?: Settings): Promise<boolean>;
  parse(delivery: RawDelivery, settings: Settings): ParsedDelivery;
  clearProof?: ClearProof<Settings>;
  signer?: DeliverySigner<Settings>;
  files?: FileSource;
  /** The vendor's API, where answers, titles or missed responses are fetched from. */
  api?: {
    baseUrl: { variable: string; fallback: string };
    login?: { variable: string; fallback: string };
    secrets(settings: Settings): string[];
    /** Milliseconds that have to lie between two calls; 0 where the vendor sets no limit worth pacing for. */
    minIntervalMs?: number;
    /** A response in an answer of the API that somebody saved, to take it apart; null when there is none in it. */
    readSaved?(json: unknown): IncomingResponse | null;
    /** Replacement for the back-fill while the settings name no credentials, as an instruction for people. */
    withoutCredentials?: string;
    /** Null when the settings name no credentials: then nothing is fetched. */
    create(settings: Settings, deps: SurveyApiDeps): SurveyApi | null;
  };
}

/** A delivery as the vendor sends it. */
export async function makeDelivery<Settings>(
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
