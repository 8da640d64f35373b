import * as z from 'zod';
import { apiObject, each, orNull } from '../base/api-object.ts';
import { answerTypes } from '../integrations/survey-source.ts';
import { HookState } from '../integrations/tracker-state.ts';
import { moods } from '../responses/unhappy.ts';
import { Decision } from '../templates/template.ts';
import { AttributesJson, CaseLinks } from './case-json.ts';

/* Deliveries, responses and sources as outside programs and pages get them. Times are ISO 8601 in UTC. */

export const ResponseJson = apiObject('Response', {
  ...each(['id', 'source', 'form'], z.string()),
  formTitle: orNull,
  submittedAt: z.string(),
  receivedAt: z.string(),
  language: orNull,
  partial: z.boolean(),
  customer: z.object({
    ...each(['key', 'email', 'name', 'tier'], orNull),
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
  notes: z.array(z.string()).describe('Parts that could not be read as meant, each with its field and the remedy'),
});
export type ResponseJson = z.output<typeof ResponseJson>;

export const TriageJson = apiObject('Triage', {
  kind: z.enum(['unhappy', 'no']).describe('An unhappy score, or a later answer that the problem is not resolved'),
  why: z.string(),
  at: z.string(),
  response: ResponseJson,
});
export type TriageJson = z.output<typeof TriageJson>;

/** A case template for what some responses share, which nobody has saved. */
export const TemplateDraft = z.object({
  name: z.string().describe('Name of its file'),
  text: z.string().describe('Its file'),
  shared: z.int().describe('Number of its sentences: of what the responses have in common'),
});
export type TemplateDraft = z.output<typeof TemplateDraft>;

export const HeldMatchesJson = apiObject('HeldMatches', {
  template: z.string(),
  title: z.string(),
  count: z.int(),
  firstAt: z.string(),
  lastAt: z.string(),
  responses: z.array(z.string()).describe('The first of the held responses'),
});
export type HeldMatchesJson = z.output<typeof HeldMatchesJson>;

export const FileCheck = apiObject('FileCheck', {
  rows: z.int(),
  stored: z.int().describe('Rows that are stored already'),
  questions: z.array(z.object({ question: z.string(), alias: orNull, type: z.string() })),
  first: z
    .array(
      z.object({
        line: z.int(),
        id: z.string(),
        submittedAt: z.string(),
        partial: z.boolean(),
        answers: z.array(z.object({ question: z.string(), text: z.string() })),
      }),
    )
    .describe('The first rows as they are read'),
  opens: z
    .array(z.object({ template: z.string(), responses: z.int() }))
    .describe('New rows that a template would open or join a case for'),
  problems: z.array(z.object({ field: z.string(), message: z.string() })),
});
export type FileCheck = z.output<typeof FileCheck>;

/** What a check found, in lines; no answer of several lines makes a line that looks like ours. */
export const describeFileCheck = ({ rows, stored, questions, first, opens, problems }: FileCheck): string[] =>
  [
    `${rows} rows, of which ${stored} are stored already. Nothing was stored now.`,
    ...questions.map(({ question, alias, type }) => `Column ${question}: ${type}${alias ? `, alias ${alias}` : ''}`),
    ...first.map(({ line, id, submittedAt, partial, answers }) => {
      const texts = answers.map(({ question, text }) => `${question} = ${text}`).join('; ');
      return `Line ${line}: ${id}, ${submittedAt}${partial ? ', not finished' : ''}: ${texts}`;
    }),
    ...opens.map(({ template, responses }) => `Responses that would open or join cases of ${template}: ${responses}.`),
    ...(problems.length === 0 && opens.length === 0 ? ['Would open no case.'] : []),
    ...problems.map(({ field, message }) => `${field}: ${message}`),
  ].map((line) => line.replace(/[\s\u0085]+/g, ' '));

export const DeliveryJson = apiObject('Delivery', {
  ...each(['id', 'source', 'receivedAt'], z.string()),
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
});
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

export const SourceJson = apiObject('Source', {
  name: z.string(),
  kind: orNull.describe('Null for a removed source without settings'),
  address: z.string().describe('Address to which the survey tool delivers'),
  mailAddress: orNull.describe('Address to which it mails its alerts; null for a source of another kind'),
  state: z.enum(['in use', 'paused', 'removed', 'silent']),
  lastDeliveryAt: orNull,
  quietLimitHours: z
    .int()
    .nullable()
    .describe('Hours after which the source counts as silent, by its own history; null without enough history'),
  setAside: z.int(),
  found: z.int().describe('Responses found by back-fill that no delivery had brought'),
  waiting: z.int().describe('Waiting calls to the survey tool’s API'),
  trouble: orNull.describe('The last error of these calls'),
  refused: z
    .array(z.object({ reason: z.string(), count: z.int(), firstAt: z.string(), lastAt: z.string() }))
    .describe('Deliveries refused within a day, by reason, for admins; senders hear no reason'),
  hooks: z.array(HookState).describe('Webhooks that Caselite registered at the survey tool, by form'),
  hooksNeed: orNull.describe('What the API token must allow for registering them; null where they are added by hand'),
  canBackFill: z.boolean(),
  takesFiles: z.boolean().describe('Whether people can import files of responses'),
  withoutBackFill: orNull.describe('What people can do instead of a back-fill; null where it exists'),
});
export type SourceJson = z.output<typeof SourceJson>;

const templates = z.array(z.string());

export const QuestionJson = z.object({
  ...each(['id', 'title', 'type'], z.string()),
  alias: orNull,
  templates,
  choices: z.array(z.object({ text: z.string(), firstSeen: z.string() })),
  firstSeen: z.string(),
  lastSeen: z.string(),
  goneSince: orNull,
  responsesSince: z.int().describe('Responses of the form since its last answer, of the newest 100'),
  name: z.string().describe('What an alias is best to name: the survey tool’s own name, else the id'),
  successor: orNull.describe('Name of the question that seems to replace it'),
});
export type QuestionJson = z.output<typeof QuestionJson>;

export const FormJson = z.object({
  form: z.string(),
  title: orNull,
  watermark: z.string(),
  describedAt: orNull,
  error: orNull,
  questions: z.array(QuestionJson),
  changes: z.array(
    z.object({
      at: z.string(),
      question: z.string(),
      what: z.enum(['wording', 'choice', 'gone', 'back']),
      was: z.string(),
      now: z.string(),
    }),
  ),
});

const FormBackFillJson = z.object({
  ...each(['form', 'since', 'startedAt'], z.string()),
  endedAt: orNull,
  seen: z.int(),
  found: z.int(),
  error: orNull,
});

export const SourceDetail = SourceJson.extend({
  settingsVersion: z.int(),
  forms: z.array(FormJson),
  lostAliases: z.array(z.object({ alias: z.string(), question: z.string(), templates })),
  unknownAliases: z
    .array(z.object({ alias: z.string(), templates }))
    .describe('Aliases that templates use and the workspace file does not define'),
  walks: z.array(FormBackFillJson).describe('Back-fills, form by form'),
}).meta({ id: 'SourceDetail' });
export type SourceDetail = z.output<typeof SourceDetail>;

export const ResponseContext = z.object({
  cases: CaseLinks.shape.siblings,
  customer: CaseLinks.shape.customer,
  similar: z.array(ResponseJson),
  dismissal: z
    .object({ at: z.string(), who: z.string(), reason: z.string() })
    .nullable()
    .describe('Who dismissed it from the triage, and why; null for those who do not see customers'),
  templates: z.array(z.object({ name: z.string(), title: z.string() })).describe('Templates that can open a case'),
});
export type ResponseContext = z.output<typeof ResponseContext>;

export const WordsJson = apiObject('Words', {
  mood: z.enum(moods).nullable().describe('By the scores of the response; null without a scale'),
  comments: ResponseJson.shape.answers,
  cases: CaseLinks.shape.siblings,
  response: ResponseJson,
});
export type WordsJson = z.output<typeof WordsJson>;

export const RisingTermsJson = apiObject('RisingTerms', {
  from: z.string(),
  to: z.string(),
  before: z.object({ from: z.string(), to: z.string() }),
  terms: z
    .array(z.object({ term: z.string(), now: z.int(), before: z.int() }))
    .describe('Words and pairs of words by the number of people who used them, at least three'),
  counted: z.int().describe('Responses with words that were counted in the period'),
  isSample: z.boolean().describe('Whether only the newest responses of a period were counted'),
  choices: z
    .record(z.enum(['question', 'case', 'template', 'category', 'source']), z.array(z.tuple([z.string(), z.string()])))
    .describe('What words can be narrowed by: values with their titles'),
});
export type RisingTermsJson = z.output<typeof RisingTermsJson>;
