import type { Context } from 'hono';
import { parse, stringify } from 'yaml';
import * as z from 'zod';
import { AppError, InvalidInputError } from '#domain/base/errors.ts';
import type * as json from '#domain/json/index.ts';
import { variable } from '../deployment.ts';
import { inspectExamples } from '../inspect-delivery.ts';
import { CustomerListPage, CustomerPage } from '../views/customer-pages.tsx';
import { DeliveryListPage, DeliveryPage } from '../views/delivery-pages.tsx';
import * as ui from '../views/kit.ts';
import { ResponseListPage, ResponsePage } from '../views/response-pages.tsx';
import { SourceListPage, SourcePage } from '../views/source-pages.tsx';
import { TriagePage } from '../views/triage-page.tsx';
import { listCommentRows, WordsPage } from '../views/words-page.tsx';
import { buildSecretVariableName } from '../wiring.ts';
import { refuseField } from '../workspace/basics/case-operation.ts';
import type { ListQuery } from '../workspace/queries/lists.ts';
import { DeliveryQuery, toDeliveryFilter } from './delivery-query.ts';
import { answerCsv, type FormHandler, idOf, type PageHandler } from './page.tsx';
import { readForm, validateRequestValue } from './read-body.ts';
import { ResponseQuery, toResponseFilter, toWordsQuery, WordsQuery } from './report-query.ts';
import { type HonoEnvironment, unwrap, type WorkspaceCalls } from './workspace-access.ts';

const entriesPerPage = 50;

const answerListCsv = (
  c: Context<HonoEnvironment>,
  workspace: WorkspaceCalls,
  query: Omit<ListQuery, 'cursor' | 'limit'>,
) => answerCsv(c, query.what, async (cursor, limit) => unwrap(await workspace.list({ ...query, cursor, limit })));

export const showResponses: PageHandler = async (c, visit, workspace) => {
  const cursor = c.req.query('before') || null;
  const search = c.req.query('search') ?? '';
  const given = validateRequestValue(ResponseQuery, c.req.query(), 'query');
  const attributes = ui.readAttributeFilters(visit, c.req.query());
  const query = { what: 'responses', search, attributes, responses: toResponseFilter(given, visit.timeZone) } as const;
  const csv = await answerListCsv(c, workspace, query);
  if (csv) return csv;
  const { items, next } = unwrap(await workspace.list({ ...query, cursor, limit: entriesPerPage }));
  const responses = items.filter((item): item is json.ResponseJson => 'decisions' in item);
  return c.html(
    <ResponseListPage {...{ visit, responses, next, search, given, attributes }} newest={cursor === null} />,
  );
};

export const showResponse: PageHandler = async (c, visit, workspace) => {
  const response = unwrap(await workspace.response(idOf(c)));
  const context = unwrap(await workspace.responseContext(response.id));
  return c.html(<ResponsePage visit={visit} response={response} context={context} />);
};

/** What respondents wrote. The terms stand on the first page alone. */
export const showWords: PageHandler = async (c, visit, workspace) => {
  const given = validateRequestValue(WordsQuery, c.req.query(), 'query');
  const attributes = ui.readAttributeFilters(visit, c.req.query());
  const query = { ...toWordsQuery(given), attributes };
  const read = async (cursor: string | null, limit: number) =>
    unwrap(await workspace.words({ ...query, cursor, limit }));
  const csv = await answerCsv(c, 'words', async (from, limit) => {
    const { items, next } = await read(from, limit);
    return { items: items.flatMap(listCommentRows), next };
  });
  if (csv) return csv;
  const cursor = c.req.query('cursor') || null;
  const page = await read(cursor, entriesPerPage);
  const rising = unwrap(await workspace.risingTerms(query));
  return c.html(<WordsPage {...{ visit, page, rising, given, attributes, cursor }} />);
};

export const showTriage: PageHandler = async (c, visit, workspace) => {
  const cursor = c.req.query('before') || null;
  const { items, next } = unwrap(await workspace.triage({ cursor, limit: entriesPerPage }));
  const templates = unwrap(await workspace.templates()).flatMap(({ name, title, state, action }): [string, string][] =>
    state === 'off' || action === 'notice' ? [] : [[name, title]],
  );
  const { setAside } = unwrap(await workspace.home({ group: null, after: 0 })).rail;
  const [opened, dismissed, left] = ['opened', 'dismissed', 'left'].map((name) => Number(c.req.query(name)) || 0);
  return c.html(<TriagePage {...{ visit, items, next, cursor, setAside, templates, opened, dismissed, left }} />);
};

