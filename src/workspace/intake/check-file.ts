import { InvalidInputError, type Problem } from '#domain/base/errors.ts';
import { deriveId } from '#domain/base/key.ts';
import type { FileCheck } from '#domain/json/intake-json.ts';
import { evaluate } from '#domain/templates/template.ts';
import { toIsoText } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import { isTooOldForCases } from './apply-templates.ts';
import { isResponseMissing } from './back-fill.ts';
import { buildEvaluationContext } from './evaluation-context.ts';
import { type FileToImport, readRows } from './import-file.ts';
import { applySettingsToResponse } from './take-response.ts';

const rowsShown = 5;

/**
 * What the import of a file would bring, without storing anything: how its columns are read, its first rows, its
 * problems by line, and the cases that its new rows would open.
 *
 * @throws AppError when the source takes no files
 */
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
    const incoming = { ...response, responseId };
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
      const context = buildEvaluationContext(core, settings, content.customer.key ?? incoming.responseId, content);
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
