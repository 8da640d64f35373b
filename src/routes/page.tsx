import type { Context } from 'hono';
import { writeCsv } from '#domain/base/csv.ts';
import { InvalidInputError } from '#domain/base/errors.ts';
import type { Page } from '#domain/base/page.ts';
import { renderErrorPage } from '../views/message-page.tsx';
import type { Visit } from '../views/visit.ts';
import type { Result } from '../workspace/result.ts';
import { type HonoEnvironment, unwrap, type WorkspaceCalls } from './workspace-access.ts';

export type PageHandler = (
  c: Context<HonoEnvironment>,
  visit: Visit,
  workspace: WorkspaceCalls,
) => Response | Promise<Response>;

/** Answers a form of ours. `field` reads one of its texts. */
export type FormHandler = (
  c: Context<HonoEnvironment>,
  visit: Visit,
  workspace: WorkspaceCalls,
  field: Field,
) => Response | Promise<Response>;

type Field = (name: string) => string;
type Change = (
  workspace: WorkspaceCalls,
  id: string,
  field: Field,
  c: Context<HonoEnvironment>,
  visit: Visit,
) => Promise<Result<{ id: string }>>;

/** A form of ours that changes a case. It leads to the page of the case that it returns, which tells what was done. */
export const caseForm =
  (change: Change): FormHandler =>
  async (c, visit, workspace, field) => {
    const { id } = unwrap(await change(workspace, idOf(c), field, c, visit));
    const done = c.req.path.split('/').at(-1) ?? '';
    const list = readList(c);
    const query = new URLSearchParams({ done, ...(list && { list }) });
    return c.redirect(`/w/${visit.workspace}/cases/${id}?${query}`, 303);
  };

/** The list that somebody came to a case from: the address names it, and after a form that of the page before. */
export function readList(c: Context<HonoEnvironment>): string {
  const before = c.req.method === 'POST' ? c.req.header('referer') : undefined;
  return c.req.query('list') ?? (before && URL.parse(before)?.searchParams.get('list')) ?? '';
}

/** The path's `:id`. */
export const idOf = (c: Context<HonoEnvironment>): string => c.req.param('id') ?? '';

/** One answer for every link that leads nowhere, so that none shows what exists. */
export const answerDeadLink = (c: Context<HonoEnvironment>) =>
  c.html(
    renderErrorPage(
      'This link does not work',
      'It may be cut off, expired or revoked. Open it from the mail again, or reply to that mail: it reaches a person.',
    ),
    404,
  );

const [rowsPerCall, mostRowsOfFile] = [1000, 20_000];

/** The whole list as a CSV file, where the address asks for one; null for its page. */
export async function answerCsv<Item extends object>(
  c: Context<HonoEnvironment>,
  name: string,
  readPage: (cursor: string | null, limit: number) => Promise<Page<Item>>,
): Promise<Response | null> {
  if (c.req.query('format') !== 'csv') return null;
  const rows: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await readPage(cursor, rowsPerCall);
    rows.push(...page.items);
    cursor = page.next;
    if (rows.length > mostRowsOfFile)
      throw new InvalidInputError(`format: the list has more than ${mostRowsOfFile} rows; narrow it by filters first`);
  } while (cursor !== null);
  return c.body(writeCsv(rows), 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}.csv"`,
  });
}
