import { parse, stringify } from 'yaml';
import * as z from 'zod';
import { inspectExamples } from '../inspect-delivery.ts';
import * as views from '../views/index.ts';
import type { ListQuery } from '../workspace/queries/lists.ts';
import * as web from './kit.ts';

const readerOf =
  <Item,>(workspace: web.WorkspaceCalls, query: Omit<ListQuery, keyof web.PageQuery>) =>
  async (page: web.PageQuery) =>
    (await workspace.list({ ...query, ...page })) as web.Page<Item>;

export const showResponses: web.PageHandler = (c, visit, workspace) => {
  const { search = '', ...query } = web.readNarrowing(c);
  const responses = web.validateRequestValue(web.ResponseQuery, query, 'query');
  const attributes = views.readAttributeFilters(visit, query);
  const read = readerOf<views.ResponseJson>(workspace, { what: 'responses', search, responses, attributes });
  return web.answerList(c, visit, 'responses', read, (list) => (
    <views.ResponseListPage {...{ visit, list, search, attributes }} given={responses} />
  ));
};

export const showResponse: web.PageHandler = async (c, visit, workspace) => {
  const response = await workspace.response(web.idOf(c));
  const context = await workspace.responseContext(response.id);
  return c.html(<views.ResponsePage visit={visit} response={response} context={context} />);
};

export const showWords: web.PageHandler = (c, visit, workspace) => {
  const given = web.validateRequestValue(web.WordsQuery, web.readNarrowing(c), 'query');
  const attributes = views.readAttributeFilters(visit, c.req.query());
  const query = { ...given, attributes };
  const show = async (list: views.Listed<views.WordsJson>) => {
    const rising = await workspace.risingTerms(query);
    return <views.WordsPage {...{ visit, list, rising, given, attributes }} />;
  };
  return web.answerList(
    c,
    visit,
    'words',
    (page) => workspace.words({ ...query, ...page }),
    show,
    views.listCommentRows,
  );
};

export const showTriage: web.PageHandler = (c, visit, workspace) => {
  const show = async (list: views.Listed<views.TriageJson>) => {
    const templates = (await workspace.templates()).flatMap(({ name, title, state, action }) =>
      state === 'off' || action === 'notice' ? [] : [[name, title] as [string, string]],
    );
    const { setAside } = (await workspace.home({ group: null, after: 0 })).rail;
    return <views.TriagePage {...{ visit, list, setAside, templates }} />;
  };
  return web.answerList(c, visit, 'triage', workspace.triage, show, null);
};

export const decideTriage: web.FormHandler = async (c, visit, workspace, field) => {
  const responses = [...(await web.readForm(c)).keys()].flatMap((name) =>
    name.startsWith('response.') ? [name.slice('response.'.length)] : [],
  );
  if (responses.length === 0) throw new web.AppError('conflict', 'Tick a response first.');
  if (field('decision') === 'draft')
    return c.redirect(`/w/${visit.workspace}/triage/template?of=${responses.join(',')}`, 303);
  const decision = field('decision') === 'open' ? 'open' : 'dismiss';
  const input = { responses, decision, template: field('template'), reason: field('reason') } as const;
  const { decided, left } = await workspace.decideTriage(input);
  const cursor = c.req.query('cursor');
  const shown = (count: number) => (count > 0 ? `${count}` : null);
  const done = { [decision === 'open' ? 'opened-for' : 'dismissed']: shown(decided), left: shown(left.length) };
  return c.redirect(`/w/${visit.workspace}/triage?${views.toQuery({ ...done, cursor })}`, 303);
};

export const showDeliveries: web.PageHandler = (c, visit, workspace) => {
  const given = web.readNarrowing(c);
  const { data = {}, error } = web.DeliveryQuery.strip().safeParse(given);
  const read = readerOf<views.DeliveryJson>(workspace, { what: 'deliveries', deliveries: data });
  return web.answerList(c, visit, 'deliveries', read, async (list) => {
    const sources = await workspace.sources();
    return <views.DeliveryListPage {...{ visit, list, given, sources }} problem={error?.issues[0]} />;
  });
};

export const showDelivery: web.PageHandler = async (c, visit, workspace) =>
  c.html(<views.DeliveryPage visit={visit} delivery={await workspace.delivery(web.idOf(c))} />);

