import type { ContentfulStatusCode } from 'hono/utils/http-status';
import * as z from 'zod';
import { AppError } from '#domain/base/errors.ts';
import type { Page } from '#domain/base/page.ts';
import type { Value, Values, WorkspaceCalls } from '../../calls.ts';
import { type BodyLimit, bodyOf, validateRequestValue } from '../read-body.ts';
import { ensureWorkspace, findWorkspaceForProgram, type HonoContext, run } from '../workspace-access.ts';

interface Input<Body, Query> {
  /** The path's `:id`. */
  id: string;
  param(name: string): string;
  body: Body;
  query: Query;
  /** A body that came as `text/csv`. */
  csv: Uint8Array<ArrayBuffer> | null;
  c: HonoContext;
}

type Given<Input> = Input extends undefined ? [] | [string] : [Input] | [string, Input];
type Taking<Name extends keyof WorkspaceCalls, Body, Query> =
  Extract<Given<Body extends undefined ? Query : Body>, Values<Name>> extends never
    ? { values(input: Input<Body, Query>): Values<Name> }
    : { values?(input: Input<Body, Query>): Values<Name> };
type Usual<Value> = Value extends (infer Item)[] ? Page<Item> : Value;
type Presenting<Name extends keyof WorkspaceCalls, Answered> = [Usual<Value<Name>>] extends [Answered]
  ? unknown
  : { present: unknown };

interface Described<Body, Query> {
  summary: string;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  csv?: 'allowed' | 'always';
  status?: ContentfulStatusCode;
  /** Limit of its body where it is not the usual one. */
  limit?: BodyLimit;
}

interface Definition<Name extends keyof WorkspaceCalls, Body, Query, Answered> extends Described<Body, Query> {
  creates?: boolean;
  present?(value: Value<Name>, input: Input<Body, Query>): Answered;
}

export interface Endpoint<Answered = unknown> extends Described<unknown, unknown> {
  operation: keyof WorkspaceCalls;
  answers: z.ZodType<Answered>;
  answer(c: HonoContext): Promise<Response>;
}

const isCsv = (c: HonoContext) => /^text\/csv\b/i.test(c.req.header('content-type') ?? '');

export function endpoint<
  Name extends keyof WorkspaceCalls,
  Body = undefined,
  Query = undefined,
  Answered = Usual<Value<Name>>,
>(
  operation: Name,
  answers: z.ZodType<Answered>,
  definition: Definition<Name, Body, Query, Answered> & Taking<Name, Body, Query> & Presenting<Name, Answered>,
): Endpoint<Answered> {
  const { query, body, csv, status = 200, values, present, creates } = definition;
  return {
    ...definition,
    operation,
    answers,
    async answer(c) {
      refuseCaseHandleInPath(c);
      const isCsvRequest = csv === 'always' || (csv === 'allowed' && isCsv(c));
      const input: Input<Body, Query> = {
        id: c.req.param('id') ?? '',
        param: (name) => c.req.param(name) ?? '',
        query: validateRequestValue((query ?? noQuery) as z.ZodType<Query>, c.req.query(), 'query'),
        body: body && !isCsvRequest ? await bodyOf(c, body) : (undefined as Body),
        csv: isCsvRequest ? new Uint8Array(await c.req.arrayBuffer()) : null,
        c,
      };
      const workspace = await (creates
        ? ensureWorkspace(c, c.req.param('workspace') ?? '')
        : findWorkspaceForProgram(c));
      const value = await run(workspace, operation, values ? values(input) : (given(input) as Values<Name>));
      const usual = Array.isArray(value) ? { items: value, next: null } : value;
      return c.json((present ? present(value, input) : usual) as object, status);
    },
  };
}

const noQuery = z.strictObject({}).transform(() => undefined);

function given({ c, body, query }: Input<unknown, unknown>): unknown[] {
  const { workspace: _, ...named } = c.req.param();
  return [...Object.values(named), ...[query, body].filter((value) => value !== undefined)];
}

/** One page of a list. */
export const pageOf = <Item>(item: z.ZodType<Item>): z.ZodType<Page<Item>> =>
  z.object({ items: z.array(item), next: z.string().nullable() });

/** The acting person, where a program acts for one; a person acts with their own rights. */
export const who = z.string().min(1, 'is empty; leave it out, or name a person of the workspace').max(100).optional();

function refuseCaseHandleInPath(c: HonoContext): void {
  const [, handle] = /\/cases\/(c-\d+)\//i.exec(c.req.path) ?? [];
  if (!handle) return;
  throw new AppError('not-found', `Cases go by their "id" here, as the list of cases gives it, not by ${handle}.`);
}
