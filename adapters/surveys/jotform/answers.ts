import * as z from 'zod';
import type { AnswerType, IncomingAnswer, IncomingResponse } from '#domain/integrations/survey-source.ts';
import * as kit from '../../kit.ts';

type Question = IncomingAnswer['question'];

/** Answers of a form as the browser sent them: `q3_howOften`, and files under their bare names. */
export function readBrowserAnswers(raw: Record<string, unknown>): IncomingAnswer[] {
  const files = new Map<string, string>();
  for (const name of Object.keys((raw.temp_upload ?? {}) as object)) {
    const [, id, slug] = /^q(\d+)_(.+)$/.exec(name) ?? [];
    if (id && slug) files.set(slug, id);
  }
  const answers = Object.entries(raw).flatMap(([name, value]): IncomingAnswer[] => {
    const [, id, slug] = /^q(\d+)_(.+)$/.exec(name) ?? [];
    if (id && slug) return toAnswers({ id, names: [slug, name], title: '' }, value, null);
    const fileOf = files.get(name);
    if (!fileOf) return [];
    return toAnswers({ id: fileOf, names: [name, `q${fileOf}_${name}`], title: '' }, value, 'file');
  });
  kit.checkAnswers(answers, 'The field rawRequest', 'rawRequest');
  return answers;
}

const Answered = z.object({
  name: kit.Text,
  text: kit.Text,
  type: kit.Text,
  answer: z.unknown().optional(),
});

export const Submission = z.object({
  id: kit.Id,
  form_id: kit.Id,
  created_at: kit.Text,
  updated_at: kit.Text,
  status: kit.Text,
  answers: z.record(z.string(), Answered),
});

const types: Record<string, AnswerType> = {
  control_radio: 'choice',
  control_dropdown: 'choice',
  control_checkbox: 'choices',
  control_email: 'email',
  control_phone: 'phone',
  control_fileupload: 'file',
  control_datetime: 'date',
  control_scale: 'number',
  control_rating: 'number',
  control_number: 'number',
  control_spinner: 'number',
};

/** @param zone time zone of its times */
export function readSubmission(given: z.output<typeof Submission>, zone: string): IncomingResponse {
  const createdAt = kit.instant(given.created_at, zone);
  return kit.responseOf({
    form: given.form_id,
    responseId: given.id,
    at: createdAt,
    changedAt: kit.instant(given.updated_at, zone) ?? createdAt,
    unedited: !given.updated_at,
    answers: Object.entries(given.answers).flatMap(([id, { name, text, type, answer }]) => {
      const names = name ? [name, `q${id}_${name}`] : [];
      const known = types[type ?? ''] ?? null;
      return toAnswers({ id, names, title: kit.stripHtml(text ?? '') }, answer, known);
    }),
  });
}

const nameFieldParts = ['prefix', 'first', 'middle', 'last', 'suffix'];
const addressFieldParts = ['addr_line1', 'addr_line2', 'city', 'state', 'postal', 'country'];

/** @param known type, where the tool reports it; a browser's form does not */
function toAnswers(question: Question, value: unknown, known: AnswerType | null): IncomingAnswer[] {
  const text = kit.asText(value);
  if (text !== null) return toAnswersOfText(question, text, known);
  if (Array.isArray(value)) {
    // A table comes as a list of rows, each a list of cells.
    const items = value.flatMap((entry) => kit.toReadableText(entry) || []);
    if (items.length === 0) return [];
    if (known === 'file') return [{ question, type: 'file', value: kit.unwrapSingleValue(items), freeText: true }];
    // Ticked boxes; one of them may be "other", in the respondent's words.
    return [{ question, type: 'choices', value: items, freeText: true }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return toAnswersOfParts(question, value as Record<string, unknown>, known);
}

function toAnswersOfText(question: Question, text: string, known: AnswerType | null): IncomingAnswer[] {
  if (text === '') return [];
  const number = kit.parseShortNumber(text) ?? (known === 'number' ? Number(text) : Number.NaN);
  if (Number.isFinite(number) && (known === null || known === 'number'))
    return [{ question, type: 'number', value: number, freeText: false }];
  if (known === 'choices') return [{ question, type: 'choices', value: [text], freeText: true }];
  const type = known === 'number' || known === null ? 'text' : known;
  return [{ question, type, value: text, freeText: true }];
}

/** Answers of several fields: a name, a date, a telephone number, an address, or one per row. */
function toAnswersOfParts(
  question: Question,
  given: Record<string, unknown>,
  known: AnswerType | null,
): IncomingAnswer[] {
  const parts = new Map(kit.scalars(given).filter(([, text]) => text !== ''));
  const has = (...names: string[]) => names.some((name) => Object.hasOwn(given, name));
  const joined = (names: string[], mark: string) => names.flatMap((name) => parts.get(name) ?? []).join(mark);
  if (has('year', 'month', 'day')) {
    const [year, month, day] = ['year', 'month', 'day'].map((name) => parts.get(name)?.padStart(2, '0'));
    if (!year || !month || !day) return [];
    return [{ question, type: 'date', value: `${year}-${month}-${day}`, freeText: true }];
  }
  if (has('implementation', 'duration')) return toAnswersOfText(question, parts.get('date') ?? '', 'date');
  if (has('hourSelect', 'timeInput')) {
    const [hours, minutes] = ['hourSelect', 'minuteSelect'].map((name) => parts.get(name) ?? '');
    const time = parts.get('timeInput') ?? [hours, minutes].filter(Boolean).join(':');
    return toAnswersOfText(question, [time, parts.get('ampm')].filter(Boolean).join(' '), 'text');
  }
  if (has('products', 'totalInfo', 'paymentArray')) return kit.createTextAnswer(question, given);
  if (has('first', 'last')) return toAnswersOfText(question, joined(nameFieldParts, ' '), 'text');
  if (has('full', 'area', 'phone'))
    return toAnswersOfText(question, parts.get('full') ?? joined(['country', 'area', 'phone'], ' '), 'phone');
  if (has(...addressFieldParts)) return toAnswersOfText(question, joined(addressFieldParts, ', '), 'text');
  if (known === 'file') return kit.createTextAnswer(question, given);
  // `colIds` and `rowIds` describe the table itself.
  return Object.entries(given)
    .filter(([name]) => name !== 'colIds' && name !== 'rowIds')
    .flatMap(([row, value]) => {
      const picked = (Array.isArray(value) ? value : [value]).flatMap((entry) => kit.toReadableText(entry) || []);
      if (picked.length === 0) return [];
      const cell = kit.createMatrixRowAnswer(question, { id: row, title: row }, kit.unwrapSingleValue(picked));
      // Tables may have cells for typing.
      return [{ ...cell, freeText: true }];
    });
}
