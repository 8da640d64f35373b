import * as z from 'zod';
import { InvalidInputError } from '#domain/errors.ts';
import type { IncomingAnswer, ParsedDelivery, SurveySourceDefinition } from '#domain/survey-source.ts';
import { SecretName, sourceBase } from '#domain/workspace-file.ts';
import { readJson } from '../json.ts';
import { fromBase64, hmac, hmacMatches, joinBytes, toBase64 } from '../signature.ts';

const Path = z.string().min(1);

const StandardWebhooksSettings = z.strictObject({
  kind: z.literal('standard-webhooks'),
  secret: SecretName,
  /** Where in the JSON each thing stands: names joined by dots. */
  response: z.strictObject({
    id: Path,
    form: Path.optional(),
    'submitted-at': Path.optional(),
    'updated-at': Path.optional(),
    language: Path.optional(),
    link: Path.optional(),
    /** An object of answers by question, or a list of objects with a question and an answer in each. */
    answers: Path,
  }),
  ...sourceBase,
});
type StandardWebhooksSettings = z.output<typeof StandardWebhooksSettings>;

const toleranceMs = 5 * 60_000;
const mostAnswers = 1000;

/**
 * Any tool that signs its JSON as Standard Webhooks 1.0 says: HMAC-SHA256 over `id.timestamp.body`, five
 * minutes of tolerance, several signatures while secrets rotate. Read here over raw bytes and with the clock
 * passed in, which the reference library does not offer.
 */
export const standardWebhooks: SurveySourceDefinition<StandardWebhooksSettings> = {
  kind: 'standard-webhooks',
  title: 'Signed JSON (Standard Webhooks)',
  settings: StandardWebhooksSettings,
  secrets: ({ secret }) => [secret],

  async verify({ body, headers }, secrets, now) {
    const id = headers['webhook-id'];
    const timestamp = headers['webhook-timestamp'] ?? '';
    if (!id || !/^\d{1,12}$/.test(timestamp)) return false;
    if (Math.abs(now - Number(timestamp) * 1000) > toleranceMs) return false;
    const signatures = (headers['webhook-signature'] ?? '')
      .split(' ')
      .filter((one) => one.startsWith('v1,'))
      .slice(0, 10)
      .map((one) => fromBase64(one.slice('v1,'.length)));
    const keys = secrets.map(keyOf).filter((key) => key !== null);
    const message = joinBytes(id, '.', timestamp, '.', body);
    const checks = await Promise.all(
      signatures.map((signature) => hmacMatches('SHA-256', keys, message, signature)),
    );
    return checks.includes(true);
  },

  async sign(body, secret, { id, now }) {
    const timestamp = String(Math.floor(now / 1000));
    const key = keyOf(secret);
    if (!key) throw new InvalidInputError('The secret is not base64 after whsec_.');
    const signature = toBase64(await hmac('SHA-256', key, joinBytes(id, '.', timestamp, '.', body)));
    return {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    };
  },

  parse({ body, receivedAt }, settings): ParsedDelivery {
    const json = readJson(body);
    const { response } = settings;
    const text = (path: string | undefined) => (path ? asText(at(json, path)) : null);
    const responseId = text(response.id);
    if (!responseId) throw missing(settings.response.id, 'response.id');
    const answers = readAnswers(at(json, response.answers), response.answers);
    const givenAt = instant(at(json, response['submitted-at'] ?? ''));
    const submittedAt = givenAt ?? receivedAt;
    return {
      kind: 'response',
      response: {
        form: text(response.form) ?? 'default',
        formTitle: null,
        responseId,
        revision: instant(at(json, response['updated-at'] ?? '')) ?? givenAt ?? 0,
        submittedAt,
        partial: false,
        language: text(response.language),
        answers,
        hidden: new Map(leaves(json)),
        link: text(response.link)?.startsWith('https://') ? text(response.link) : null,
      },
    };
  },
};

function keyOf(secret: string): Uint8Array | null {
  return fromBase64(secret.replace(/^whsec_/, ''));
}

/** Own properties only, one name at a time. */
function at(json: unknown, path: string): unknown {
  let value: unknown = json;
  for (const name of path === '' ? [] : path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return path === '' ? undefined : value;
}

function readAnswers(given: unknown, path: string): IncomingAnswer[] {
  if (typeof given !== 'object' || given === null) throw missing(path, 'response.answers');
  const entries = Array.isArray(given)
    ? given.flatMap(listed)
    : Object.entries(given).map(([id, value]) => ({ id, title: '', value }));
  if (entries.length > mostAnswers)
    throw new InvalidInputError(`${path} has more than ${mostAnswers} answers.`);
  return entries.flatMap(({ id, title, value }) => toAnswer(id, title, value));
}

function listed(entry: unknown): { id: string; title: string; value: unknown }[] {
  const id = asText(at(entry, 'id')) ?? asText(at(entry, 'question'));
  if (!id) return [];
  const value = [at(entry, 'value'), at(entry, 'answer')].find((one) => one !== undefined);
  return [{ id, title: asText(at(entry, 'title')) ?? asText(at(entry, 'question')) ?? '', value }];
}

function toAnswer(id: string, title: string, value: unknown): IncomingAnswer[] {
  const question = { id, names: [], title };
  if (typeof value === 'number') return [{ question, type: 'number', value, freeText: false }];
  if (typeof value === 'boolean') return [{ question, type: 'yes-no', value, freeText: false }];
  if (typeof value === 'string' && value.trim() !== '')
    return [{ question, type: 'text', value, freeText: true }];
  if (Array.isArray(value)) {
    return [
      {
        question,
        type: 'choices',
        value: value.map((one) => asText(one) ?? JSON.stringify(one)),
        freeText: true,
      },
    ];
  }
  return [];
}

/** Every leaf under its dotted path, for `hidden.…` in the respondent mapping. */
function leaves(json: unknown, path = ''): [string, string][] {
  if (typeof json !== 'object' || json === null) {
    const text = asText(json);
    return text === null ? [] : [[path, text]];
  }
  if (Array.isArray(json)) return [];
  return Object.entries(json).flatMap(([name, value]) => leaves(value, path ? `${path}.${name}` : name));
}

function asText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function instant(value: unknown): number | null {
  if (typeof value === 'number') return value > 1e11 ? value : value * 1000;
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

function missing(path: string, setting: string): InvalidInputError {
  return new InvalidInputError(`The JSON has nothing usable at ${path}; correct ${setting} of the source.`, [
    { field: setting, message: `nothing usable at ${path}` },
  ]);
}
