import * as z from 'zod';
import { finishSteps } from '#domain/base/steps.ts';
import * as kit from '../../kit.ts';
import * as table from './columns.ts';
import { knownExports } from './exports.ts';

const Column = z.string().min(1).describe('The name of a column, as it stands in the header of the file');

const Matches = z.record(Column, z.union([z.string(), z.array(z.string())]));

const settings = kit.sourceSettings('csv', {
  secret: kit.SecretName.optional().describe(
    'Name of the secret with which files may be posted to the address of this source; `npm run import` needs none',
  ),
  proof: kit.Proof.refine(({ kind }) => kind !== 'field', 'of a file stands in a header').prefault({
    kind: 'header',
    header: 'x-caselite-secret',
  }),
  columns: z
    .strictObject({
      id: Column.optional().describe('Column of the id; without one, a row with the same cells is the same response'),
      form: Column.optional(),
      'form-title': Column.optional(),
      'submitted-at': Column,
      'updated-at': Column.optional(),
      language: Column.optional(),
      link: Column.optional(),
    })
    .optional()
    .describe('Without them, exports of well-known survey tools are recognised by the names of their columns'),
  'header-rows': z
    .int()
    .min(1)
    .max(3)
    .optional()
    .describe('Rows before the first response, where they are not recognised'),
  'time-zone': z.string().default('UTC').describe('Zone of times without an offset, where the header names none'),
  dates: z
    .enum(['iso', 'day-first', 'month-first'])
    .default('iso')
    .describe(
      'How times are written: day-first (24.11.2026), month-first (11/24/2026), or iso: as 2026-11-24 08:00, else in the order that fits the whole file',
    ),
  types: z
    .record(Column, kit.MappableAnswerType)
    .default({})
    .describe('Types of columns whose cells are more than text and scores'),
  separator: z.string().min(1).default(', ').describe('Text between several choices in one cell'),
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

export const csv = kit.surveySource({
  kind: 'csv',
  title: 'CSV files',
  settings,
  adviceWithoutBackFill: 'Import the newest file again: what is stored already stays as it is.',
  files: {
    countHeaderRows: table.countHeaderRows,
    read: readFile,
  },
  ...kit.createProofHandlers(() => 'text/csv'),
  parse: (delivery, given) => ({ kind: 'rows', rows: finishSteps(readFile(delivery, given)) }),
});

function* readFile({ body, receivedAt }: kit.RawDelivery, given: CsvSettings): Generator<void, kit.ResponseRow[]> {
  const all = yield* kit.readCsvSteps(body);
  const { columns, rows } = table.readColumns(
    all,
    given['header-rows'] ?? table.countHeaderRows(all.map(({ cells }) => cells)),
  );
  const layout = yield* createLayout(columns, rows, given);
  const problems: kit.Problem[] = [];
  const responses: kit.ResponseRow[] = [];
  for (const row of rows) {
    responses.push(...readResponseRow(layout, row, given, receivedAt, problems));
    yield;
  }
  problems.push(...findRepeatedIds(layout, rows));
  if (problems.length > 0) throw kit.refused(problems);
  return responses;
}

type Role = 'id' | 'form' | 'form-title' | 'submitted-at' | 'updated-at' | 'language' | 'link' | 'started-at';

interface Column extends table.FileColumn, table.CellType {
  isAside: boolean;
}

interface Layout {
  columns: Column[];
  /** Ids of the columns, for messages. */
  ids: string[];
  roles: Partial<Record<Role, table.FileColumn>>;
  orders: Partial<Record<Role, kit.DateOrder | null>>;
  firstLine: number | undefined;
  hasUnfinished: boolean;
  test: z.output<typeof Matches>;
  partial: z.output<typeof Matches>;
}

const timeRoles = ['submitted-at', 'updated-at', 'started-at'] as const;

function* createLayout(found: table.FileColumn[], rows: kit.CsvRow[], given: CsvSettings): Generator<void, Layout> {
  const find = (name: string) =>
    found.find(({ id, names }) => id === name || names.includes(name)) ??
    found.find(({ id }) => id.toLowerCase() === name.toLowerCase());
  const findAny = (names: string[]) => names.map(find).find((column) => column !== undefined);
  const known = given.columns
    ? undefined
    : knownExports.find(({ columns: { id, 'submitted-at': at } }) => findAny(at) && (!id || findAny(id)));
  const ids = found.map(({ id }) => id);
  const list = ids.join(', ');
  const unknown = `is missing, and the file is no export that is known; name the column with the time of each response: ${list}`;
  if (!given.columns && !known) throw kit.refused([{ field: 'columns.submitted-at', message: unknown }]);
  const wanted = Object.entries<string | string[] | undefined>(given.columns ?? known?.columns ?? {});
  const roles: Layout['roles'] = Object.fromEntries(
    wanted.map(([role, names = []]) => [role, findAny([names].flat())]),
  );
  const missing = Object.entries(given.columns ?? {}).filter(([role, name]) => name && !roles[role as Role]);
  if (missing.length > 0)
    throw kit.refused(
      missing.map(([role, column]) => ({
        field: `columns.${role}`,
        message: `is ${column}, but the file has no such column; it has ${list}`,
      })),
    );
  const cellsOf = ({ index }: table.FileColumn) => rows.map(({ cells }) => (cells[index] ?? '').trim());
  const hidden = Object.values(given.respondent).flatMap((path) => path?.match(/^hidden\.(.+)$/)?.[1] ?? []);
  const aside = [...[...given.ignore, ...(known?.ignore ?? []), ...hidden].map(find), ...Object.values(roles)];
  const columns: Column[] = [];
  for (const column of found) {
    const type = Object.entries(given.types).find(([name]) => find(name) === column)?.[1] ?? null;
    const hasDecimalComma = table.isDecimalCommaColumn(cellsOf(column));
    columns.push({ ...column, type, separator: given.separator, hasDecimalComma, isAside: aside.includes(column) });
    yield;
  }
  const orders: Layout['orders'] = {};
  for (const role of timeRoles) {
    const column = roles[role];
    if (column) orders[role] = yield* table.findDateOrder(cellsOf(column), given.dates, known?.dates);
  }
  return {
    columns,
    ids,
    roles,
    orders,
    firstLine: rows.length > 1 ? rows[0]?.line : undefined,
    hasUnfinished: known?.columns['started-at'] !== undefined,
    test: { ...known?.test, ...given.test },
    partial: { ...known?.partial, ...given.partial },
  };
}

function readResponseRow(
  { columns, ids, roles, orders, firstLine, hasUnfinished, test, partial }: Layout,
  { line, cells }: kit.CsvRow,
  given: CsvSettings,
  receivedAt: number,
  problems: kit.Problem[],
): kit.ResponseRow[] {
  const values = columns.map((column): [Column, string] => [column, (cells[column.index] ?? '').trim()]);
  const filled = values.filter(([, text]) => text !== '');
  const cell = (role: Role) => filled.find(([{ index }]) => index === roles[role]?.index)?.[1] ?? null;
  const isOne = (matches: z.output<typeof Matches>) =>
    values.some(([{ id, names }, text]) =>
      [id, ...names].some((name) => Object.hasOwn(matches, name) && [matches[name]].flat().includes(text)),
    );
  if (isOne(test)) return [];
  const wrong = (column: table.FileColumn | undefined, message: string) =>
    problems.push(kit.createCellProblem({ line, column: (column?.index ?? 0) + 1 }, ids, message));
  const time = (role: Role) => {
    const [column, text] = [roles[role], cell(role)];
    if (!column || text === null) return null;
    const order = orders[role] ?? null;
    const at = order && kit.instant(text, column.zone ?? given['time-zone'], order);
    const header = line === firstLine ? '; set header-rows: 2 where this line belongs to the header' : '';
    if (order === null) wrong(column, 'may be day-first or month-first; set dates: day-first or dates: month-first');
    else if (at === null) wrong(column, `is not a time such as ${examples[order]}${header}`);
    return at;
  };
  const isUndated = cell('submitted-at') === null;
  const startedAt = isUndated ? time('started-at') : null;
  const submittedAt = time('submitted-at') ?? startedAt;
  if (isUndated && startedAt === null && !hasUnfinished)
    wrong(roles['submitted-at'], 'is empty; every response needs its time');
  const id = cell('id');
  if (roles.id && id === null) wrong(roles.id, 'is empty; every response needs its id');
  if (id && /^\d+([.,]\d+)?E\+\d+$/i.test(id))
    wrong(roles.id, `is ${id}, which a spreadsheet made of a longer id; export again, and import the file unopened`);
  const isPartial = isUndated || isOne(partial);
  const answers = filled.flatMap(([column, text]): kit.IncomingAnswer[] => {
    const { id: columnId, names, title, part, isAside } = column;
    if (isAside || part?.label === text) return [];
    const read = table.readCell(text, column);
    if (typeof read !== 'string') return kit.answered({ id: columnId, names, title }, read.type, read.value);
    wrong(column, read);
    return [];
  });
  return [
    {
      line,
      cells: filled.map(([column, text]): [string, string] => [column.id, text]).sort(([a], [b]) => (a < b ? -1 : 1)),
      response: {
        form: cell('form') ?? 'default',
        formTitle: cell('form-title'),
        responseId: id,
        revision: kit.computeRevision(time('updated-at') ?? submittedAt, isPartial),
        submittedAt: submittedAt ?? receivedAt,
        partial: isPartial,
        language: cell('language'),
        answers: [...answers, ...gatherTicks(filled.filter(([{ isAside }]) => !isAside))],
        hidden: new Map(filled.map(([column, text]) => [column.id, text])),
        notes: submittedAt === null ? ['the file holds no time for it: the time of the import counts'] : [],
        link: kit.toHttpsLink(cell('link')),
      },
    },
  ];
}

function gatherTicks(filled: [table.FileColumn, string][]): kit.IncomingAnswer[] {
  const ticked = filled.filter(([{ part }, text]) => part?.label === text);
  return [...Map.groupBy(ticked, ([{ part }]) => part?.heading ?? '')].flatMap(([title, ticks]) => {
    const texts = ticks.map(([, text]) => text);
    return kit.answered({ id: title, names: [], title }, 'choices', texts);
  });
}

/** Rows with the id of an earlier row and other cells: two people, or two states without the time of the change. */
function findRepeatedIds({ columns, ids, roles }: Layout, rows: kit.CsvRow[]): kit.Problem[] {
  const { id, form, 'updated-at': updatedAt } = roles;
  if (!id || updatedAt) return [];
  const firsts = new Map<string, kit.CsvRow>();
  return rows.flatMap((row) => {
    const key = JSON.stringify([id, form].map((column) => column && row.cells[column.index]));
    const first = firsts.get(key);
    if (!first) firsts.set(key, row);
    if (!first || columns.every(({ index }) => first.cells[index] === row.cells[index])) return [];
    const message = `has the id of line ${first.line} and other cells; correct one of them, or name the time of the change as columns.updated-at`;
    return [kit.createCellProblem({ line: row.line, column: id.index + 1 }, ids, message)];
  });
}