export const decideTriage: FormHandler = async (c, visit, workspace, field) => {
  const responses = [...(await readForm(c)).keys()].flatMap((name) =>
    name.startsWith('response.') ? [name.slice('response.'.length)] : [],
  );
  if (responses.length === 0) throw new AppError('conflict', 'Tick a response first.');
  if (field('decision') === 'draft')
    return c.redirect(`/w/${visit.workspace}/triage/template?of=${responses.join(',')}`, 303);
  const decision = field('decision') === 'open' ? 'open' : 'dismiss';
  const input = { responses, decision, template: field('template'), reason: field('reason') } as const;
  const { decided, left } = unwrap(await workspace.decideTriage(input));
  const before = c.req.query('before');
  const done = { [decision === 'open' ? 'opened' : 'dismissed']: `${decided}`, left: `${left.length}` };
  return c.redirect(`/w/${visit.workspace}/triage?${new URLSearchParams({ ...done, ...(before && { before }) })}`, 303);
};

export const showDeliveries: PageHandler = async (c, visit, workspace) => {
  const read = DeliveryQuery.strip().safeParse(c.req.query());
  const query = read.success ? read.data : {};
  const cursor = c.req.query('cursor') || null;
  const wanted = { what: 'deliveries', deliveries: toDeliveryFilter(query) } as const;
  const csv = await answerListCsv(c, workspace, wanted);
  if (csv) return csv;
  const [listed, sources] = await Promise.all([
    workspace.list({ ...wanted, cursor, limit: entriesPerPage }),
    workspace.sources(),
  ]);
  const { items, next } = unwrap(listed);
  const list = {
    deliveries: items.filter((item): item is json.DeliveryJson => 'verified' in item),
    search: { query: c.req.query(), problem: read.success ? null : (read.error.issues[0] ?? null) },
    sources: unwrap(sources),
    next,
    replayed: c.req.query('replayed') ?? null,
  };
  return c.html(<DeliveryListPage visit={visit} {...list} />);
};

export const showDelivery: PageHandler = async (c, visit, workspace) =>
  c.html(<DeliveryPage visit={visit} delivery={unwrap(await workspace.delivery(idOf(c)))} />);

export const replayMatchingDeliveries: PageHandler = async (c, visit, workspace) => {
  const form = Object.fromEntries(
    [...(await readForm(c))].filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
  const read = DeliveryQuery.strip().safeParse(form);
  if (!read.success)
    throw new InvalidInputError(
      read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; '),
    );
  const { id: _, ...query } = read.data;
  const { replayed } = unwrap(await workspace.replay(toDeliveryFilter(query)));
  const back = new URLSearchParams({ ...form, replayed: String(replayed) });
  return c.redirect(`/w/${visit.workspace}/deliveries?${back}`, 303);
};

export const replayDelivery: PageHandler = async (c, visit, workspace) => {
  const id = idOf(c);
  unwrap(await workspace.replay({ id }));
  return c.redirect(`/w/${visit.workspace}/deliveries/${encodeURIComponent(id)}`, 303);
};

export const showSources: PageHandler = async (c, visit, workspace) =>
  c.html(<SourceListPage visit={visit} sources={unwrap(await workspace.sources())} />);

export const showSource: PageHandler = async (c, visit, workspace) => {
  const source = unwrap(await workspace.source(c.req.param('name') ?? ''));
  const name = buildSecretVariableName(visit.workspace, 'MAIL_SECRET');
  return c.html(<SourcePage {...{ visit, source, mailSecret: { name, isSet: Boolean(variable(c.env, name)) } }} />);
};

/** Proposes how alerts by mail are read, from two of them, and saves what a person made of the proposal. */
export const readExamples: FormHandler = async (c, visit, workspace, field) => {
  const [name, corrected] = [field('name'), field('entry')];
  if (corrected !== '') {
    const entry = validateRequestValue(z.record(z.string(), z.unknown()), readEntry(corrected), 'entry');
    const changes = Object.entries(entry).map(([setting, value]) => ({ path: ['sources', name, setting], value }));
    unwrap(await workspace.changeSettings(visit.workspace, { changes, base: Number(field('base')) }));
    return c.redirect(`/w/${visit.workspace}/sources/${encodeURIComponent(name)}`, 303);
  }
  // Only admins go on.
  const { version: base } = unwrap(await workspace.setUp({}));
  const form = await readForm(c);
  const files = ['first', 'second'].flatMap((part) => {
    const file = form.get(part);
    return file instanceof File && file.size > 0 ? [file] : [];
  });
  if (files.length === 0) refuseField('first', 'is empty; choose an alert with all of its headers');
  const found = await inspectExamples(
    await Promise.all(files.map(async (file) => new Uint8Array(await file.arrayBuffer()))),
  );
  if (!found) throw new AppError('conflict', 'These mails cannot be read by example.');
  const proposal = {
    name,
    base: String(base),
    entry: stringify(found.entry, { lineWidth: 0 }),
    answers: found.answered?.answers ?? [],
  };
  return c.html(<SourceListPage {...{ visit, sources: unwrap(await workspace.sources()), proposal }} />);
};

function readEntry(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return refuseField('entry', 'is no YAML; write one setting on a line, as in the proposal');
  }
}

