import { Hono, type MiddlewareHandler } from 'hono';
import { describeRoute, generateSpecs } from 'hono-openapi';
import * as z from 'zod';
import { lazy } from '#domain/base/memoize.ts';
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

function toOpenApiSchema(type: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { prefixItems = [], $defs } = z.toJSONSchema(z.tuple([type]), { io, unrepresentable: 'any' });
  const schema = Object.assign({}, prefixItems[0], $defs && { $defs });
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
}

const createLazySchema = (type: z.ZodType, io: 'input' | 'output') => ({
  vendor: 'zod',
  validate: type['~standard'].validate,
  toJSONSchema: () => toOpenApiSchema(type, io),
  toOpenAPISchema: async () => ({ schema: toOpenApiSchema(type, io), components: undefined }),
});

const problem = {
  description: 'What was refused, and why',
  content: { 'application/problem+json': { schema: createLazySchema(ProblemDocument, 'output') } },
};

/** Describes an endpoint in the published document. Schemas are made only when the document is asked for. */
function describeEndpoint(endpoint: Endpoint): MiddlewareHandler {
  const { summary, operation, status = 200, body, csv, query, answers } = endpoint;
  const content = {
    ...(body ? { 'application/json': { schema: createLazySchema(body, 'input') } } : {}),
    ...(csv ? { 'text/csv': { schema: { type: 'string' as const } } } : {}),
  };
  return describeRoute({
    summary,
    description: `Runs the operation ${operation}.`,
    security: [{ token: [] }],
    ...(body || csv ? { requestBody: { required: true, content } } : {}),
    responses: {
      [status]: {
        description: 'Success',
        content: { 'application/json': { schema: createLazySchema(answers, 'output') } },
      },
      default: problem,
    },
    get parameters() {
      const properties = (query && toOpenApiSchema(query, 'input').properties) ?? {};
      return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }));
    },
  });
}

const information = {
  documentation: {
    info: {
      title: 'Caselite',
      version: '1',
      description: 'The operations of a workspace, for programs with its API token.',
    },
    components: { securitySchemes: { token: { type: 'http' as const, scheme: 'bearer' } } },
  },
  defaultValidationErrorResponse: false,
};

interface Documented {
  method: string;
  path: string;
  endpoint: Endpoint | null;
}

export type ApiDocument = Awaited<ReturnType<typeof generateSpecs>>;

const header = (name: string, description: string) => {
  return { name, in: 'header' as const, required: true, description, schema: { type: 'string' as const } };
};

/** What Caselite posts to channels with `events`. */
const createWebhooks = () => ({
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
        content: { 'application/json': { schema: toOpenApiSchema(CaseEvent, 'output') } },
      },
      responses: { '2XX': { description: 'Taken' } },
    },
  },
});

/** The OpenAPI 3.1 document of all endpoints in a table of routes. */
export async function createApiDocument(routes: Documented[]): Promise<ApiDocument> {
  const documented = new Hono();
  for (const { method, path, endpoint } of routes)
    if (endpoint) documented.on(method, path, describeEndpoint(endpoint));
  return { ...(await generateSpecs(documented, information)), webhooks: createWebhooks() };
}

export function createDocumentHandlers(routes: Documented[]) {
  const read = lazy(() => createApiDocument(routes));
  return {
    showDocument: async (c: web.HonoContext) => c.json(await read()),
    showReference: async (c: web.HonoContext) =>
      c.html(<views.ApiReferencePage {...((await read()) as unknown as views.Described)} />),
  };
}
