import { readCsv } from '#domain/base/csv.ts';
import { typed } from '#domain/settings/attributes.ts';
import { cut } from '#domain/text/safe-text.ts';
import * as views from '../views/index.ts';
import { importLimit } from './api/intake.ts';
import * as door from './doors.tsx';
import * as web from './kit.ts';

type Call = keyof web.WorkspaceCalls;

interface Posted {
  c: Parameters<web.FormHandler>[0];
  visit: views.Visit;
  workspace: web.WorkspaceCalls;
  param(name: string): string;
  field(name: string): string;
  /** A field that may be empty. */
  optional(name: string): string | null;
  texts<Name extends string>(...names: Name[]): Record<Name, string>;
}

const form = <Name extends Call>(
  path: string,
  operation: Name,
  lead: string | ((posted: Posted, value: web.Value<Name>) => string),
  read: (posted: Posted) => web.Values<Name> | Promise<web.Values<Name>>,
  limit = web.usualLimit,
): door.Route =>
  door.form(
    `/w/:workspace/${path}`,
    operation,
    async (c, visit, workspace, field) => {
      const posted: Posted = {
        ...{ c, visit, workspace, field },
        param: (name) => c.req.param(name) ?? '',
        optional: (name) => field(name) || null,
        texts: (...names) => Object.fromEntries(names.map((name) => [name, field(name)])) as never,
      };
      const value = await web.run(workspace, operation, await read(posted));
      const to = typeof lead === 'string' ? lead : lead(posted, value);
      return c.redirect(`/w/${visit.workspace}${to}`, 303);
    },
    limit,
  );

function toCase({ c }: Posted, { id }: { id: string }): string {
  const done = c.req.path.split('/').at(-1) ?? '';
  const list = web.readList(c);
  return `/cases/${id}?${new URLSearchParams({ done, ...(list && { list }) })}`;
}

type CallOfCase = { [Name in Call]: web.Value<Name> extends { id: string } ? Name : never }[Call];

/** A form on the page of a case; its operation takes the case, and what was read. */
const caseForm = <Name extends CallOfCase>(
  path: string,
  operation: Name,
  read: (posted: Posted) => web.Values<Name>[1] | Promise<web.Values<Name>[1]>,
  limit = web.usualLimit,
) =>
  form(
    `cases/:id/${path}`,
    operation,
    toCase as never,
    async (posted) => [posted.param('id'), await read(posted)] as never,
    limit,
  );

const waitEvents = ['shipped', 'ask anyway', 'ask now'] as const;

