import type { z } from 'zod';
import type { IncomingAnswer } from '#domain/integrations/survey-source.ts';
import type { DateOrder } from '../../instants.ts';
import { type MappableAnswerType, parseShortNumber } from '../../mapped-response.ts';
import { instant, isTypedByRespondent, toExactNumber } from '../../survey-reading.ts';

export type CellValue = Pick<IncomingAnswer, 'type' | 'value' | 'freeText'>;

export interface CellType {
  type: z.output<typeof MappableAnswerType> | null;
  separator: string;
  /** Whether the column writes fractions with a comma. */
  hasDecimalComma: boolean;
}

/** Value of a cell, or its problem. */
export function readCell(text: string, { type, separator, hasDecimalComma }: CellType): CellValue | string {
  if (type === null) {
    const score = parseShortNumber(text) ?? (hasDecimalComma ? toExactNumber(text) : null);
    return score === null
      ? { type: 'text', value: text, freeText: true }
      : { type: 'number', value: score, freeText: false };
  }
  if (type === 'number') {
    const number = toExactNumber(text);
    if (number !== null) return { type, value: number, freeText: false };
    return text.includes(',')
      ? 'is not a number such as 8 or 8.5; a comma is read before one or two digits, and write no comma between thousands'
      : 'is not a number such as 8 or 8.5';
  }
  if (type === 'yes-no') {
    const isYes = /^(yes|y|true|1)$/i.test(text);
    if (!isYes && !/^(no|n|false|0)$/i.test(text)) return 'is neither yes nor no';
    return { type, value: isYes, freeText: false };
  }
  if (type === 'choices' || type === 'ranking') {
    const value = text.split(separator).flatMap((item) => item.trim() || []);
    return { type, value, freeText: false };
  }
  return { type, value: text, freeText: isTypedByRespondent(type) };
}

/** Whether a column holds numbers alone, and fractions with a comma among them. */
export function isDecimalCommaColumn(cells: string[]): boolean {
  const filled = cells.filter((cell) => cell !== '');
  return filled.some((cell) => cell.includes(',')) && filled.every((cell) => /^-?\d{1,15}(,\d{1,2})?$/.test(cell));
}

/** The order of day and month by which every time of a column can be read; null where two orders remain. */
export function findDateOrder(cells: string[], zone: string, named: DateOrder): DateOrder | null {
  const filled = cells.filter((cell) => cell !== '');
  if (named !== 'iso') return named;
  const fits = (order: DateOrder) => filled.every((cell) => instant(cell, zone, order) !== null);
  const orders = (['day-first', 'month-first'] as const).filter(fits);
  if (orders.length !== 2) return orders[0] ?? 'iso';
  return fits('iso') ? 'iso' : null;
}
