import { execute, type GraphQLError, parse, validate } from 'graphql';
import { type Context, Hono } from 'hono';
import { linearSchema } from '#adapters/trackers/linear/emulator/build-schema.ts';
import { dayMs } from '#domain/time/units.ts';
import type { TrackerUser } from '../../../emulators/tracker-user.ts';
import { complexityOf } from './complexity.ts';
import { invalid, unauthenticated } from './errors.ts';
import { issuePage } from './page.ts';
import { createRoot } from './resolvers.ts';
import { type LinearSeed, type LinearState, seedState } from './state.ts';
import { createTrackerUser } from './tracker-user.ts';

export type { LinearSeed, LinearState } from './state.ts';

const tokenMs = 30 * dayMs;
const mostComplex = 10_000;

/** An in-memory Linear workspace: its GraphQL API under `/graphql`, and a page for each issue. */
export function createLinear(options: {
  now(): number;
  /** Address of `app`, without a slash at the end. */
  baseUrl: string;
  seed: LinearSeed;
  state?: LinearState;
}): { app: Hono; state: LinearState; trackerUser: TrackerUser } {
  const state = options.state ?? seedState(options.seed, options.now());
  const app = new Hono();

  app.use(async (c, next) => {
    await next();
    c.header('date', new Date(options.now()).toUTCString());
  });

  app.post('/oauth/token', async (c) => {
    const form = new URLSearchParams(await c.req.text());
    const { client } = state;
    if (!client || form.get('client_id') !== client.id || form.get('client_secret') !== client.secret) {
      return c.json({ error: 'invalid_client', error_description: 'No such client.' }, 401);
    }
    state.counter += 1;
    client.token = `lin_oauth_${options.now()}_${state.counter}`;
    client.until = options.now() + tokenMs;
    return c.json({
      access_token: client.token,
      token_type: 'Bearer',
      expires_in: tokenMs / 1000,
      scope: 'read write',
    });
  });

  app.post('/graphql', async (c) => {
    const me = callerOf(state, c.req.header('authorization') ?? '', options.now());
    if (!me) return refuse(c, 401, [unauthenticated()]);
    const request = await c.req.json<{ query: string; variables?: Record<string, unknown> }>();
    const document = parse(request.query);
    const errors = validate(linearSchema, document);
    if (errors.length > 0) return refuse(c, 400, errors);
    const variables = request.variables ?? {};
    const complexity = complexityOf(linearSchema, document, variables);
    c.header('x-complexity', String(Math.round(complexity)));
    if (complexity > mostComplex) return refuse(c, 400, [invalid('Query too complex.')]);
    const rootValue = createRoot(state, options.now(), options.baseUrl, me);
    return c.json(await execute({ schema: linearSchema, document, rootValue, variableValues: variables }));
  });

  app.get('/issue/:key', (c) => {
    const issue = state.issues.find((row) => row.identifier === c.req.param('key'));
    return issue ? c.html(issuePage(state, issue)) : c.notFound();
  });

  const people = state.users.filter((user) => !user.bot).map((user) => user.email);
  return { app, state, trackerUser: createTrackerUser(app, people) };
}

function callerOf(state: LinearState, authorization: string, now: number) {
  const { client } = state;
  const isClient = client?.token && client.until > now && authorization === `Bearer ${client.token}`;
  if (isClient || authorization === state.token) return state.users.find((user) => user.bot);
  return state.users.find((user) => authorization === `as-${user.email}`);
}

function refuse(c: Context, status: 400 | 401, errors: readonly GraphQLError[]) {
  const bodies = errors.map((error) => ({
    message: error.message,
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', type: 'graphql error', ...error.extensions },
  }));
  return c.json({ errors: bodies }, status);
}
