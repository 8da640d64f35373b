import { createHash } from 'node:crypto';
import * as z from 'zod';
import { InvalidInputError } from '#domain/base/errors.ts';
import { answerTypes, type IncomingAnswer, type ParsedDelivery } from '#domain/integrations/survey-source.ts';
import { SecretName } from '#domain/settings/workspace-file.ts';
import { guessContentType, readDeliveredFields } from './delivered-fields.ts';
import { addProofToBody, createProofHandlers, Proof, removeProofFromJson } from './delivery-proof.ts';
import type { DateOrder } from './instants.ts';
import { jsonOrNull } from './json.ts';
import { sourceSettings, surveySource } from './survey-api.ts';
import * as reading from './survey-reading.ts';

const Path = z.string().min(1).describe('Where it stands: names joined by dots');
export const MappableAnswerType = z.enum(answerTypes).exclude(['matrix', 'other']);

const AnswerMapping = z.strictObject({
  at: Path,
  id: z.string().min(1).optional(),
  'id-at': Path.optional(),
  'id-suffix': z.string().optional(),
  title: z.string().optional(),
  'title-at': Path.optional(),
  type: MappableAnswerType.optional(),
});
export type AnswerMapping = z.output<typeof AnswerMapping>;

const Matches = z.record(Path, z.union([z.string(), z.array(z.string())]));

export const ResponseMapping = z
  .strictObject({
    id: z.union([Path, z.array(Path).min(1)]).optional(),
    form: Path.optional(),
    'form-title': Path.optional(),
    'submitted-at': Path.optional(),
    'updated-at': Path.optional(),
    'time-zone': z.string().default('UTC').describe('Zone of times without an offset'),
    language: Path.optional(),
    link: Path.optional(),
    answers: z.union([Path, z.array(AnswerMapping).min(1)]),
    'numbers-as-text': z.boolean().default(false).describe('Whether scores are sent as text, as "8"'),
    test: Matches.default({}),
    partial: Matches.default({}),
  })
  .meta({ id: 'response' });
export type ResponseMapping = z.output<typeof ResponseMapping>;

/** @throws InvalidInputError with the setting whose path leads nowhere */
export function readMappedResponse(
  json: unknown,
  mapping: ResponseMapping,
  receivedAt: number,
  { ignore = [], dates = 'iso', adds = false }: { ignore?: string[]; dates?: DateOrder; adds?: boolean } = {},
): ParsedDelivery {
  const text = (path: string | undefined) => (path ? reading.asText(at(json, path)) : null);
  if (shows(mapping.test, text)) return { kind: 'test' };
  const ids = [mapping.id ?? []].flat().map((path) => {
    const id = text(path);
    if (!id || unusableId.test(id)) throw missing(path, 'response.id', ', or leave it out if the tool sends no ids');
    return id;
  });
  const read =
    typeof mapping.answers === 'string'
      ? addTitles(readAnswersByQuestion(at(json, mapping.answers), mapping.answers), json).filter(
          ({ question }) => !ignore.includes(question.id),
        )
      : mapping.answers.flatMap((answer) => readMappedAnswer(json, answer));
  const zone = mapping['time-zone'];
  const submittedAt = mapping['submitted-at'];
  const times = reading.readTimes(submittedAt ? { [submittedAt]: at(json, submittedAt) } : {}, { zone, order: dates });
  const scores = typeof mapping.answers === 'string' ? [] : mapping.answers.filter(({ type }) => type === 'number');
  const notes = scores
    .filter((score) => readMappedAnswer(json, score).some(({ type }) => type !== 'number'))
    .map(
      (score) =>
        `${score.at} is no number: correct response.answers of the source, or let the survey tool send a number such as 8`,
    );
  // Some tools count updates instead of dating them, and write the count as text; 0 stands for no time.
  const count = reading.parseShortNumber(text(mapping['updated-at']) ?? '');
  return reading.parsedResponse({
    form: text(mapping.form) ?? 'default',
    formTitle: text(mapping['form-title']),
    responseId: ids.length > 0 ? ids.join('/') : createHash('sha256').update(JSON.stringify(json)).digest('hex'),
    ...times,
    notes: [...times.notes, ...notes],
    changedAt:
      count !== null
        ? count + 1
        : mapping['updated-at']
          ? reading.instant(at(json, mapping['updated-at']), zone)
          : null,
    receivedAt,
    partial: shows(mapping.partial, text),
    ...(adds ? { adds } : {}),
    language: text(mapping.language),
    answers: mapping['numbers-as-text'] ? read.flatMap(convertTextAnswerToScore) : read,
    hidden: new Map(leaves(json, '', mapping.answers)),
    link: reading.toHttpsLink(text(mapping.link)),
  });
}