export const showSources: web.PageHandler = async (c, visit, workspace) =>
  c.html(<views.SourceListPage visit={visit} sources={await workspace.sources()} />);

export const showSource: web.PageHandler = async (c, visit, workspace) => {
  const source = await workspace.source(c.req.param('name') ?? '');
  const name = web.buildSecretVariableName(visit.workspace, 'MAIL_SECRET');
  return c.html(
    <views.SourcePage {...{ visit, source, mailSecret: { name, isSet: Boolean(web.variable(c.env, name)) } }} />,
  );
};

/** Proposes how alerts by mail are read, from two of them, and saves what a person made of the proposal. */
export const readExamples: web.FormHandler = async (c, visit, workspace, field) => {
  const [name, corrected] = [field('name'), field('entry')];
  if (corrected !== '') {
    const entry = web.validateRequestValue(z.record(z.string(), z.unknown()), readEntry(corrected), 'entry');
    const changes = Object.entries(entry).map(([setting, value]) => ({ path: ['sources', name, setting], value }));
    await workspace.changeSettings(visit.workspace, { changes, base: Number(field('base')) });
    return c.redirect(`/w/${visit.workspace}/sources/${encodeURIComponent(name)}`, 303);
  }
  // Only admins go on.
  const { version: base } = await workspace.setUp({});
  const form = await web.readForm(c);
  const files = ['first', 'second'].flatMap((part) => {
    const file = form.get(part);
    return file instanceof File && file.size > 0 ? [file] : [];
  });
  if (files.length === 0) web.refuseField('first', 'is empty; choose an alert with all of its headers');
  const found = await inspectExamples(
    await Promise.all(files.map(async (file) => new Uint8Array(await file.arrayBuffer()))),
  );
  if (!found) throw new web.AppError('conflict', 'These mails cannot be read by example.');
  const proposal = {
    name,
    base: String(base),
    entry: stringify(found.entry, { lineWidth: 0 }),
    answers: found.answered?.answers ?? [],
  };
  return c.html(<views.SourceListPage {...{ visit, sources: await workspace.sources(), proposal }} />);
};

function readEntry(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return web.refuseField('entry', 'is no YAML; write one setting on a line, as in the proposal');
  }
}

export const showCustomers: web.PageHandler = (c, visit, workspace) => {
  const search = c.req.query('search') ?? '';
  const attributes = views.readAttributeFilters(visit, c.req.query());
  const read = readerOf<views.CustomerJson>(workspace, { what: 'customers', search, attributes });
  return web.answerList(c, visit, 'customers', read, (list) => (
    <views.CustomerListPage {...{ visit, list, search, attributes }} />
  ));
};

/** One customer's page. The address names a number, never a person. */
export const showCustomer: web.PageHandler = async (c, visit, workspace) => {
  const customer = await workspace.customer(Number(web.idOf(c)));
  const ledger = visit.may.includes('ledger') ? await workspace.ledger(customer.key) : null;
  return c.html(<views.CustomerPage visit={visit} customer={customer} ledger={ledger} />);
};

const readTickedKeys = async (c: web.HonoContext): Promise<string[]> =>
  [...(await web.readForm(c))].flatMap(([name, key]) =>
    name.startsWith('with.') && typeof key === 'string' ? [key] : [],
  );

export const exportCustomer: web.FormHandler = async (c, _, workspace) => {
  const customer = await workspace.customer(Number(web.idOf(c)));
  const everything = await workspace.exportPerson(customer.key, { with: await readTickedKeys(c) });
  return c.body(JSON.stringify(everything, null, 2), 200, {
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': 'attachment; filename="personal-data.json"',
  });
};

export const eraseCustomer: web.FormHandler = async (c, visit, workspace, field) => {
  if (field('confirm') !== 'erase') throw new web.InvalidInputError('confirm: write “erase” to erase the person');
  const customer = await workspace.customer(Number(web.idOf(c)));
  const erased = await workspace.erasePerson(customer.key, { with: await readTickedKeys(c) });
  return c.html(
    <views.WorkspacePage visit={visit} title="The person is erased" tab="Customers">
      <p>
        Personal data of this person is gone from responses: {erased.responses}, cases: {erased.cases}, mails:{' '}
        {erased.mails}.
      </p>
    </views.WorkspacePage>,
  );
};
