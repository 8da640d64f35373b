import { createHash } from 'node:crypto';
import * as z from 'zod';
import { InvalidInputError } from '#domain/base/errors.ts';
import { answerTypes, type IncomingAnswer, type ParsedDelivery } from '#domain/integrations/survey-source.ts';
import { SecretName } from '#domain/settings/workspace-file.ts';
import { guessContentType, readDeliveredFields } from './delivered-fields.ts';
import { addProofToBody, createProofHandlers, Proof, removeProofFromJson } from './delivery-proof.ts';
import type { DateOrder } from './instants.ts';
import { readJsonText } from './json.ts';
import * as listed from './listed-answers.ts';
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
    each: Path.optional().describe('Where a list of responses stands, each with all other paths'),
    answers: z.union([Path, z.array(z.union([Path, AnswerMapping])).min(1)]),
    'numbers-as-text': z.boolean().default(false).describe('Whether scores are sent as text, as "8"'),
    test: Matches.default({}),
    partial: Matches.default({}),
  })
  .meta({ id: 'response' });
export type ResponseMapping = z.output<typeof ResponseMapping>;

type How = Pick<Preset, 'ignore' | 'dates' | 'adds' | 'rearrange'>;

/** @throws InvalidInputError with the setting whose path leads nowhere */
export function readMappedResponse(
  json: unknown,
  mapping: ResponseMapping,
  receivedAt: number,
  { ignore = [], dates = 'iso', adds = false, own = json }: How & { own?: unknown } = {},
): ParsedDelivery {
  const text = (path: string | undefined) => (path ? reading.asText(at(json, path)) : null);
  if (shows(mapping.test, text)) return { kind: 'test' };
  const ids = [mapping.id ?? []].flat().map((path) => {
    const id = text(path);
    if (!id || unusableId.test(id.trim()))
      throw missing(path, 'response.id', ', or leave it out if the tool sends no ids');
    return id;
  });
  const places = [mapping.answers].flat();
  const notes: string[] = [];
  const read = places.flatMap((place) => {
    if (typeof place === 'string')
      return addTitles(readAnswersByQuestion(at(json, place), place, places.length > 1), json).filter(
        ({ question }) => !ignore.includes(question.id),
      );
    const answers = readMappedAnswer(json, place);
    const remedy = 'correct response.answers of the source, or let the survey tool send a number such as 8';
    if (place.type === 'number' && answers.some(({ type }) => type !== 'number'))
      notes.push(`${place.at} is no number: ${remedy}`);
    return answers;
  });
  const zone = mapping['time-zone'];
  const submittedAt = mapping['submitted-at'];
  const times = reading.readTimes(submittedAt ? { [submittedAt]: at(json, submittedAt) } : {}, { zone, order: dates });
  // The deepest stand last, and are left out where a delivery holds too many.
  const depth = ([path]: [string, string]) => path.split('.').length;
  const fields = leaves(json, '', places).toSorted((a, b) => depth(a) - depth(b));
  // Some tools count updates instead of dating them, and write the count as text; 0 stands for no time.
  const changed = mapping['updated-at'];
  const count = reading.parseShortNumber(text(changed) ?? '');
  return reading.parsedResponse({
    form: text(mapping.form) ?? 'default',
    formTitle: text(mapping['form-title']),
    responseId: ids.length > 0 ? ids.join('/') : createHash('sha256').update(JSON.stringify(own)).digest('hex'),
    ...times,
    notes: [...times.notes, ...notes],
    changedAt: count === null ? reading.instant(changed && at(json, changed), zone) : count + 1,
    receivedAt,
    partial: shows(mapping.partial, text),
    ...(adds ? { adds } : {}),
    language: text(mapping.language),
    answers: mapping['numbers-as-text'] ? read.flatMap(convertTextAnswerToScore) : read,
    hidden: new Map(fields.slice(0, mostFields)),
    link: reading.toHttpsLink(text(mapping.link)),
  });
}

