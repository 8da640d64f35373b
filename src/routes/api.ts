import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { readCsv } from '#domain/base/csv.ts';
import { AppError, InvalidInputError } from '#domain/base/errors.ts';
import { readCustomerFile } from '#domain/responses/customer-file.ts';
import { deploymentOf } from '../deployment.ts';
import type { ListQuery } from '../workspace/queries/lists.ts';
import { actionApi } from './action-api.ts';
import { type AppContext, ensureWorkspace, hasApiToken, signIn, stubOf, unwrap } from './context.ts';
import { BackFillBody, CustomersBody, DeliveryQuery, filterOf, ReplayBody } from './intake-shapes.ts';
import { peopleApi } from './people-api.ts';
import { atMost, bodyOf, readBody as read } from './read-body.ts';
import { strategicApi } from './strategic-api.ts';
import { templateApi } from './template-api.ts';

const Push = z.strictObject({
  files: z
    .array(
      z.strictObject({
        kind: z.enum(['workspace', 'case-template', 'survey']),
        name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
        text: z.string().max(200_000),
      }),
    )
    .min(1)
    .max(500),
  base: z.int().nullable().default(null),
  author: z.string().min(1).max(100).default('the command line'),
});

const SignInLink = z.strictObject({ person: z.string() });
/** By key or address, in the body: an address of a page or a log line names nobody. */
const PersonBody = z.strictObject({
  person: z.string().min(1, 'is empty; give a customer key or an e-mail address').max(300),
  who: z.string().min(1).max(100).default('the API'),
});
const MailAgainBody = PersonBody.extend({ reason: z.string().max(1000) });
const ClosingBody = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('ask'), who: z.string() }),
  z.strictObject({ decision: z.literal('declined'), because: z.string(), who: z.string() }),
  z.strictObject({ decision: z.literal('repeats'), handle: z.string(), who: z.string() }),
  z.strictObject({ decision: z.literal('leave'), who: z.string() }),
]);
const MessageBody = z.strictObject({
  subject: z.string(),
  text: z.string(),
  who: z.string().default('the API'),
});
const RowNumber = z.coerce.number().int().min(1);
const Limit = z.coerce.number().int().min(1).max(200).default(50);
const lists = [
  'cases',
  'responses',
  'deliveries',
  'follow-ups',
  'mails',
  'customers',
  'invitations',
  'resurveys',
] as const;
const isCsv = (c: Context<AppContext>) => /^text\/csv\b/i.test(c.req.header('content-type') ?? '');

