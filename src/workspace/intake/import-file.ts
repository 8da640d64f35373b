import { AppError, InvalidInputError, type Problem } from '#domain/base/errors.ts';
import { createRandomId, deriveId, deriveResponseId } from '#domain/base/key.ts';
import { boundTimes } from '#domain/integrations/incoming-response.ts';
import type { ResponseRow } from '#domain/integrations/survey-source.ts';
import type { FileCheck } from '#domain/json/intake-json.ts';
import { evaluate } from '#domain/templates/template.ts';
import { toIsoText } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import * as store from '../store/index.ts';
import { buildEvaluationContext } from './apply-templates.ts';
import { isResponseMissing } from './back-fill.ts';
import { createUnknownSourceError } from './operator-actions.ts';
import { applySettingsToResponse } from './take-response.ts';
import { isTooOldForCases } from './triage.ts';

type FileToImport = { body: Uint8Array; contentType: string };

const singly = 'source: takes single responses; files go to a source of kind csv';

/** Stores a readable file of responses for processing; InvalidInputError with line and column. */
export function importFile(core: Core, source: string, file: FileToImport): { delivery: string; rows: number } {
  const rows = readRows(core, source, file);
  const id = createRandomId(core.random, 'd');
  store.insertImportedFile(core.sql, id, source, toRawDelivery(core, file));
  return { delivery: id, rows: rows.length };
}

const toRawDelivery = (core: Core, { body, contentType }: FileToImport) => ({
  body,
  headers: { 'content-type': contentType },
  receivedAt: core.clock.now(),
});

/** @throws AppError when the source takes no files; InvalidInputError with line and column */
function readRows(core: Core, source: string, file: FileToImport): ResponseRow[] {
  const known = core.integrations.source(source);
  if (!known || known.removed) throw createUnknownSourceError(core, source);
  if (known.paused) throw new AppError('conflict', 'The source is paused; resume it in the workspace file.');
  if (!known.takesFiles) throw new InvalidInputError(singly);
  const parsed = known.parse(toRawDelivery(core, file));
  if (parsed.kind !== 'rows') throw new InvalidInputError(singly);
  return parsed.rows;
}

/** Rows of one turn, because others wait for its end. */
const mostRowsPerTurn = 500;

/** Stores the next rows of a file as deliveries. @returns whether any was new, and the last line; null at the end */
export function storeRowsAsDeliveries(
  core: Core,
  file: store.Delivery,
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
    store.insertBackFilledDelivery(sql, {
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

const rowsShown = 5;

/** What the import of a file would bring: its columns, first rows, problems by line, and cases. */
export function checkFile(core: Core, source: string, file: FileToImport): FileCheck {
  const empty: FileCheck = { rows: 0, stored: 0, questions: [], first: [], opens: [], problems: [] };
  try {
    return { ...empty, ...readFileCheck(core, source, file) };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const problems: Problem[] =
      error.problems.length > 0 ? error.problems : [{ field: 'file', message: error.message }];
    return { ...empty, problems: problems.map(({ field, message }) => ({ field, message })) };
  }
}

function readFileCheck(core: Core, source: string, file: FileToImport): Omit<FileCheck, 'problems'> {
  const rows = readRows(core, source, file).map(({ line, cells, response }) => {
    const responseId = response.responseId ?? deriveId(core.keys, 'row', source, ...cells.flat());
    const incoming = boundTimes({ ...response, responseId }, core.clock.now(), false);
    return { line, incoming, content: applySettingsToResponse(core, source, incoming, new Map()).content };
  });
  const added = rows.filter(({ incoming }) => isResponseMissing(core, source, incoming));
  const questions = new Map(
    rows.flatMap(({ content }) =>
      content.answers.map(({ question, alias, type }) => [question.id, { question: question.title, alias, type }]),
    ),
  );
  const opens = [...core.settings.templates].flatMap(([template, settings]) => {
    const matching = added.filter(({ incoming, content }) => {
      if (isTooOldForCases(core, content)) return false;
      const customerKey = content.customer.key ?? incoming.responseId;
      const context = buildEvaluationContext(core, [settings], { customerKey, content });
      return evaluate(settings, content, context).matched;
    });
    return matching.length > 0 ? [{ template, responses: matching.length }] : [];
  });
  return {
    rows: rows.length,
    stored: rows.length - added.length,
    questions: [...questions.values()],
    first: rows.slice(0, rowsShown).map(({ line, content }) => ({
      line,
      id: content.responseId,
      submittedAt: toIsoText(content.submittedAt),
      partial: content.partial,
      answers: content.answers.map(({ question, text }) => ({ question: question.title, text })),
    })),
    opens,
  };
}
