import * as z from 'zod';
import type { IncomingAnswer, IncomingResponse } from '#domain/integrations/survey-source.ts';
import { shortNumber } from '../../mapped-response.ts';
import { responseOf } from '../../survey-reading.ts';

const SheetEvent = z.object({
  namedValues: z.record(z.string(), z.array(z.string())),
  values: z.array(z.string()).nullish(),
  range: z.object({ rowStart: z.number() }),
  triggerUid: z.union([z.string(), z.number()]).nullish(),
});

const addressTitle = /^(e-?mail( address)?|username|adresse e-mail|e-mail-adresse|dirección de correo electrónico)$/i;

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
  const writtenAt = values?.[0] ?? namedValues.Timestamp?.[0] ?? '';
  const entries = Object.entries(namedValues).filter(([title, cells]) => !isTimestamp(title, cells, writtenAt));
  const address = entries.find(([title]) => addressTitle.test(title.trim()))?.[1].find(Boolean);
  return responseOf({
    form: `sheet-${triggerUid ?? 'default'}`,
    responseId: `${range.rowStart}/${writtenAt}`,
    at: null,
    receivedAt,
    answers: entries.flatMap(([title, cells]) => toAnswers(title.trim(), cells)),
    hidden: new Map(address ? [['email', address]] : []),
  });
}

/** The column of times, in any language of the sheet. */
const isTimestamp = (title: string, cells: string[], writtenAt: string): boolean =>
  title === 'Timestamp' || (writtenAt !== '' && cells.length === 1 && cells[0] === writtenAt);

/** Questions with one title arrive together, also those without a title; all but the first are numbered. */
function toAnswers(title: string, cells: string[]): IncomingAnswer[] {
  return cells.flatMap((cell, index): IncomingAnswer[] => {
    if (cell.trim() === '') return [];
    const name = `${title || 'untitled'}${index > 0 ? ` (${index + 1})` : ''}`;
    const question = { id: name, names: [], title: name };
    const score = shortNumber(cell);
    if (score !== null) return [{ question, type: 'number', value: score, freeText: false }];
    const isFile = /^https:\/\/drive\.google\.com\/\S+(, https:\/\/drive\.google\.com\/\S+)*$/.test(cell);
    return [{ question, type: isFile ? 'file' : 'text', value: cell, freeText: true }];
  });
}
