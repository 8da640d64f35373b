import { accepts } from 'hono/accepts';
import { writeCsv } from '#domain/base/csv.ts';
import { InvalidInputError } from '#domain/base/errors.ts';
import { Slug } from '#domain/base/names.ts';
import type { Page } from '#domain/base/page.ts';
import { findClosestLanguage, fixedTextLanguages } from '#domain/text/fixed-texts.ts';
import type { WorkspaceCalls } from '../calls.ts';
import { listIssuers } from '../open-id.ts';
import * as views from '../views/index.ts';
import type { PageQuery } from '../workspace/queries/serializers.ts';
import type { HonoContext } from './workspace-access.ts';

export type PageHandler = (
  c: HonoContext,
  visit: views.Visit,
  workspace: WorkspaceCalls,
) => Response | Promise<Response>;

export type FormHandler = (
  ...given: [...Parameters<PageHandler>, field: (name: string) => string]
) => Response | Promise<Response>;

/** The list that somebody came to a case from: the address names it, and after a form that of the page before. */
export function readList(c: HonoContext): string {
  const before = c.req.method === 'POST' ? c.req.header('referer') : undefined;
  return c.req.query('list') ?? (before && URL.parse(before)?.searchParams.get('list')) ?? '';
}

/** The path's `:id`. */
export const idOf = (c: HonoContext): string => c.req.param('id') ?? '';

type SignIn = { title?: string; why?: string; workspace: string | null | undefined; path?: string };

/** The page for people without a session, the same whether or not the workspace exists. It leads back to `path`. */
export const answerWithSignIn = (c: HonoContext, status: 200 | 400 | 401 | 404, { workspace, ...asked }: SignIn) => {
  const form = { workspace: Slug.safeParse(workspace).data ?? null, issuers: listIssuers(c.env) };
  return c.html(<views.SignInPage title="Sign in" path="" {...asked} {...form} />, status);
};

/** One answer for every link that leads nowhere, so that none shows what exists. */
export const answerDeadLink = (c: HonoContext) =>
  c.html(
    <views.DeadLinkPage
      language={accepts(c, {
        header: 'Accept-Language',
        supports: fixedTextLanguages,
        default: 'en',
        match: (spoken) => spoken.flatMap(({ type }) => findClosestLanguage(type, fixedTextLanguages) ?? [])[0] ?? 'en',
      })}
    />,
    404,
  );

const [rowsPerPage, rowsPerCall, mostRowsOfFile] = [50, 1000, 20_000];

const others = new Set(['cursor', 'format', 'ticked', ...Object.keys(views.news)]);

/** What the address of a list narrows it by. */
export const readNarrowing = (c: HonoContext): Record<string, string> =>
  Object.fromEntries(Object.entries(c.req.query()).filter(([name, text]) => text.trim() !== '' && !others.has(name)));

type Shown = ReturnType<typeof views.renderErrorPage>;
type Read<Item> = (page: PageQuery) => Promise<Page<Item>>;

/** One page of a list at a path of the workspace, or all of it as a file with rows for each item. */
export async function answerList<Item extends object>(
  c: HonoContext,
  visit: views.Visit,
  path: string,
  read: Read<Item>,
  show: (list: views.Listed<Item>) => Shown | Promise<Shown>,
  toRows: ((item: Item) => object[]) | null = (item) => [item],
): Promise<Response> {
  const csv = toRows && (await answerCsv(c, path.split('/').at(-1) ?? '', read, toRows));
  if (csv) return csv;
  const cursor = c.req.query('cursor') || null;
  const { items, next } = await read({ cursor, limit: rowsPerPage });
  const url = (more: Record<string, string>) =>
    `/w/${visit.workspace}/${path}?${new URLSearchParams({ ...readNarrowing(c), ...more })}`;
  const hasFile = toRows !== null && (items.length > 0 || next !== null);
  return c.html(await show({ items, cursor, next: next && url({ cursor: next }), hasFile, url }));
}

/** The whole list as a CSV file, where the address asks for one; null for its page. */
export async function answerCsv<Item extends object>(
  c: HonoContext,
  name: string,
  read: Read<Item>,
  toRows: (item: Item) => object[] = (item) => [item],
): Promise<Response | null> {
  if (c.req.query('format') !== 'csv') return null;
  const rows: object[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await read({ cursor, limit: rowsPerCall });
    rows.push(...page.items.flatMap(toRows));
    cursor = page.next;
    if (rows.length > mostRowsOfFile)
      throw new InvalidInputError(`format: the list has more than ${mostRowsOfFile} rows; narrow it by filters first`);
  } while (cursor !== null);
  return c.body(writeCsv(rows), 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}.csv"`,
  });
}
