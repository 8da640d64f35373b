import * as z from 'zod';
import { guessContentType, kindOfBody, readDeliveredFields } from '#adapters/delivered-fields.ts';
import { guessResponseMapping, slug } from '#adapters/guess-mapping.ts';
import { readJson } from '#adapters/json.ts';
import { parseShortNumber } from '#adapters/survey-reading.ts';
import { readCsv } from '#domain/base/csv.ts';
import { AppError } from '#domain/base/errors.ts';
import type { IncomingAnswer, IncomingResponse, ParsedDelivery } from '#domain/integrations/survey-source.ts';
import { guessRespondentFields } from '#domain/responses/guess-respondent.ts';
import { buildSecretName, registry } from './wiring.ts';

export type InspectedDelivery = ReturnType<typeof taken>;

/** Tries every survey tool without a mapping, then a guess; null when none reads it. */
export function inspectDelivery(file: Uint8Array): InspectedDelivery | null {
  const body = extractDeliveredBytes(file);
  // An empty list is a test of any tool.
  if (/^\s*\[\s*\]\s*$/.test(new TextDecoder().decode(body.subarray(0, 100)))) return null;
  const known = inspectAsEachTool(body);
  // An event, and a form without its name, may be those of a tool that nobody knows.
  const isVague =
    known?.parsed.kind === 'event' || (known?.parsed.kind === 'response' && known.parsed.response.form === 'default');
  if (known && !isVague) return known;
  return guessJsonMapping(body) ?? known ?? inspectCsvFile(body);
}

function inspectAsEachTool(body: Uint8Array): InspectedDelivery | null {
  for (const definition of registry.surveys) {
    const { kind, settings } = definition;
    const bare = { kind, secret: buildSecretName(kind, 'secret') };
    const entries = [bare, { ...bare, token: buildSecretName(kind, 'token') }];
    const [given, best = given] = entries.filter((entry) => settings.safeParse(entry).success);
    const parsed = given && parsedBy(definition, body, given);
    if (parsed && best) return taken(definition, parsed, best);
  }
  return null;
}

/**
 * Settings by which files are read that one survey tool sent, such as two alerts by e-mail.
 * @throws AppError with the line by which they cannot be read alike
 */
export async function inspectExamples(files: Uint8Array[]): Promise<InspectedDelivery | null> {
  const definition = registry.surveys.find(({ readExamples }) => readExamples);
  const read = await definition?.readExamples?.(files);
  return definition && read ? taken(definition, read.parsed, read.entry) : null;
}

type Definition = (typeof registry.surveys)[number];

function orNull<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return null;
  }
}

const toDelivery = (body: Uint8Array) => {
  return { body, headers: { 'content-type': guessContentType(body) }, receivedAt: 0 };
};

const parsedBy = (definition: Definition, body: Uint8Array, entry: object): ParsedDelivery | null =>
  orNull(() => definition.parse(toDelivery(body), definition.settings.parse(entry)));

function taken({ kind, title }: Definition, parsed: ParsedDelivery, known: Record<string, unknown>) {
  const answered = collectAnswers(parsed);
  const guessed = answered && {
    questions: guessAliases(answered.answers, parsed.kind === 'rows'),
    respondent: guessRespondentFields(answered, kind === 'json'),
  };
  /** A `sources:` entry to start from. */
  const entry: Record<string, unknown> = { ...known, ...guessed };
  return { kind, title, parsed, entry, answered };
}

function guessJsonMapping(body: Uint8Array): InspectedDelivery | null {
  const definition = registry.surveys.find(({ kind }) => kind === 'json');
  const delivery = toDelivery(body);
  // A URL-encoded body has no blanks, in contrast to a CSV file.
  const isFile = kindOfBody(delivery) === 'form' && /\s/.test(new TextDecoder().decode(body).trim());
  const guessed = !isFile && guessResponseMapping(orNull(() => readDeliveredFields(delivery)));
  if (!definition || !guessed) return null;
  const proof = { kind: 'header', header: 'X-Caselite-Secret' };
  const read = (response: object) => {
    const entry = { kind: 'json', secret: 'SURVEY_SECRET', proof, response };
    const parsed = parsedBy(definition, body, entry);
    return parsed && taken(definition, parsed, entry);
  };
  const inspected = read(guessed);
  const isShortNumber = ({ type: of, value }: IncomingAnswer) =>
    of === 'text' && parseShortNumber(String(value)) !== null;
  return inspected?.answered?.answers.some(isShortNumber) ? read({ ...guessed, 'numbers-as-text': true }) : inspected;
}

