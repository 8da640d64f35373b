import * as z from 'zod';
import type { IncomingAnswer, IncomingResponse } from '#domain/integrations/survey-source.ts';
import * as kit from '../../kit.ts';

const SheetEvent = z.object({
  namedValues: z.record(z.string(), z.array(z.string())),
  values: z.array(z.string()).nullish(),
  range: z.object({ rowStart: z.number() }),
});

/** Google's title of the column of addresses, in the language of the form. */
const emailTitlePattern =
  /^username$|mail|correo|courriel|eposta|e-posta|sähköposti|почт|電子郵件|电子邮件|邮箱|メール|이메일|البريد|דוא|ईमेल|อีเมล/i;
const addressPattern = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/**
 * Event of a script in the sheet of a form: answers by title, times as the sheet writes them, and no id, so that row
 * and first cell replace it. A script in the form itself is more exact.
 *
 * The id of the trigger is no part of a response's id, because a second trigger sends everything once more.
 * @returns null for any other event
 */
export function readSheetEvent(json: unknown, receivedAt: number): IncomingResponse | null {
  const read = SheetEvent.safeParse(json);
  if (!read.success) return null;
  const { namedValues, values, range } = read.data;
  const timestampText = values?.[0] ?? namedValues.Timestamp?.[0] ?? '';
  const entries = Object.entries(namedValues).filter(
    ([title, cells]) => !isTimestampColumn(title, cells, timestampText),
  );
  const address = entries
    .filter(([title]) => emailTitlePattern.test(title))
    .flatMap(([, cells]) => cells)
    .find((cell) => addressPattern.test(cell.trim()));
  return kit.responseOf({
    form: 'sheet',
    responseId: `${range.rowStart}/${timestampText}`,
    at: null,
    receivedAt,
    answers: entries.flatMap(([title, cells]) => toAnswers(title.trim(), cells)),
    hidden: new Map(address ? [['email', address.trim()]] : []),
  });
}

/** The column of times, in any language of the sheet. */
const isTimestampColumn = (title: string, cells: string[], timestampText: string): boolean =>
  title === 'Timestamp' || (timestampText !== '' && cells.length === 1 && cells[0] === timestampText);

/** Questions with one title arrive together, also those without a title; all but the first are numbered. */
const toAnswers = (title: string, cells: string[]): IncomingAnswer[] =>
  cells.flatMap((cell, index): IncomingAnswer[] => {
    if (cell.trim() === '') return [];
    const name = `${title || 'untitled'}${index > 0 ? ` (${index + 1})` : ''}`;
    const question = { id: name, names: [], title: name };
    const score = kit.parseShortNumber(cell);
    if (score !== null) return [{ question, type: 'number', value: score, freeText: false }];
    const isFile = /^https:\/\/drive\.google\.com\/\S+(, https:\/\/drive\.google\.com\/\S+)*$/.test(cell);
    return [{ question, type: isFile ? 'file' : 'text', value: cell, freeText: true }];
  });
