import { AppError, InvalidInputError } from '#domain/base/errors.ts';
import { createRandomId, deriveId, deriveResponseId } from '#domain/base/key.ts';
import type { ResponseRow } from '#domain/integrations/survey-source.ts';
import type { Core } from '../core.ts';
import { type Delivery, insertBackFilledDelivery, insertDelivery } from '../store/deliveries.ts';
import { isResponseMissing } from './back-fill.ts';

export interface FileToImport {
  body: Uint8Array;
  contentType: string;
}

const singly = 'source: takes single responses; files go to a source of kind csv';

/**
 * Stores a file of responses after checking that all of it is readable. Its rows are processed afterwards, like
 * responses of a back-fill.
 *
 * @throws AppError when the source takes no files; InvalidInputError with line and column
 */
export function importFile(core: Core, source: string, file: FileToImport): { delivery: string; rows: number } {
  const rows = readRows(core, source, file);
  const id = createRandomId(core.random, 'd');
  insertDelivery(core.sql, id, source, toRawDelivery(core, file), { line: 0 });
  return { delivery: id, rows: rows.length };
}

const toRawDelivery = (core: Core, { body, contentType }: FileToImport) => ({
  body,
  headers: { 'content-type': contentType },
  receivedAt: core.clock.now(),
});

/** @throws AppError when the source takes no files; InvalidInputError with line and column */
export function readRows(core: Core, source: string, file: FileToImport): ResponseRow[] {
  const known = core.integrations.source(source);
  if (!known || known.removed) throw new AppError('not-found', 'There is no such source.');
  if (known.paused) throw new AppError('conflict', 'The source is paused; resume it in the workspace file.');
  if (!known.takesFiles) throw new InvalidInputError(singly);
  const parsed = known.parse(toRawDelivery(core, file));
  if (parsed.kind !== 'rows') throw new InvalidInputError(singly);
  return parsed.rows;
}

/** Rows of one turn, because others wait for its end. */
const mostRowsPerTurn = 500;

/**
 * Stores the next rows of a file as a delivery each, so that a bad row harms only itself. Stored and waiting ones are
 * skipped.
 *
 * @returns whether a row was new, and the line of the last row of this turn; null at the end of the file
 */
export function storeRowsAsDeliveries(
  core: Core,
  file: Delivery,
  rows: ResponseRow[],
): { isNew: boolean; until: number | null } {
  const { sql, keys, random } = core;
  const ahead = rows.filter(({ line }) => line > (file.line ?? 0));
  const turn = ahead.slice(0, mostRowsPerTurn);
  let count = 0;
  for (const { line, cells, response: given } of turn) {
    const id = given.responseId ?? deriveId(keys, 'row', file.source, ...cells.flat());
    const response = { ...given, responseId: id };
    if (!isResponseMissing(core, file.source, response)) continue;
    count += 1;
    insertBackFilledDelivery(sql, {
      id: createRandomId(random, 'd'),
      source: file.source,
      at: file.receivedAt,
      responseId: deriveResponseId(keys, file.source, response.form, id),
      response,
      row: { partOf: file.id, line },
    });
  }
  return { isNew: count > 0, until: turn.length < ahead.length ? (turn.at(-1)?.line ?? null) : null };
}
