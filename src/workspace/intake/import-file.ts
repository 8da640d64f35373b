import { createRandomId, deriveId } from '#domain/base/key.ts';
import type { SurveyResponse } from '#domain/responses/response.ts';
import { toWellFormedCopy } from '#domain/text/safe-text.ts';
import {
  type Core,
  evaluate,
  InvalidInputError,
  type json,
  port,
  type Problem,
  store,
  templating,
  toIsoText,
} from '../kit.ts';
import { buildEvaluationContext } from './apply-templates.ts';
import { isResponseMissing, storeFoundResponse } from './back-fill.ts';
import { demandSource } from './operator-actions.ts';
import { applySettingsToResponse, findAnsweredAsk } from './take-response.ts';
import { isTooOldForCases } from './triage.ts';

export type FileToImport = { body: Uint8Array; contentType: string };

/** Stores a readable file of responses for processing, in steps; InvalidInputError with line and column. */
export function* importFile(core: Core, source: string, file: FileToImport) {
  const rows = yield* readRows(core, source, file);
  const id = createRandomId(core.random, 'd');
  const arrived = { id, source, ...toRawDelivery(core, file) };
  store.deliveries.insert(core.sql, { ...arrived, via: 'back-fill', line: 0, outcome: 'waiting' });
  return { delivery: id, rows: rows.length };
}

const toRawDelivery = (core: Core, { body, contentType }: FileToImport) => ({
  body,
  headers: { 'content-type': contentType },
  receivedAt: core.clock.now(),
});

/** @throws AppError when the source takes no files; InvalidInputError with line and column */
function readRows(core: Core, source: string, file: FileToImport): Generator<void, port.ResponseRow[]> {
  const known = demandSource(core, source);
  if (!known.readFile) throw new InvalidInputError('source: takes single responses; files go to a source of kind csv');
  return known.readFile(toRawDelivery(core, file));
}

/** Rows of one turn, because others wait for its end. */
const mostRowsPerTurn = 500;

/** Stores the next rows of a file as deliveries. @returns whether any was new, and the last line; null at the end */
export function storeRowsAsDeliveries(core: Core, file: store.Delivery, rows: port.ResponseRow[]) {
  const ahead = rows.filter(({ line }) => line > (file.line ?? 0));
  const turn = ahead.slice(0, mostRowsPerTurn);
  let count = 0;
  for (const { line, cells, response: given } of toWellFormedCopy(turn)) {
    const responseId = given.responseId ?? deriveId(core.keys, 'row', file.source, ...cells.flat());
    const found = { receivedAt: file.receivedAt, partOf: file.id, line };
    if (storeFoundResponse(core, file.source, { ...given, responseId }, found)) count += 1;
  }
  return { isNew: count > 0, until: turn.length < ahead.length ? (turn.at(-1)?.line ?? null) : null };
}

const rowsShown = 5;

/** What the import of a file would bring: its columns, first rows, problems by line, and cases. */
export function* checkFile(core: Core, source: string, file: FileToImport): Generator<void, json.FileCheck> {
  try {
    return yield* readFileCheck(core, source, file);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const problems: Problem[] =
      error.problems.length > 0 ? error.problems : [{ field: 'file', message: error.message }];
    const shown = problems.map(({ field, message }) => ({ field, message }));
    return { rows: 0, stored: 0, questions: [], first: [], opens: [], problems: shown };
  }
}

function* readFileCheck(core: Core, source: string, file: FileToImport): Generator<void, json.FileCheck> {
  const rows: { line: number; incoming: port.IncomingResponse; content: SurveyResponse }[] = [];
  const added: typeof rows = [];
  const questions = new Map<string, json.FileCheck['questions'][number]>();
  for (const { line, cells, response } of yield* readRows(core, source, file)) {
    yield;
    const responseId = response.responseId ?? deriveId(core.keys, 'row', source, ...cells.flat());
    const incoming = port.boundTimes({ ...response, responseId }, core.clock.now(), false);
    const { content } = applySettingsToResponse(core, source, incoming, new Map());
    const row = { line, incoming, content };
    rows.push(row);
    if (isResponseMissing(core, source, incoming)) added.push(row);
    for (const { question, alias, type } of content.answers)
      questions.set(question.id, { question: question.title, alias, type });
  }
  const { templates, workspace } = core.settings;
  const opening = templating.sortTemplatesByPriority(templates).filter(([, { action }]) => action !== 'notice');
  const opens = new Map<string, number>();
  for (const { incoming, content } of added) {
    if (isTooOldForCases(core, content) || findAnsweredAsk(core, source, incoming, content)) continue;
    const customerKey = content.customer.key ?? incoming.responseId;
    for (const [name, template] of opening) {
      yield;
      const context = buildEvaluationContext(core, [template], { customerKey, content });
      if (!evaluate(template, content, context).matched) continue;
      opens.set(name, (opens.get(name) ?? 0) + 1);
      if (workspace.matches === 'first') break;
    }
  }
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
    opens: [...opens].map(([template, responses]) => ({ template, responses })),
    problems: [],
  };
}