/** What stands where a tool had no id to send, or did not fill in its placeholder. */
const unusableId = /^(null|undefined|none|nan)?$|\{\{|\$\{/i;

const shows = (matches: z.output<typeof Matches>, text: (path: string) => string | null): boolean =>
  Object.entries(matches).some(([path, values]) => [values].flat().includes(text(path) ?? ''));

/** A tool that tries whether its webhook arrives says so where others name their event. */
const kindPaths = ['event', 'eventtype', 'eventname', 'type', 'topic', 'action'];
const isPing = /^(webhook[._-])?(ping|test)$/i;

const [mostResponses, mostFields] = [5000, 1000];
/** Of what stands around a list, all its entries together: each is read with it. */
const mostCharactersRepeated = 5_000_000;

/** A delivery with one response, or with a list of several, of which one that cannot be read stops no other. */
export function readMappedResponses(
  given: unknown,
  mapping: ResponseMapping,
  receivedAt: number,
  { rearrange, ...how }: How = {},
): ParsedDelivery {
  const named = [mapping.id ?? [], mapping.each ?? [], mapping.answers].flat();
  const json = unwrapText(
    given,
    named.map((path) => (typeof path === 'string' ? path : path.at)),
  );
  const read = (one: unknown, own = one): ParsedDelivery => {
    try {
      return readMappedResponse(rearrange?.(one) ?? one, mapping, receivedAt, { ...how, own });
    } catch (error) {
      if (kindPaths.some((path) => isPing.test(reading.asText(listed.near(one, path)) ?? ''))) return { kind: 'test' };
      throw error;
    }
  };
  const list = mapping.each ? parseText(at(json, mapping.each), mapping.each) : json;
  if (mapping.each && shows(mapping.test, (path) => reading.asText(at(json, path)))) return { kind: 'test' };
  if (mapping.each && !Array.isArray(list)) throw missing(mapping.each, 'response.each');
  // Paths that begin with a number lead into a list.
  if (!Array.isArray(list) || JSON.stringify(mapping).includes('"0.')) return read(json);
  // What stands around a list counts for each of its entries, whose own names go first.
  const { [mapping.each?.split('.', 1)[0] ?? '']: _, ...around } = mapping.each ? Object(json) : {};
  const readOne = (one: unknown) => read(mapping.each && listed.isObject(one) ? { ...around, ...one } : one, one);
  if (list.length === 1) return readOne(list[0]);
  if (list.length > mostResponses || JSON.stringify(around).length * list.length > mostCharactersRepeated)
    throw new InvalidInputError(
      `The delivery has more than ${mostResponses} responses, or too much beside them; let the tool send fewer at once.`,
    );
  const problems: string[] = [];
  const rows = list.flatMap((one, index) => {
    try {
      const each = readOne(one);
      return each.kind === 'response' ? [{ line: index + 1, cells: [], response: each.response }] : [];
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      problems.push(`Response ${index + 1} of ${list.length}: ${error.message}`);
      return [];
    }
  });
  const [problem] = problems;
  if (rows.length > 0) return { kind: 'rows', rows, ...(problem ? { problem } : {}) };
  if (problem) throw new InvalidInputError(problem);
  return { kind: 'test' };
}

/** JSON that a program between tools sent as a text. */
const parseText = (given: unknown, what: string): unknown =>
  typeof given === 'string' && /^\s*[{[]/.test(given) ? readJsonText(given, what) : given;

/** The same, perhaps in the only field of a form, unless this is a named place. */
function unwrapText(given: unknown, named: string[]): unknown {
  const [[name, value] = ['', ''], ...more] = listed.isObject(given) ? Object.entries(given) : [];
  const isWrapped =
    typeof value === 'string' && more.length === 0 && !named.some((path) => path.split('.')[0] === name);
  const inner = isWrapped ? parseText(value, `The field ${name}`) : value;
  return inner !== value ? inner : parseText(given, 'The body');
}

/** Own properties only; a name may hold dots itself. */
function at(json: unknown, path: string): unknown {
  if (typeof json !== 'object' || json === null) return undefined;
  const own = (name: string) => (Object.hasOwn(json, name) ? (json as Record<string, unknown>)[name] : undefined);
  const dot = path.indexOf('.');
  const found = own(path);
  return found !== undefined || dot < 0 ? found : at(own(path.slice(0, dot)), path.slice(dot + 1));
}

function readMappedAnswer(json: unknown, mapped: AnswerMapping): IncomingAnswer[] {
  const named = mapped['id-at'] ? reading.asText(at(json, mapped['id-at'])) : null;
  const id = `${named ?? mapped.id ?? mapped.at}${mapped['id-suffix'] ?? ''}`;
  const title = (mapped['title-at'] ? reading.asText(at(json, mapped['title-at'])) : null) ?? mapped.title ?? '';
  const given = at(json, mapped.at);
  const number = mapped.type === 'number' && typeof given === 'string' ? reading.toExactNumber(given) : null;
  const value = (mapped.type === 'yes-no' ? reading.toYesNo(given) : number) ?? given;
  return listed
    .toAnswers(id, title, value)
    .map((answer) =>
      mapped.type && mapped.type !== 'number'
        ? { ...answer, type: mapped.type, freeText: reading.isTypedByRespondent(mapped.type) }
        : answer,
    );
}

/** @param isOptional whether answers stand elsewhere too */
function readAnswersByQuestion(found: unknown, path: string, isOptional: boolean): IncomingAnswer[] {
  const given = parseText(found, path);
  // Some tools write an empty list as nothing.
  if (given === null || given === '' || (isOptional && given === undefined)) return [];
  if (typeof given !== 'object') throw missing(path, 'response.answers');
  return Array.isArray(given)
    ? reading.readEachAnswer(listed.openPages(given), listed.Listed, listed.readListedAnswer)
    : Object.entries(given).flatMap(([id, value]) =>
        listed.isEntry(value) ? listed.readListedAnswer({ ...(value as object), id }) : listed.toAnswers(id, '', value),
      );
}

const convertTextAnswerToScore = (answer: IncomingAnswer): IncomingAnswer[] =>
  answer.type === 'text' && typeof answer.value === 'string'
    ? reading.createScoreOrText(answer.question, answer.value)
    : [answer];

/** Titles by the ids of questions, where a delivery describes them beside the answers. */
const collectTitles = (json: unknown): [string, string][] =>
  typeof json === 'object' && json !== null
    ? Object.values(json).flatMap((value): [string, string][] => {
        const [id, title] = Array.isArray(json)
          ? [listed.findText(value, ['id', 'key']), listed.findQuestionText(value)]
          : [];
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
function leaves(json: unknown, path: string, answers: unknown[]): [string, string][] {
  if (typeof json !== 'object' || json === null) {
    const text = reading.asText(json);
    return text === null ? [] : [[path, text]];
  }
  const named = Array.isArray(json)
    ? json.flatMap((entry): [string, unknown][] => {
        const name = answers.includes(path) ? null : listed.findText(entry, ['name', 'key', 'label']);
        return name ? [[name, reading.asText(listed.near(entry, 'value'))]] : [];
      })
    : Object.entries(json).filter(([, value]) => !answers.includes(path) || !listed.isEntry(value));
  return named.flatMap(([name, value]) => leaves(value, path ? `${path}.${name}` : name, answers));
}

const missing = (path: string, setting: string, other = ''): InvalidInputError =>
  new InvalidInputError(`The delivery has nothing usable at ${path}; correct ${setting} of the source${other}.`, [
    { field: setting, message: `nothing usable at ${path}` },
  ]);

export interface Preset {
  kind: string;
  title: string;
  clicks?: string;
  proof?: z.input<typeof Proof>;
  response?: z.input<typeof ResponseMapping>;
  /** Entries beside the answers that are none. */
  ignore?: string[];
  dates?: DateOrder;
  adds?: boolean;
  rearrange?: (json: unknown) => unknown;
}

/** A source whose proof and mapping are settings: JSON, or a URL-encoded form by its content type. */
export function createMappedSourceDefinition({ kind, title, clicks, proof, response, ...reading }: Preset) {
  const Response = z
    .partialRecord(z.enum(Object.keys(ResponseMapping.shape) as [keyof ResponseMapping]), z.unknown())
    .default({})
    .transform((given) => ({ ...response, ...given }))
    .pipe(ResponseMapping);
  const proven = createProofHandlers(guessContentType);
  return surveySource({
    ...{ kind, title, ...(clicks && { clicks }) },
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