/** The same data and operations as the pages, as JSON, for programs with the workspace's API token. */
export const api = new Hono<AppContext>()
  .use('/:workspace/*', async (c, next) => {
    if (!hasApiToken(c, c.req.param('workspace')))
      throw new AppError('auth', 'A bearer token of this workspace is wanted.');
    await next();
    c.header('cache-control', 'no-store');
  })
  .use('/:workspace/cases/:id/*', async (c, next) => {
    const id = c.req.param('id');
    if (/^c-\d+$/i.test(id)) {
      throw new AppError(
        'not-found',
        `Cases go by their "id" here, as the list of cases tells it, not by ${id}.`,
      );
    }
    await next();
  })
  .get('/:workspace/settings', async (c) => c.json(unwrap(await (await stubOf(c)).pull())))
  .put('/:workspace/settings', async (c) => {
    const push = await bodyOf(c, Push);
    const name = c.req.param('workspace');
    const workspace = await ensureWorkspace(c, name);
    return c.json(unwrap(await workspace.push(name, push)));
  })
  .route('/', templateApi)
  .route('/', strategicApi)
  .route('/', peopleApi)
  .route('/', actionApi)
  .post('/:workspace/poll', async (c) => c.json(unwrap(await (await stubOf(c)).pollNow()), 202))
  .post('/:workspace/sign-in-links', async (c) => {
    const { person } = await bodyOf(c, SignInLink);
    const { people } = unwrap(await (await stubOf(c)).about());
    if (!Object.hasOwn(people, person)) {
      throw new InvalidInputError(`person: names nobody under people of the workspace file: ${person}`);
    }
    const token = signIn(c, 'sign-in', c.req.param('workspace'), person);
    return c.json({ url: `${deploymentOf(c.env).publicUrl}/sign-in/${token}` }, 201);
  })
  .get('/:workspace/cases/:id', async (c) => c.json(unwrap(await (await stubOf(c)).case(c.req.param('id')))))
  .get('/:workspace/responses/:id', async (c) =>
    c.json(unwrap(await (await stubOf(c)).response(c.req.param('id')))),
  )
  .get('/:workspace/deliveries/:id', async (c) =>
    c.json(unwrap(await (await stubOf(c)).delivery(c.req.param('id')))),
  )
  .post('/:workspace/deliveries/replay', async (c) => {
    const filter = filterOf(await bodyOf(c, ReplayBody));
    return c.json(unwrap(await (await stubOf(c)).replay(filter)), 202);
  })
  .post('/:workspace/deliveries/:id/replay', async (c) =>
    c.json(unwrap(await (await stubOf(c)).replay({ id: c.req.param('id') })), 202),
  )
  .get('/:workspace/sources', async (c) =>
    c.json({ items: unwrap(await (await stubOf(c)).sources()), next: null }),
  )
  .get('/:workspace/sources/:name', async (c) =>
    c.json(unwrap(await (await stubOf(c)).source(c.req.param('name')))),
  )
  .post('/:workspace/sources/:name/back-fill', async (c) => {
    const { since, forms } = await bodyOf(c, BackFillBody);
    const input = { since: Date.parse(since), forms };
    return c.json(unwrap(await (await stubOf(c)).backFill(c.req.param('name'), input)), 202);
  })
  .post('/:workspace/sources/:name/import', atMost(1, 'import the file in parts'), async (c) => {
    const file = { body: new Uint8Array(await c.req.arrayBuffer()), contentType: 'text/csv' };
    return c.json(unwrap(await (await stubOf(c)).importFile(c.req.param('name'), file)), 202);
  })
  .put('/:workspace/customers', atMost(8, 'send the list in parts'), async (c) => {
    const customers = isCsv(c)
      ? readCustomerFile(readCsv(new Uint8Array(await c.req.arrayBuffer())))
      : (await bodyOf(c, CustomersBody)).customers;
    return c.json(unwrap(await (await stubOf(c)).putCustomers(customers)));
  })
  .post('/:workspace/cases/:id/messages', async (c) => {
    const message = await bodyOf(c, MessageBody);
    return c.json(unwrap(await (await stubOf(c)).writeToCustomer(c.req.param('id'), message)), 202);
  })
  .post('/:workspace/cases/:id/closing', async (c) => {
    const { who, ...input } = await bodyOf(c, ClosingBody);
    return c.json(unwrap(await (await stubOf(c)).decideClosing(c.req.param('id'), input, who)));
  })
  .get('/:workspace/ledger/:key', async (c) =>
    c.json(unwrap(await (await stubOf(c)).ledger(c.req.param('key')))),
  )
  .get('/:workspace/cases/:id/signs', async (c) =>
    c.json({ items: unwrap(await (await stubOf(c)).closureWarningsOfCase(c.req.param('id'))), next: null }),
  )
  .get('/:workspace/customers/:id', async (c) =>
    c.json(unwrap(await (await stubOf(c)).customer(read(RowNumber, c.req.param('id'), 'id')))),
  )
  .post('/:workspace/people-data/export', async (c) => {
    const { person } = await bodyOf(c, PersonBody);
    return c.json(unwrap(await (await stubOf(c)).exportPerson(person)));
  })
  .post('/:workspace/people-data/mail-again', async (c) => {
    const { person, ...input } = await bodyOf(c, MailAgainBody);
    return c.json({ ledger: unwrap(await (await stubOf(c)).mailAgain(person, input)) });
  })
  .post('/:workspace/people-data/erase', async (c) => {
    const { person, who } = await bodyOf(c, PersonBody);
    return c.json(unwrap(await (await stubOf(c)).erasePerson(person, who)));
  })
  .get('/:workspace/reports/loops', async (c) => {
    const days = Number(c.req.query('days') ?? 90);
    return c.json(unwrap(await (await stubOf(c)).loopReport(days)));
  })
  .get('/:workspace/:what', async (c) => {
    const what = lists.find((list) => list === c.req.param('what'));
    if (!what) throw new AppError('not-found', 'There is no such list.');
    const query: ListQuery = {
      what,
      cursor: c.req.query('cursor') || null,
      limit: read(Limit, c.req.query('limit'), 'limit'),
      search: c.req.query('search') ?? '',
      deliveries: filterOf(read(DeliveryQuery, what === 'deliveries' ? c.req.query() : {}, 'query')),
    };
    return c.json(unwrap(await (await stubOf(c)).list(query)));
  });