const formsOfCases = [
  caseForm('actions/:action', 'act', ({ param, field, optional }) => {
    const action = views.actionDefinitions.find(({ name }) => name === param('action'))?.name;
    if (!action) throw new web.AppError('not-found', 'There is no such action.');
    const [because, rootCause, whatChanged] = [optional('because'), optional('root-cause'), optional('what-changed')];
    const mention = field('mention') ? [field('mention')] : [];
    const how = { once: optional('once'), isUndoable: views.undoableActions.includes(action) };
    return { action, value: field('value'), because, rootCause, whatChanged, mention, ...how };
  }),
  caseForm('undo', 'undo', ({ texts }) => texts('key')),
  caseForm('messages', 'writeToCustomer', ({ field, optional, texts }) => {
    return { to: optional('to'), everybody: field('everybody') === 'yes', ...texts('subject', 'text') };
  }),
  caseForm('closing', 'decideClosing', ({ field, texts }) => {
    const decision = field('decision');
    if (decision === 'ask' || decision === 'leave' || decision === 'count') return { decision };
    if (decision === 'declined') return { decision, ...texts('because') };
    if (decision === 'repeats') return { decision, ...texts('handle') };
    return web.refuseField('decision', 'is none of ask, count, declined, repeats and leave');
  }),
  caseForm('addresses', 'decideAddress', ({ field }) => {
    return { address: Number(field('address')), accept: field('accept') === 'yes' };
  }),
  caseForm('customer', 'nameCustomer', ({ field, optional }) => {
    return { key: field('key'), email: optional('email'), name: optional('name') };
  }),
  caseForm('waiting', 'endWaiting', ({ field }) => {
    return { event: waitEvents.find((event) => event === field('event')) ?? 'ask anyway' };
  }),
  caseForm('plan', 'tickPlan', ({ field }) => {
    return { position: Number(field('position')), done: field('done') === 'yes' };
  }),
  caseForm('acknowledge', 'acknowledge', () => ({ how: 'on the case page' })),
  caseForm('contacted', 'markContacted', ({ field, optional }) => {
    return { how: cut(field('how'), 200) || 'no details', note: field('note'), once: optional('once') };
  }),
  caseForm('contributors', 'invite', ({ texts }) => texts('name', 'email')),
  caseForm('contributors/take-back', 'revokeInvitation', ({ field }) => ({ id: field('invitation') })),
  form('cases/:id/links', 'link', toCase, ({ param, field, optional, texts }) => {
    const kind = (['related', 'parted'] as const).find((name) => name === field('kind')) ?? 'elevated-to';
    return [param('id'), { kind, theme: optional('theme'), ...texts('to', 'reason') }];
  }),
  caseForm('what-changed', 'setWhatChanged', ({ texts }) => texts('text')),
  caseForm('decision', 'decide', ({ texts }) => texts('text')),
  caseForm('decision-owner', 'nameDecisionOwner', ({ texts }) => texts('person')),
  caseForm('measure', 'measure', ({ field, texts }) => {
    const source = field('source') === 'theme-rate' ? 'theme-rate' : 'manual';
    const number = (name: string) => parseNumber(name, field(name));
    const [before, after] = source === 'manual' ? [number('before'), number('after')] : [null, null];
    return { ...texts('name', 'unit'), source, before, after, target: number('target') };
  }),
  caseForm(
    'measure/values',
    'takeMeasureValues',
    async ({ c, field }) => {
      const file = (await web.readForm(c)).get('file');
      const text = file instanceof File && file.size > 0 ? await file.text() : field('values');
      const lines = /^\W*day/i.test(text) ? text : `day,value\n${text}`;
      return { rows: readCsv(new TextEncoder().encode(lines)) };
    },
    importLimit,
  ),
  form('responses/:id/cases', 'openFromResponse', toCase, ({ param, texts }) => [
    param('id'),
    texts('template', 'reason'),
  ]),
  form('templates/:name/cases', 'openByHand', toCase, ({ visit, param, field, optional }) => {
    const attributes = views.furtherAttributes(visit).flatMap(([name, attribute]) => {
      const text = field(`attributes.${name}`);
      return text ? [[name, typed(attribute, text)]] : [];
    });
    const customer = field('key') && {
      ...{ key: field('key'), email: optional('email'), name: optional('name'), revenue: null },
      tier: optional('tier')?.toLowerCase() ?? null,
      attributes: Object.fromEntries(attributes),
    };
    return [{ template: param('name'), customer: customer || null, reason: field('reason'), once: optional('once') }];
  }),
];

function parseNumber(name: string, text: string): number | null {
  if (text === '') return null;
  const value = Number(text.replace(',', '.'));
  if (!Number.isFinite(value)) throw new web.InvalidInputError(`${name}: is not a number: ${text}`);
  return value;
}

const keyOf = async ({ workspace, param }: Posted) => (await workspace.customer(Number(param('id')))).key;
const readReason = async (posted: Posted): Promise<[string, { reason: string }]> => [
  await keyOf(posted),
  posted.texts('reason'),
];
const toCustomer = ({ param }: Posted) => `/customers/${param('id')}`;
const toSource = ({ param }: Posted) => `/sources/${encodeURIComponent(param('name'))}`;
const toDelivery = ({ param }: Posted) => `/deliveries/${encodeURIComponent(param('id'))}?replayed=1`;
const toView = ({ field }: Posted) => `/cases?${field('action') === 'drop' ? '' : field('query')}`;
const toInvited = ({ param }: Posted) => `/people?invited=${encodeURIComponent(param('person'))}`;
const toHeld = ({ param }: Posted, { held }: { held: number }) =>
  held > 0 ? '' : `/templates/${param('name')}?none=1`;
