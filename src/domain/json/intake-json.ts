import * as z from 'zod';
import { answerTypes } from '../integrations/survey-source.ts';
import { Decision } from '../templates/template.ts';
import { AttributesJson } from './attributes-json.ts';

/*
 * What came in, and where it comes from, as JSON and for the pages. Times are ISO 8601 in UTC.
 */

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
      fromList: z.array(z.string()).describe('Which of these the customer list says, and not the response'),
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
    link: orNull.describe('The response in the survey tool'),
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
      .describe('Who sent it: the survey tool, the survey tool when asked, or somebody with a file'),
    isFile: z.boolean().describe('It was a file of many responses, and is kept row by row'),
    file: orNull.describe('The delivery with the file of which this is a row'),
    line: z.int().nullable().describe('The line of the file on which the row begins'),
    outcome: z.enum(['stored', 'duplicate', 'set-aside', 'test']),
    pending: z.boolean().describe('Stored, and not yet taken in: it waits for its turn, or for its answers'),
    response: orNull,
    error: orNull,
  })
  .meta({ id: 'Delivery' });
export type DeliveryJson = z.output<typeof DeliveryJson>;

/** One delivery in full. Its body is whatever a stranger sent: text, never markup. */
export const DeliveryDetail = DeliveryJson.extend({
  contentType: orNull,
  text: z.string().describe('The body as text, at most 64 kB of it'),
  isCut: z.boolean(),
  fetched: orNull.describe('The answers as they were fetched, where the body only names a response'),
  tries: z.int(),
  replays: z.int(),
}).meta({ id: 'DeliveryDetail' });
export type DeliveryDetail = z.output<typeof DeliveryDetail>;

export interface SourceJson {
  name: string;
  /** Null for a source that was removed and left no settings. */
  kind: string | null;
  state: 'in use' | 'paused' | 'removed' | 'silent';
  lastDeliveryAt: string | null;
  /** Hours after which it counts as silent, by its own history; null while there is too little of it. */
  quietLimitHours: number | null;
  setAside: number;
  /** Responses that were found by asking, and that no delivery had brought. */
  found: number;
  /** What waits for the survey tool's API, and what it last failed with. */
  waiting: number;
  trouble: string | null;
  canBackFill: boolean;
  /** What people can do instead of a back-fill; null where there is one, or where the source is not in use. */
  withoutBackFill: string | null;
}

export interface QuestionJson {
  id: string;
  title: string;
  type: string;
  /** The alias under which templates know it, and those templates. */
  alias: string | null;
  templates: string[];
  choices: { text: string; firstSeen: string }[];
  firstSeen: string;
  lastSeen: string;
  goneSince: string | null;
  /** How many responses came after it was last answered. */
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
  /** Aliases of the workspace file that no known question carries. */
  lostAliases: { alias: string; question: string; templates: string[] }[];
  /** Aliases that templates ask for and the workspace file does not give. */
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
