import { parse, stringify } from 'yaml';
import * as z from 'zod';
import { AppError, InvalidInputError } from '#domain/base/errors.ts';
import type { Page } from '#domain/base/page.ts';
import type * as json from '#domain/json/index.ts';
import type { WorkspaceCalls } from '../calls.ts';
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
import type { PageQuery } from '../workspace/queries/serializers.ts';
import { answerList, type FormHandler, idOf, type PageHandler, readNarrowing } from './page.tsx';
import { DeliveryQuery, ResponseQuery, toResponseFilter, toWordsQuery, WordsQuery } from './queries.ts';
import { readForm, validateRequestValue } from './read-body.ts';
import type { HonoContext } from './workspace-access.ts';

const readerOf =
  <Item,>(workspace: WorkspaceCalls, query: Omit<ListQuery, keyof PageQuery>) =>
  async (page: PageQuery) =>
    (await workspace.list({ ...query, ...page })) as Page<Item>;

export const showResponses: PageHandler = (c, visit, workspace) => {
  const { search = '', ...query } = readNarrowing(c);
  const given = validateRequestValue(ResponseQuery, query, 'query');
  const responses = toResponseFilter(given, visit.timeZone);
  const attributes = ui.readAttributeFilters(visit, query);
  const read = readerOf<json.ResponseJson>(workspace, { what: 'responses', search, responses, attributes });
  return answerList(c, visit, 'responses', read, (list) => (
    <ResponseListPage {...{ visit, list, search, given, attributes }} />
  ));
};

export const showResponse: PageHandler = async (c, visit, workspace) => {
  const response = await workspace.response(idOf(c));
  const context = await workspace.responseContext(response.id);
  return c.html(<ResponsePage visit={visit} response={response} context={context} />);
};

export const showWords: PageHandler = (c, visit, workspace) => {
  const given = validateRequestValue(WordsQuery, readNarrowing(c), 'query');
  const attributes = ui.readAttributeFilters(visit, c.req.query());
  const query = { ...toWordsQuery(given), attributes };
  const show = async (list: ui.Listed<json.WordsJson>) => {
    const rising = await workspace.risingTerms(query);
    return <WordsPage {...{ visit, list, rising, given, attributes }} />;
  };
  return answerList(c, visit, 'words', (page) => workspace.words({ ...query, ...page }), show, listCommentRows);
};

export const showTriage: PageHandler = (c, visit, workspace) => {
  const show = async (list: ui.Listed<json.TriageJson>) => {
    const templates = (await workspace.templates()).flatMap(({ name, title, state, action }) =>
      state === 'off' || action === 'notice' ? [] : [[name, title] as [string, string]],
    );
    const { setAside } = (await workspace.home({ group: null, after: 0 })).rail;
    return <TriagePage {...{ visit, list, setAside, templates }} />;
  };
  return answerList(c, visit, 'triage', workspace.triage, show, null);
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
  const { decided, left } = await workspace.decideTriage(input);
  const cursor = c.req.query('cursor');
  const shown = (count: number) => (count > 0 ? `${count}` : null);
  const done = { [decision === 'open' ? 'opened' : 'dismissed']: shown(decided), left: shown(left.length) };
  return c.redirect(`/w/${visit.workspace}/triage?${ui.toQuery({ ...done, cursor })}`, 303);
};

export const showDeliveries: PageHandler = (c, visit, workspace) => {
  const given = readNarrowing(c);
  const { data = {}, error } = DeliveryQuery.strip().safeParse(given);
  const read = readerOf<json.DeliveryJson>(workspace, { what: 'deliveries', deliveries: data });
  return answerList(c, visit, 'deliveries', read, async (list) => {
    const sources = await workspace.sources();
    return <DeliveryListPage {...{ visit, list, given, sources }} problem={error?.issues[0]} />;
  });
};

export const showDelivery: PageHandler = async (c, visit, workspace) =>
  c.html(<DeliveryPage visit={visit} delivery={await workspace.delivery(idOf(c))} />);

export const showSources: PageHandler = async (c, visit, workspace) =>
  c.html(<SourceListPage visit={visit} sources={await workspace.sources()} />);

export const showSource: PageHandler = async (c, visit, workspace) => {
  const source = await workspace.source(c.req.param('name') ?? '');
  const name = buildSecretVariableName(visit.workspace, 'MAIL_SECRET');
  return c.html(<SourcePage {...{ visit, source, mailSecret: { name, isSet: Boolean(variable(c.env, name)) } }} />);
};

/** Proposes how alerts by mail are read, from two of them, and saves what a person made of the proposal. */
export const readExamples: FormHandler = async (c, visit, workspace, field) => {
  const [name, corrected] = [field('name'), field('entry')];
  if (corrected !== '') {
    const entry = validateRequestValue(z.record(z.string(), z.unknown()), readEntry(corrected), 'entry');
    const changes = Object.entries(entry).map(([setting, value]) => ({ path: ['sources', name, setting], value }));
    await workspace.changeSettings(visit.workspace, { changes, base: Number(field('base')) });
    return c.redirect(`/w/${visit.workspace}/sources/${encodeURIComponent(name)}`, 303);
  }
  // Only admins go on.
  const { version: base } = await workspace.setUp({});
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
  return c.html(<SourceListPage {...{ visit, sources: await workspace.sources(), proposal }} />);
};

function readEntry(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return refuseField('entry', 'is no YAML; write one setting on a line, as in the proposal');
  }
}

export const showCustomers: PageHandler = (c, visit, workspace) => {
  const search = c.req.query('search') ?? '';
  const attributes = ui.readAttributeFilters(visit, c.req.query());
  const read = readerOf<json.CustomerJson>(workspace, { what: 'customers', search, attributes });
  return answerList(c, visit, 'customers', read, (list) => (
    <CustomerListPage {...{ visit, list, search, attributes }} />
  ));
};

/** One customer's page. The address names a number, never a person. */
export const showCustomer: PageHandler = async (c, visit, workspace) => {
  const customer = await workspace.customer(Number(idOf(c)));
  const ledger = visit.may.includes('ledger') ? await workspace.ledger(customer.key) : null;
  return c.html(<CustomerPage visit={visit} customer={customer} ledger={ledger} />);
};

const readTickedKeys = async (c: HonoContext): Promise<string[]> =>
  [...(await readForm(c))].flatMap(([name, key]) => (name.startsWith('with.') && typeof key === 'string' ? [key] : []));

export const exportCustomer: FormHandler = async (c, _, workspace) => {
  const customer = await workspace.customer(Number(idOf(c)));
  const everything = await workspace.exportPerson(customer.key, { with: await readTickedKeys(c) });
  return c.body(JSON.stringify(everything, null, 2), 200, {
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': 'attachment; filename="personal-data.json"',
  });
};

export const eraseCustomer: FormHandler = async (c, visit, workspace, field) => {
  if (field('confirm') !== 'erase') throw new InvalidInputError('confirm: write “erase” to erase the person');
  const customer = await workspace.customer(Number(idOf(c)));
  const erased = await workspace.erasePerson(customer.key, { with: await readTickedKeys(c) });
  return c.html(
    <ui.WorkspacePage visit={visit} title="The person is erased" tab="Customers">
      <p>
        {erased.responses} responses, {erased.cases} cases and {erased.mails} mails hold no personal data of this person
        any more.
      </p>
    </ui.WorkspacePage>,
  );
};