const Captured = z.object({ body: z.string().min(1) });
const Parts = z.looseObject({ formID: z.string(), submissionID: z.string(), rawRequest: z.string() });

function extractDeliveredBytes(file: Uint8Array): Uint8Array {
  const json = orNull(() => readJson(file));
  const parts = Parts.safeParse(json).data;
  if (parts) {
    const texts = Object.entries(parts).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
    const written = texts.map(
      ([name, text]) => `--caselite-parts\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`,
    );
    return new TextEncoder().encode(`${written.join('')}--caselite-parts--\r\n`);
  }
  const captured = Captured.safeParse(json).data;
  return captured ? new TextEncoder().encode(captured.body) : file;
}

function collectAnswers(parsed: ParsedDelivery): Pick<IncomingResponse, 'hidden' | 'answers'> | null {
  if (parsed.kind === 'response') return parsed.response;
  if (parsed.kind !== 'rows') return null;
  const answers = new Map<string, IncomingAnswer>();
  const hidden = new Map<string, string>();
  for (const { response } of parsed.rows) {
    for (const answer of response.answers)
      if (!answers.has(answer.question.id)) answers.set(answer.question.id, answer);
    for (const [name, value] of response.hidden) if (!hidden.has(name)) hidden.set(name, value);
  }
  return { answers: [...answers.values()], hidden };
}

/** Reads a CSV file with a column of times; the id column is guessed by its name. */
function inspectCsvFile(body: Uint8Array): InspectedDelivery | null {
  const definition = registry.surveys.find(({ kind }) => kind === 'csv');
  const { columns = [], rows = [] } = orNull(() => readCsv(body)) ?? {};
  if (!definition || columns.length < 2 || rows.length === 0) return null;
  const isTime = (name: string) => /submit|complet|record|date|time|zeit|datum|fecha|heure/i.test(name);
  const byName = columns.toSorted((a, b) => Number(isTime(b)) - Number(isTime(a)));
  const id = columns.find(
    (name, index) =>
      /^(#|id|.*\b(response|submission|respondent|antwort)[ _-]?(id|nr|no|token)?)$/i.test(name) &&
      new Set(rows.map(({ cells }) => cells[index])).size === rows.length,
  );
  for (const time of byName.filter((name) => name !== id)) {
    const read = ['iso', 'day-first', 'month-first'].flatMap((dates) => {
      const entry = {
        kind: 'csv',
        secret: 'CSV_SECRET',
        columns: { ...(id ? { id } : {}), 'submitted-at': time },
        ...(dates === 'iso' ? {} : { dates }),
      };
      const parsed = parsedBy(definition, body, entry);
      return parsed ? [{ entry, parsed }] : [];
    });
    // A single order is named, because days of the next file may fit both.
    const orders = read.filter(({ entry }) => 'dates' in entry);
    const chosen = orders.length === 1 ? orders[0] : read[0];
    if (chosen) return taken(definition, chosen.parsed, chosen.entry);
  }
  return null;
}

function guessAliases(answers: IncomingAnswer[], byId = false): Record<string, string> {
  const aliases: Record<string, string> = {};
  for (const { question } of answers) {
    const words = slug(question.title) || slug(question.names[0] ?? '') || slug(question.id);
    const alias = /^[a-z]/.test(words) ? words : `q-${words}`.replace(/-$/, '');
    let free = alias;
    for (let number = 2; Object.hasOwn(aliases, free); number += 1) free = `${alias}-${number}`;
    // A ref outlives a question that is built anew; an id does not.
    aliases[free] = byId ? question.id : (question.names[0] ?? question.id);
  }
  return aliases;
}
