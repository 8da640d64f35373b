import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { AppError, InvalidInputError } from '#domain/errors.ts';
import { deploymentOf } from '../deployment.ts';
import type { ListQuery } from '../workspace/views.ts';
import { type AppContext, ensureWorkspace, findWorkspace, hasApiToken, signIn, unwrap } from './context.ts';
import { readBody as read } from './read-body.ts';
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
const Limit = z.coerce.number().int().min(1).max(200).default(50);
const lists = ['cases', 'responses', 'deliveries', 'follow-ups', 'mails'] as const;

const stubOf = async (c: Context<AppContext>) => {
  const found = await findWorkspace(c, c.req.param('workspace') ?? '');
  if (!found) throw new AppError('not-found', 'There is no such workspace.');
  return found;
};

/** The same data and verbs as the pages, as JSON, for programs with the workspace's API token. */
export const api = new Hono<AppContext>()
  .use('/:workspace/*', async (c, next) => {
    if (!hasApiToken(c, c.req.param('workspace')))
      throw new AppError('auth', 'A bearer token of this workspace is wanted.');
    await next();
  })
  .get('/:workspace/settings', async (c) => c.json(unwrap(await (await stubOf(c)).pull())))
  .put('/:workspace/settings', async (c) => {
    const push = read(Push, await c.req.json().catch(() => null));
    const workspace = await ensureWorkspace(c, c.req.param('workspace'));
    return c.json(unwrap(await workspace.push(push)));
  })
  .route('/', templateApi)
  .post('/:workspace/poll', async (c) => c.json(unwrap(await (await stubOf(c)).pollNow()), 202))
  .post('/:workspace/sign-in-links', async (c) => {
    const { person } = read(SignInLink, await c.req.json().catch(() => null));
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
  .get('/:workspace/:what', async (c) => {
    const what = lists.find((one) => one === c.req.param('what'));
    if (!what) throw new AppError('not-found', 'There is no such list.');
    const query: ListQuery = {
      what,
      cursor: c.req.query('cursor') || null,
      limit: read(Limit, c.req.query('limit'), 'limit'),
    };
    return c.json(unwrap(await (await stubOf(c)).list(query)));
  });