const toPushed = (_: Posted, { version }: web.Value<'push'>) => `/settings/versions?saved=${version}`;
const toReplayed = ({ texts }: Posted, { replayed }: { replayed: number }) => {
  const search = Object.entries(texts('source', 'id', 'error', 'response', 'after', 'before')).filter(
    ([, text]) => text,
  );
  return `/deliveries?${new URLSearchParams([...search, ['replayed', `${replayed}`]])}`;
};
const toEvents = ({ param }: Posted, { replayed, until }: web.Value<'replayEvents'>) =>
  `/settings/events?${new URLSearchParams({ channel: param('name'), posted: `${replayed}`, ...(until && { until }) })}`;

const readDay = (text: string) =>
  web.Instant.safeParse(text).success ? text : web.refuseField('since', 'is no day; choose the day to begin with');

export const forms: door.Route[] = [
  ...formsOfCases,
  form('views', 'saveView', toView, ({ field }) => {
    return [{ name: field('name'), query: field('action') === 'drop' ? null : field('query') }];
  }),
  form('deliveries/replay', 'replay', toReplayed, async ({ c }) => {
    return [web.validateRequestValue(web.DeliveryQuery.strip(), Object.fromEntries(await web.readForm(c)))];
  }),
  form('deliveries/:id/replay', 'replay', toDelivery, ({ param }) => [{ id: param('id') }]),
  form('sources/:name/back-fill', 'backFill', toSource, ({ param, field }) => {
    return [param('name'), { since: readDay(field('since')), forms: [] }];
  }),
  form('sources/:name/questions', 'renameQuestion', toSource, ({ visit, param, field, texts }) => {
    const change = { source: param('name'), base: Number(field('base')), who: visit.person };
    return [visit.workspace, { ...change, ...texts('alias', 'question') }];
  }),
  form('customers/:id/merge', 'mergeKeys', toCustomer, async (posted) => {
    return [{ keys: [await keyOf(posted), posted.field('key')] }];
  }),
  form('customers/:id/part', 'partKey', toCustomer, ({ texts }) => [texts('key')]),
  form('customers/:id/mail-again', 'mailAgain', toCustomer, readReason),
  form('customers/:id/stop-mail', 'stopMail', toCustomer, readReason),
  form('people/:person/mail-again', 'mailAgain', '/people', ({ param, texts }) => [param('person'), texts('reason')]),
  form('people/:person/sign-in-link', 'mailSignInLink', toInvited, ({ visit, param }) => {
    if (Object.hasOwn(visit.people, param('person'))) return [param('person'), {}];
    throw new web.AppError('not-found', 'There is no such person.');
  }),
  form('tokens/:token/revoke', 'revokeToken', '/account', ({ param }) => [param('token'), {}]),
  form('sessions/:session/end', 'endSession', '/account', ({ param }) => [param('session'), {}]),
  form('settings/events/:name', 'replayEvents', toEvents, ({ param, field }) => {
    return [
      param('name'),
      field('since') ? { since: readDay(field('since')) } : { sequence: Number(field('sequence')) },
    ];
  }),
  form('settings/secrets', 'enterSecret', '/settings#secrets', ({ field }) => {
    return [{ name: field('name'), value: field('remove') === 'yes' ? null : field('value') }];
  }),
  form('settings/versions', 'push', toPushed, async ({ visit, workspace, field }) => {
    const { files } = await workspace.settingsAt(Number(field('version')));
    return [visit.workspace, { files, base: Number(field('base')), why: field('why') }];
  }),
  form('templates/:name/held-matches', 'decideHeld', '', ({ param, field }) => {
    return [param('name'), { decision: field('decision') === 'drop' ? 'drop' : 'open' }];
  }),
  form('templates/:name/stored-matches', 'holdStoredMatches', toHeld, ({ param, field }) => {
    return [param('name'), { days: Number(field('days')) }];
  }),
  form('hold/release', 'releaseHold', '/hold', () => [{}]),
];