export const backFill: FormHandler = async (c, visit, workspace, field) => {
  const name = c.req.param('name') ?? '';
  const since = Date.parse(field('since'));
  if (Number.isNaN(since)) throw new InvalidInputError('since: choose the day to begin with');
  unwrap(await workspace.backFill(name, { since, forms: [] }));
  return c.redirect(`/w/${visit.workspace}/sources/${encodeURIComponent(name)}`, 303);
};

export const renameQuestion: FormHandler = async (c, visit, workspace, field) => {
  const source = c.req.param('name') ?? '';
  const [alias, question] = [field('alias'), field('question')];
  const base = Number(field('base'));
  unwrap(await workspace.renameQuestion(visit.workspace, { source, alias, question, base, who: visit.person }));
  return c.redirect(`/w/${visit.workspace}/sources/${encodeURIComponent(source)}`, 303);
};

export const showCustomers: PageHandler = async (c, visit, workspace) => {
  const search = c.req.query('search') ?? '';
  const attributes = ui.readAttributeFilters(visit, c.req.query());
  const cursor = c.req.query('cursor') || null;
  const query = { what: 'customers', search, attributes } as const;
  const csv = await answerListCsv(c, workspace, query);
  if (csv) return csv;
  const { items, next } = unwrap(await workspace.list({ ...query, cursor, limit: entriesPerPage }));
  const customers = items.filter((item): item is json.CustomerJson => 'isListed' in item);
  const listed = Number(c.req.query('listed')) || 0;
  return c.html(<CustomerListPage {...{ visit, customers, search, attributes, next, listed }} />);
};

/** One customer's page. The address names a number, never a person. */
export const showCustomer: PageHandler = async (c, visit, workspace) => {
  const customer = unwrap(await workspace.customer(Number(idOf(c))));
  const ledger = visit.may.includes('ledger') ? unwrap(await workspace.ledger(customer.key)) : null;
  return c.html(<CustomerPage visit={visit} customer={customer} ledger={ledger} />);
};

const readTickedKeys = async (c: Context<HonoEnvironment>): Promise<string[]> =>
  [...(await readForm(c))].flatMap(([name, key]) => (name.startsWith('with.') && typeof key === 'string' ? [key] : []));

export const exportCustomer: FormHandler = async (c, _, workspace) => {
  const customer = unwrap(await workspace.customer(Number(idOf(c))));
  const everything = unwrap(await workspace.exportPerson(customer.key, { with: await readTickedKeys(c) }));
  return c.body(JSON.stringify(everything, null, 2), 200, {
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': 'attachment; filename="personal-data.json"',
  });
};

export const allowCustomerMail: FormHandler = async (c, visit, workspace, field) => {
  const customer = unwrap(await workspace.customer(Number(idOf(c))));
  unwrap(await workspace.mailAgain(customer.key, { reason: field('reason') }));
  return c.redirect(`/w/${visit.workspace}/customers/${customer.id}`, 303);
};

export const eraseCustomer: FormHandler = async (c, visit, workspace, field) => {
  if (field('confirm') !== 'erase') throw new InvalidInputError('confirm: write “erase” to erase the person');
  const customer = unwrap(await workspace.customer(Number(idOf(c))));
  const erased = unwrap(await workspace.erasePerson(customer.key, { with: await readTickedKeys(c) }));
  return c.html(
    <ui.WorkspacePage visit={visit} title="The person is erased" tab="Customers">
      <p>
        {erased.responses} responses, {erased.cases} cases and {erased.mails} mails hold no personal data of this person
        any more.
      </p>
    </ui.WorkspacePage>,
  );
};

export const mergeCustomer: FormHandler = async (c, visit, workspace, field) => {
  const customer = unwrap(await workspace.customer(Number(idOf(c))));
  unwrap(await workspace.mergeKeys({ keys: [customer.key, field('key')] }));
  return c.redirect(`/w/${visit.workspace}/customers/${customer.id}`, 303);
};

export const partCustomer: FormHandler = async (c, visit, workspace, field) => {
  const customer = unwrap(await workspace.customer(Number(idOf(c))));
  unwrap(await workspace.partKey({ key: field('key') }));
  return c.redirect(`/w/${visit.workspace}/customers/${customer.id}`, 303);
};
