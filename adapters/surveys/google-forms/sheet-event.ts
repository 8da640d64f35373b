import * as z from 'zod';
import type { IncomingAnswer, IncomingResponse } from '#domain/integrations/survey-source.ts';
import { parseShortNumber } from '../../mapped-response.ts';
import { responseOf } from '../../survey-reading.ts';

const SheetEvent = z.object({
  namedValues: z.record(z.string(), z.array(z.string())),
  values: z.array(z.string()).nullish(),
  range: z.object({ rowStart: z.number() }),
  triggerUid: z.union([z.string(), z.number()]).nullish(),
});

const emailTitlePattern =
  /^(e-?mail( address)?|username|adresse e-mail|e-mail-adresse|dirección de correo electrónico)$/i;

/**
 * Event of a script in the sheet of a form: answers by title, times as the sheet writes them, and no id, so that row
 * and first cell replace it. A script in the form itself is more exact.
 *
 * @returns null for any other event
 */
export function readSheetEvent(json: unknown, receivedAt: number): IncomingResponse | null {
  const read = SheetEvent.safeParse(json);
  if (!read.success) return null;
  const { namedValues, values, range, triggerUid } = read.data;
  const timestampText = values?.[0] ?? namedValues.Timestamp?.[0] ?? '';
  const entries = Object.entries(namedValues).filter(
    ([title, cells]) => !isTimestampColumn(title, cells, timestampText),
  );
  const address = entries.find(([title]) => emailTitlePattern.test(title.trim()))?.[1].find(Boolean);
  return responseOf({
    form: `sheet-${triggerUid ?? 'default'}`,
    responseId: `${range.rowStart}/${timestampText}`,
    at: null,
    receivedAt,
    answers: entries.flatMap(([title, cells]) => toAnswers(title.trim(), cells)),
    hidden: new Map(address ? [['email', address]] : []),
  });
}

/** The column of times, in any language of the sheet. */
const isTimestampColumn = (title: string, cells: string[], timestampText: string): boolean =>
  title === 'Timestamp' || (timestampText !== '' && cells.length === 1 && cells[0] === timestampText);

/** Questions with one title arrive together, also those without a title; all but the first are numbered. */
function toAnswers(title: string, cells: string[]): IncomingAnswer[] {
  return cells.flatMap((cell, index): IncomingAnswer[] => {
    if (cell.trim() === '') return [];
    const name = `${title || 'untitled'}${index > 0 ? ` (${index + 1})` : ''}`;
    const question = { id: name, names: [], title: name };
    const score = parseShortNumber(cell);
    if (score !== null) return [{ question, type: 'number', value: score, freeText: false }];
    const isFile = /^https:\/\/drive\.google\.com\/\S+(, https:\/\/drive\.google\.com\/\S+)*$/.test(cell);
    return [{ question, type: isFile ? 'file' : 'text', value: cell, freeText: true }];
  });
}
