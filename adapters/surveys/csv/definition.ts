import * as z from 'zod';
import { type CsvTable, createCellProblem, readCsv, refused } from '#domain/base/csv.ts';
import type { Problem } from '#domain/base/errors.ts';
import type { IncomingAnswer, ResponseRow } from '#domain/integrations/survey-source.ts';
import { SecretName } from '#domain/settings/workspace-file.ts';
import { createProofHandlers, Proof } from '../../delivery-proof.ts';
import { MappableAnswerType, parseShortNumber } from '../../mapped-response.ts';
import { computeRevision, instant, isTypedByRespondent, toHttpsLink } from '../../survey-reading.ts';
import { sourceSettings, surveySource } from '../../survey-tool.ts';

const Column = z.string().min(1).describe('The name of a column, as it stands in the first line of the file');

const Matches = z.record(Column, z.union([z.string(), z.array(z.string())]));

const settings = sourceSettings('csv', {
  secret: SecretName.optional().describe(
    'Name of the secret with which files may be posted to the address of this source; `npm run import` needs none',
  ),
  proof: Proof.refine(({ kind }) => kind !== 'field', 'of a file stands in a header').prefault({
    kind: 'header',
    header: 'x-caselite-secret',
  }),
  columns: z.strictObject({
    id: Column.optional().describe('Without one, a row with the same cells is the same response'),
    form: Column.optional(),
    'form-title': Column.optional(),
    'submitted-at': Column,
    'updated-at': Column.optional(),
    language: Column.optional(),
    link: Column.optional(),
  }),
  'time-zone': z.string().default('UTC').describe('Of times without an offset'),
  dates: z
    .enum(['iso', 'day-first', 'month-first'])
    .default('iso')
    .describe('How times are written: 2026-11-24 08:00, 24.11.2026 08:00 or 11/24/2026 8:00 AM'),
  types: z
    .record(Column, MappableAnswerType)
    .default({})
    .describe('Of columns whose cells are more than text and scores'),
  separator: z.string().min(1).default(', ').describe('Between several choices in one cell'),
  ignore: z.array(Column).default([]).describe('Columns that are no answers'),
  test: Matches.default({}),
  partial: Matches.default({}),
});
type CsvSettings = z.output<typeof settings>;

const examples = {
  iso: '2026-11-24 08:00; set dates: day-first for 24.11.2026, month-first for 11/24/2026',
  'day-first': '24.11.2026 08:00',
  'month-first': '11/24/2026 8:00 AM',
};

/** A file with one response per row: an export of any tool. */
export const csv = surveySource({
  kind: 'csv',
  title: 'CSV files',
  settings,
  files: { adviceWithoutBackFill: 'Import the newest file again: what is stored already stays as it is.' },
  ...createProofHandlers(() => 'text/csv'),
  parse({ body, receivedAt }, given) {
    const table = readCsv(body);
    checkColumns(table, given);
    const problems: Problem[] = [];
    const rows = table.rows.flatMap((row) => readResponseRow(table.columns, row, given, receivedAt, problems));
    if (problems.length > 0) throw refused(problems);
    return { kind: 'rows', rows };
  },
});

function checkColumns({ columns }: CsvTable, given: CsvSettings): void {
  const named = Object.entries(given.columns).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const missing = named.filter(([, column]) => !columns.includes(column));
  if (missing.length === 0) return;
  throw refused(
    missing.map(([what, column]) => ({
      field: `columns.${what}`,
      message: `is ${column}, but the file has no such column; it has ${columns.join(', ')}`,
    })),
  );
}

function readResponseRow(
  columns: string[],
  { line, cells }: CsvTable['rows'][number],
  given: CsvSettings,
  receivedAt: number,
  problems: Problem[],
): ResponseRow[] {
  const values = new Map(columns.map((name, index) => [name, (cells[index] ?? '').trim()]));
  const cell = (column: string | undefined) => (column && values.get(column)) || null;
  const isOne = (matches: z.output<typeof Matches>) =>
    Object.entries(matches).some(([column, marks]) => [marks].flat().includes(values.get(column) ?? ''));
  if (isOne(given.test)) return [];
  const wrong = (column: string, message: string) =>
    problems.push(createCellProblem({ line, column: columns.indexOf(column) + 1 }, columns, message));
  const { columns: named, 'time-zone': zone, dates } = given;
  const time = (column: string | undefined) => {
    const text = cell(column);
    if (!column || text === null) return null;
    const at = instant(dates === 'iso' ? text : asIso(text, dates), zone);
    if (at === null) wrong(column, `is not a time such as ${examples[dates]}`);
    return at;
  };
  const submittedAt = time(named['submitted-at']);
  if (submittedAt === null && cell(named['submitted-at']) === null)
    wrong(named['submitted-at'], 'is empty; every response needs its time');
  const id = cell(named.id);
  if (named.id && id === null) wrong(named.id, 'is empty; every response needs its id');
  const partial = isOne(given.partial);
  const aside = new Set<string>([
    ...Object.values(named).filter((column) => column !== undefined),
    ...given.ignore,
    ...Object.values(given.respondent).flatMap((path) =>
      path?.startsWith('hidden.') ? [path.slice('hidden.'.length)] : [],
    ),
  ]);
  const answers = [...values]
    .filter(([column, text]) => text !== '' && !aside.has(column))
    .flatMap(([column, text]): IncomingAnswer[] => {
      const read = readCell(text, given.types[column] ?? null, given.separator);
      if (typeof read === 'string') {
        wrong(column, read);
        return [];
      }
      return [{ question: { id: column, names: [], title: column }, ...read }];
    });
  return [
    {
      line,
      // Independent of the order of columns.
      cells: [...values].filter(([, text]) => text !== '').sort(([value], [other]) => (value < other ? -1 : 1)),
      response: {
        form: cell(named.form) ?? 'default',
        formTitle: cell(named['form-title']),
        responseId: id,
        revision: computeRevision(time(named['updated-at']) ?? submittedAt, partial),
        submittedAt: submittedAt ?? receivedAt,
        partial,
        language: cell(named.language),
        answers,
        hidden: new Map([...values].filter(([, text]) => text !== '')),
        link: toHttpsLink(cell(named.link)),
      },
    },
  ];
}

/** Value of a cell, or its problem. */
function readCell(
  text: string,
  type: z.output<typeof MappableAnswerType> | null,
  separator: string,
): Pick<IncomingAnswer, 'type' | 'value' | 'freeText'> | string {
  if (type === null) {
    const score = parseShortNumber(text);
    return score === null
      ? { type: 'text', value: text, freeText: true }
      : { type: 'number', value: score, freeText: false };
  }
  if (type === 'number') {
    if (!/^-?\d{1,15}(\.\d+)?$/.test(text)) return 'is not a number such as 8 or 8.5';
    return { type, value: Number(text), freeText: false };
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

/** `24.11.2026 08:00` and `11/24/2026 8:00 PM` in ISO 8601; other text stays as it is. */
function asIso(text: string, dates: 'day-first' | 'month-first'): string {
  const parts = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP]M)?)?$/i.exec(text);
  if (!parts) return text;
  const [, first = '', second = '', year = '', hours = '0', minutes = '00', seconds = '00', half] = parts;
  const [day, month] = dates === 'day-first' ? [first, second] : [second, first];
  const hour = half ? (Number(hours) % 12) + (/p/i.test(half) ? 12 : 0) : Number(hours);
  const two = (value: string | number) => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${minutes}:${seconds}`;
}
