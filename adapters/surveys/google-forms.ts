import * as z from 'zod';
import type {
  AnswerType,
  IncomingAnswer,
  ParsedDelivery,
  SurveySourceDefinition,
} from '#domain/survey-source.ts';
import { SecretName, sourceBase } from '#domain/workspace-file.ts';
import { readJson } from '../json.ts';
import {
  httpsLink,
  Id,
  instant,
  isTyped,
  matrixRow,
  mostAnswers,
  oneOrMany,
  readShape,
  revisionOf,
  Text,
  unusable,
} from '../survey-reading.ts';
import { signWebhook, verifyWebhook } from '../webhook-signature.ts';
import { readSheetEvent } from './google-forms/sheet-event.ts';

const GoogleFormsSettings = z.strictObject({
  kind: z.literal('google-forms'),
  secret: SecretName.describe('Name of the secret that the script holds too, as whsec_… in base64'),
  ...sourceBase,
});
type GoogleFormsSettings = z.output<typeof GoogleFormsSettings>;

const Item = z.object({
  id: Id,
  title: Text,
  type: z.string(),
  value: z.union([z.string(), z.array(z.union([z.string(), z.null(), z.array(z.string())]))]).nullish(),
  rows: z.array(z.string()).nullish(),
  choices: z.array(z.string()).nullish(),
});
type Item = z.output<typeof Item>;

const Delivery = z.object({
  formId: z.string().min(1),
  formTitle: Text,
  responseId: z.string().min(1),
  submittedAt: Text,
  email: Text,
  link: Text,
  items: z.array(Item).max(mostAnswers, `has more than ${mostAnswers} answers`),
});

/** What the script sends that `googleFormsScript` writes: Google Forms has no webhook of its own. */
export const googleForms: SurveySourceDefinition<GoogleFormsSettings> = {
  kind: 'google-forms',
  title: 'Google Forms (with a script in the form)',
  settings: GoogleFormsSettings,
  secrets: ({ secret }) => [secret],
  verify: verifyWebhook,
  sign: signWebhook,

  parse({ body, receivedAt }): ParsedDelivery {
    const title = 'Google Forms response';
    const json = readJson(body);
    const sheet = readSheetEvent(json, receivedAt);
    if (sheet) return { kind: 'response', response: sheet };
    if (typeof json === 'object' && json !== null && !Object.hasOwn(json, 'responseId'))
      throw unusable(title, 'responseId', 'is missing: paste the script of this source into the form itself');
    const given = readShape(title, Delivery, json);
    const submittedAt = instant(given.submittedAt);
    return {
      kind: 'response',
      response: {
        form: given.formId,
        formTitle: given.formTitle ?? null,
        responseId: given.responseId,
        revision: revisionOf(submittedAt, false),
        submittedAt: submittedAt ?? receivedAt,
        partial: false,
        language: null,
        answers: given.items.flatMap(toAnswers),
        hidden: new Map(given.email ? [['email', given.email]] : []),
        link: httpsLink(given.link),
      },
    };
  },
};

const types: Record<string, AnswerType> = {
  TEXT: 'text',
  PARAGRAPH_TEXT: 'text',
  MULTIPLE_CHOICE: 'choice',
  LIST: 'choice',
  CHECKBOX: 'choices',
  SCALE: 'number',
  RATING: 'number',
  GRID: 'matrix',
  CHECKBOX_GRID: 'matrix',
  DATE: 'date',
  FILE_UPLOAD: 'file',
};

function toAnswers({ id, title, type: itemType, value, rows, choices }: Item): IncomingAnswer[] {
  const question = { id, names: [], title: title?.trim() ?? '' };
  const type = types[itemType] ?? 'other';
  if (value === null || value === undefined) return [];
  if (typeof value === 'string') {
    if (value === '') return [];
    const number = type === 'number' ? Number(value) : Number.NaN;
    if (Number.isFinite(number)) return [{ question, type, value: number, freeText: false }];
    const typed = type === 'choice' ? !choices?.includes(value) : isTyped(type);
    return [{ question, type, value, freeText: typed || type === 'number' }];
  }
  if (type === 'matrix') {
    return value.flatMap((picked, index) => {
      const row = rows?.[index] ?? String(index + 1);
      return picked === null || picked.length === 0
        ? []
        : [matrixRow(question, { id: String(index + 1), title: row }, picked)];
    });
  }
  const items = value.flat().filter((one) => one !== null && one !== '') as string[];
  if (items.length === 0) return [];
  const typed = type === 'choices' ? items.some((one) => !choices?.includes(one)) : isTyped(type);
  return [{ question, type, value: type === 'file' ? oneOrMany(items) : items, freeText: typed }];
}
