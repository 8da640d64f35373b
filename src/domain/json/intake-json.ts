import * as z from 'zod';
import { answerTypes } from '../integrations/survey-source.ts';
import { Decision } from '../templates/template.ts';
import { AttributesJson } from './attributes-json.ts';

/* Deliveries, responses and sources as outside programs and pages get them. Times are ISO 8601 in UTC. */

const orNull = z.string().nullable();

export const ResponseJson = z
  .object({
    id: z.string(),
    source: z.string(),
    form: z.string(),
    formTitle: orNull,
    submittedAt: z.string(),
    receivedAt: z.string(),
    language: orNull,
    partial: z.boolean(),
    customer: z.object({
      key: orNull,
      email: orNull,
      name: orNull,
      tier: orNull,
      revenue: z.number().nullable(),
      attributes: AttributesJson,
      fromList: z.array(z.string()).describe('Names of values from the customer list'),
    }),
    answers: z.array(
      z.object({
        alias: orNull,
        question: z.string(),
        type: z.enum(answerTypes),
        value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
        text: z.string(),
      }),
    ),
    decisions: z.array(Decision),
    link: orNull.describe('Address of the response in the survey tool'),
  })
  .meta({ id: 'Response' });
export type ResponseJson = z.output<typeof ResponseJson>;

export const DeliveryJson = z
  .object({
    id: z.string(),
    source: z.string(),
    receivedAt: z.string(),
    bytes: z.int(),
    verified: z.literal(true),
    via: z
      .enum(['push', 'back-fill', 'import'])
      .describe('Back-fill: found through the API of the survey tool; import: an imported file, or one row of it'),
    isFile: z.boolean().describe('Whether the delivery was a file of many responses, kept row by row'),
    file: orNull.describe('Delivery id of the file that holds this row'),
    line: z.int().nullable().describe('First line of the row in its file'),
    outcome: z.enum(['stored', 'duplicate', 'set-aside', 'test']),
    pending: z.boolean().describe('Stored and still waiting for its turn or its answers'),
    response: orNull,
    error: orNull,
  })
  .meta({ id: 'Delivery' });
export type DeliveryJson = z.output<typeof DeliveryJson>;

/** One delivery in full. Its body is a stranger's text, never markup. */
export const DeliveryDetail = DeliveryJson.extend({
  contentType: orNull,
  text: z.string().describe('The body as text, at most 64 kB of it'),
  isCut: z.boolean(),
  fetched: orNull.describe('Fetched answers, where the body only names a response'),
  tries: z.int(),
  replays: z.int(),
}).meta({ id: 'DeliveryDetail' });
export type DeliveryDetail = z.output<typeof DeliveryDetail>;

export interface SourceJson {
  name: string;
  /** Null for a removed source without settings. */
  kind: string | null;
  state: 'in use' | 'paused' | 'removed' | 'silent';
  lastDeliveryAt: string | null;
  /** Hours after which the source counts as silent, by its own history; null without enough history. */
  quietLimitHours: number | null;
  setAside: number;
  /** Responses found by back-fill that no delivery had brought. */
  found: number;
  /** Number of waiting calls to the survey tool's API, and the last error. */
  waiting: number;
  trouble: string | null;
  canBackFill: boolean;
  /** What people can do instead of a back-fill; null where back-fill exists or the source is not in use. */
  withoutBackFill: string | null;
}

export interface QuestionJson {
  id: string;
  title: string;
  type: string;
  alias: string | null;
  templates: string[];
  choices: { text: string; firstSeen: string }[];
  firstSeen: string;
  lastSeen: string;
  goneSince: string | null;
  responsesSince: number;
}

export interface SourceDetail extends SourceJson {
  forms: {
    form: string;
    title: string | null;
    watermark: string;
    describedAt: string | null;
    error: string | null;
    questions: QuestionJson[];
    changes: {
      at: string;
      question: string;
      what: 'wording' | 'choice' | 'gone' | 'back';
      was: string;
      now: string;
    }[];
  }[];
  lostAliases: { alias: string; question: string; templates: string[] }[];
  /** Aliases that templates use and the workspace file does not define. */
  unknownAliases: { alias: string; templates: string[] }[];
  walks: {
    form: string;
    since: string;
    startedAt: string;
    endedAt: string | null;
    seen: number;
    found: number;
    error: string | null;
  }[];
}
