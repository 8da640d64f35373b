import * as z from 'zod';
import { lazy } from '#domain/base/memoize.ts';
import { capitalize } from '#domain/cases/issue-text.ts';
import { CaseEvent } from '#domain/integrations/case-event.ts';
import * as views from '../views/index.ts';
import type { Endpoint } from './api/endpoint.ts';
import type * as web from './kit.ts';

/** Errors by RFC 9457, which name the field and the remedy. */
const ProblemDocument = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    problems: z.array(z.object({ field: z.string(), message: z.string(), line: z.int().optional() })).optional(),
  })
  .meta({ id: 'Problem' });

type Schemas = Record<string, z.core.JSONSchema.BaseSchema>;

/** The schema of a type; those of its named parts join `named`. */
function toOpenApiSchema(type: z.ZodType, io: 'input' | 'output', named: Schemas) {
  const { prefixItems = [], $defs } = z.toJSONSchema(z.tuple([type]), { io, unrepresentable: 'any' });
  const text = JSON.stringify({ schema: prefixItems[0], $defs }).replaceAll('"#/$defs/', '"#/components/schemas/');
  const written: { schema: Schemas[string]; $defs?: Schemas } = JSON.parse(text);
  Object.assign(named, written.$defs);
  return written.schema;
}

const toOperationId = (method: string, path: string): string =>
  method.toLowerCase() + path.replaceAll(':', 'by-').split(/[/-]/).map(capitalize).join('');

function describeEndpoint({ method, path, endpoint }: Documented & { endpoint: Endpoint }, named: Schemas) {
  const { summary, operation, status = 200, body, csv, query, answers } = endpoint;
  const json = (type: z.ZodType, io: 'input' | 'output') => {
    return { 'application/json': { schema: toOpenApiSchema(type, io, named) } };
  };
  const content = { ...(body && json(body, 'input')), ...(csv && { 'text/csv': { schema: { type: 'string' } } }) };
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => {
    return { name, in: 'path', required: true, schema: { type: 'string' } };
  });
  const asked = Object.entries((query && toOpenApiSchema(query, 'input', named).properties) ?? {});
  const problem = toOpenApiSchema(ProblemDocument, 'output', named);
  return {
    operationId: toOperationId(method, path),
    summary,
    description: `Runs the operation ${operation}.`,
    security: [{ token: [] }],
    ...(body || csv ? { requestBody: { required: true, content } } : {}),
    responses: {
      [status]: { description: 'Success', content: json(answers, 'output') },
      default: {
        description: 'What was refused, and why',
        content: { 'application/problem+json': { schema: problem } },
      },
    },
    parameters: [...asked.map(([name, schema]) => ({ name, in: 'query', required: false, schema })), ...inPath],
  };
}

const info = {
  title: 'Caselite',
  version: '1',
  description: 'The operations of a workspace, for programs with its API token.',
};

interface Documented {
  method: string;
  path: string;
  endpoint: Endpoint | null;
}

const header = (name: string, description: string) => {
  return { name, in: 'header' as const, required: true, description, schema: { type: 'string' as const } };
};

/** What Caselite posts to channels with `events`. */
const createWebhooks = (named: Schemas) => ({
  caseEvent: {
    post: {
      summary: 'An event of a case',
      description:
        'Signed by Standard Webhooks 1.0, at least once, in order within a case. Answer with a status from 200 to 299; anything else is tried again for 5 days.',
      parameters: [
        header('webhook-id', 'The same for each try of an event, and for its replay'),
        header('webhook-timestamp', 'Seconds since 1970, of this try'),
        header('webhook-signature', '`v1,` and the HMAC-SHA256 of id, timestamp and body in base64'),
      ],
      requestBody: {
        required: true,
        content: { 'application/json': { schema: toOpenApiSchema(CaseEvent, 'output', named) } },
      },
      responses: { '2XX': { description: 'Taken' } },
    },
  },
});

/** The OpenAPI 3.1 document of all endpoints in a table of routes. */
export function createApiDocument(routes: Documented[]) {
  const schemas: Schemas = {};
  const paths: Record<string, Record<string, ReturnType<typeof describeEndpoint>>> = {};
  for (const { endpoint, ...route } of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    if (endpoint)
      paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeEndpoint({ ...route, endpoint }, schemas) };
  }
  const components = { securitySchemes: { token: { type: 'http', scheme: 'bearer' } }, schemas };
  return { openapi: '3.1.0', info, components, paths, webhooks: createWebhooks(schemas) };
}

export function createDocumentHandlers(routes: Documented[]) {
  const read = lazy(() => createApiDocument(routes));
  return {
    showDocument: (c: web.HonoContext) => c.json(read()),
    showReference: (c: web.HonoContext) => c.html(<views.ApiReferencePage {...(read() as views.Described)} />),
  };
}
