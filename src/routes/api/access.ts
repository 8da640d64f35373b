import * as z from 'zod';
import { AuditLineJson, TokenJson, TokenScope } from '#domain/json/token-json.ts';
import { allOf, endpoint, pageOf, who } from './endpoint.ts';
import { Limit } from './lists.ts';

export const accessEndpoints = {
  'GET tokens': endpoint({
    operation: 'tokens',
    summary: 'Lists API tokens in force: a person’s own, for admins and programs all',
    answers: pageOf(TokenJson),
    present: allOf,
  }),
  'POST tokens': endpoint({
    operation: 'createToken',
    summary: 'Makes an API token, which is answered once; with the token of the deployment only',
    answers: TokenJson.extend({ token: z.string() }),
    status: 201,
    body: z.strictObject({
      name: z.string(),
      scopes: z.array(TokenScope),
      days: z.int().default(90),
      program: z.boolean().default(false),
      who,
    }),
  }),
  'DELETE tokens/:token': endpoint({
    operation: 'revokeToken',
    summary: 'Revokes an API token by its id',
    answers: z.object({ revoked: z.boolean() }),
    values: ({ param }) => [param('token'), {}],
  }),
  'GET audit': endpoint({
    operation: 'audit',
    summary: 'Lists the audit log',
    query: z.strictObject({ cursor: z.string().default(''), limit: Limit }),
    answers: pageOf(AuditLineJson),
    values: ({ query: { cursor, limit } }) => [{ cursor: cursor || null, limit }],
  }),
};