/** What stands where a tool had no id to send, or did not fill in its placeholder. */
const unusableId = /^\s*(null|undefined|none|nan)?\s*$|\{\{|\$\{/i;

const shows = (matches: z.output<typeof Matches>, text: (path: string) => string | null): boolean =>
  Object.entries(matches).some(([path, values]) => [values].flat().includes(text(path) ?? ''));

/** A delivery with one response, or with a list of several. */
export function readMappedResponses(
  json: unknown,
  mapping: ResponseMapping,
  receivedAt: number,
  { rearrange, ...reading }: Pick<Preset, 'ignore' | 'dates' | 'adds' | 'rearrange'> = {},
): ParsedDelivery {
  const read = (one: unknown) => readMappedResponse(rearrange?.(one) ?? one, mapping, receivedAt, reading);
  // Paths that begin with a number lead into a list.
  if (!Array.isArray(json) || JSON.stringify(mapping).includes('"0.')) return read(json);
  const [first = { kind: 'test' }, ...more] = json.map(read);
  if (more.length === 0) return first;
  const rows = [first, ...more].flatMap((each, index) =>
    each.kind === 'response' ? [{ line: index + 1, cells: [], response: each.response }] : [],
  );
  return { kind: 'rows', rows };
}

/** Own properties only; a name may hold dots itself. */
function at(json: unknown, path: string): unknown {
  if (typeof json !== 'object' || json === null) return undefined;
  const own = (name: string) => (Object.hasOwn(json, name) ? (json as Record<string, unknown>)[name] : undefined);
  const dot = path.indexOf('.');
  return own(path) ?? (dot < 0 ? undefined : at(own(path.slice(0, dot)), path.slice(dot + 1)));
}

function readMappedAnswer(json: unknown, mapped: AnswerMapping): IncomingAnswer[] {
  const named = mapped['id-at'] ? reading.asText(at(json, mapped['id-at'])) : null;
  const id = `${named ?? mapped.id ?? mapped.at}${mapped['id-suffix'] ?? ''}`;
  const title = (mapped['title-at'] ? reading.asText(at(json, mapped['title-at'])) : null) ?? mapped.title ?? '';
  const given = at(json, mapped.at);
  const number = mapped.type === 'number' && typeof given === 'string' ? reading.toExactNumber(given) : null;
  const value = (mapped.type === 'yes-no' ? reading.toYesNo(given) : number) ?? given;
  return toAnswers(id, title, value).map((answer) =>
    mapped.type && mapped.type !== 'number'
      ? { ...answer, type: mapped.type, freeText: reading.isTypedByRespondent(mapped.type) }
      : answer,
  );
}

function readAnswersByQuestion(given: unknown, path: string): IncomingAnswer[] {
  if (typeof given !== 'object' || given === null) throw missing(path, 'response.answers');
  return Array.isArray(given)
    ? reading.readEachAnswer(given, Listed, readListedAnswer)
    : Object.entries(given).flatMap(([id, value]) =>
        isEntry(value) ? readListedAnswer({ ...(value as object), id }) : toAnswers(id, '', value),
      );
}

const convertTextAnswerToScore = (answer: IncomingAnswer): IncomingAnswer[] =>
  answer.type === 'text' && typeof answer.value === 'string'
    ? reading.createScoreOrText(answer.question, answer.value)
    : [answer];

/** Where the entries of a list have the id of the question, its title, and the answer. */
const idPaths = 'questionId question_id question.id field.id id question key name title label'.split(' ');
const titlePaths = 'title question label name questionText question.title question.text field.title'.split(' ');
const valuePaths =
  'value answer response values answers answerText answer_text choice_label choice score rating text'.split(' ');

/** Some tools send a title in parts. */
const findText = (entry: unknown, paths: string[]) =>
  paths
    .map((path) => at(entry, path))
    .map((text) => reading.asText(Array.isArray(text) ? text.join('') : text))
    .find(Boolean);
const Listed = z.unknown().refine((entry) => findText(entry, idPaths));

/** Whether an answer stands beside its question, in contrast to a row of a table; an unanswered one has only its kind. */
export const isEntry = (value: unknown): boolean =>
  ['answer', 'value', 'response', 'type'].some((path) => at(value, path) !== undefined) &&
  ['question', 'title', 'text', 'questionText'].some((path) => typeof at(value, path) === 'string');

/** Whether an entry of a list is a question with its answer. */
export const holdsAnswer = (entry: unknown): boolean =>
  Boolean(findText(entry, idPaths)) && valuePaths.some((path) => at(entry, path) !== undefined);
export const findQuestionText = (entry: unknown) => findText(entry, titlePaths);

/** Words beside a choice are an answer of their own. */
function readListedAnswer(entry: unknown): IncomingAnswer[] {
  const id = findText(entry, idPaths) ?? '';
  // Empty fields may stand before the one that holds the answer.
  const from = valuePaths.find((path) => ![undefined, null, ''].includes(at(entry, path) as never)) ?? '';
  const title = findQuestionText(entry) ?? (from === 'text' ? null : findText(entry, ['text'])) ?? '';
  const beside = ['comment', 'other'].map((name) => at(entry, name)).filter((words) => typeof words === 'string');
  return [
    ...toAnswers(id, title, at(entry, from)),
    ...beside.flatMap((words) => toAnswers(`${id}.comment`, title, words)),
  ];
}

function toAnswers(id: string, title: string, value: unknown): IncomingAnswer[] {
  const question = { id, names: [], title: reading.stripHtml(title) };
  // Power Automate writes several choices as JSON.
  const isList = typeof value === 'string' && value.startsWith('["');
  const list = isList && z.array(z.string()).safeParse(jsonOrNull(value)).data;
  return reading.createUntypedAnswers(question, list || unwrapChoice(value));
}

const Choice = z.partialRecord(
  z.enum(['id', 'key', 'ref', 'label', 'text', 'name', 'title', 'value', 'type']),
  reading.Text,
);

/** The score or the text of a choice that comes with its id. */
function unwrapChoice(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(unwrapChoice);
  const { label, text, name, title, value } = Choice.safeParse(given).data ?? {};
  if (value && typeof at(given, 'value') === 'number') return at(given, 'value');
  const [only, ...more] = [label, text, name, title].filter((part) => part);
  return more.length > 0 ? given : (only ?? value ?? given);
}

/** Titles by the ids of questions, where a delivery describes them beside the answers. */
const collectTitles = (json: unknown): [string, string][] =>
  typeof json === 'object' && json !== null
    ? Object.values(json).flatMap((value): [string, string][] => {
        const [id, title] = Array.isArray(json) ? [findText(value, ['id', 'key']), findQuestionText(value)] : [];
        return [...(id && title ? [[id, title] satisfies [string, string]] : []), ...collectTitles(value)];
      })
    : [];

function addTitles(answers: IncomingAnswer[], json: unknown): IncomingAnswer[] {
  const titles = new Map(answers.every(({ question }) => question.title) ? [] : collectTitles(json));
  return answers.map(({ question, ...answer }) => {
    const title = question.title || reading.stripHtml(titles.get(question.id) ?? '');
    return { ...answer, question: { ...question, title } };
  });
}

/** Scalars by their paths, also those of a list with names and values beside the answers. */
function leaves(json: unknown, path: string, answers: unknown): [string, string][] {
  if (typeof json !== 'object' || json === null) {
    const text = reading.asText(json);
    return text === null ? [] : [[path, text]];
  }
  const named = Array.isArray(json)
    ? json.flatMap((entry): [string, unknown][] => {
        const name = path === answers ? null : findText(entry, ['name', 'key', 'label']);
        return name ? [[name, reading.asText(at(entry, 'value'))]] : [];
      })
    : Object.entries(json);
  return named.flatMap(([name, value]) => leaves(value, path ? `${path}.${name}` : name, answers));
}

const missing = (path: string, setting: string, other = ''): InvalidInputError =>
  new InvalidInputError(`The delivery has nothing usable at ${path}; correct ${setting} of the source${other}.`, [
    { field: setting, message: `nothing usable at ${path}` },
  ]);

export interface Preset {
  kind: string;
  title: string;
  proof?: z.input<typeof Proof>;
  response?: z.input<typeof ResponseMapping>;
  /** Entries beside the answers that are none. */
  ignore?: string[];
  dates?: DateOrder;
  adds?: boolean;
  rearrange?: (json: unknown) => unknown;
}

/** A source whose proof and mapping are settings: JSON, or a URL-encoded form by its content type. */
export function createMappedSourceDefinition({ kind, title, proof, response, ...reading }: Preset) {
  const Response = z
    .partialRecord(z.enum(Object.keys(ResponseMapping.shape) as [keyof ResponseMapping]), z.unknown())
    .default({})
    .transform((given) => ({ ...response, ...given }))
    .pipe(ResponseMapping);
  const proven = createProofHandlers(guessContentType);
  return surveySource({
    kind,
    title,
    settings: sourceSettings(kind, {
      secret: SecretName,
      proof: proof ? Proof.prefault(proof) : Proof,
      response: response ? Response : ResponseMapping,
    }),
    ...proven,
    signer: {
      ...proven.signer,
      wrap: async (body, secret, given) => ({ body: addProofToBody(body, secret, given.proof), query: {} }),
    },
    parse(delivery, given) {
      const proven = removeProofFromJson(readDeliveredFields(delivery), given.proof);
      return readMappedResponses(proven, given.response, delivery.receivedAt, reading);
    },
  });
}
