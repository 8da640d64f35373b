import { type Context, type Handler, Hono, type MiddlewareHandler } from 'hono';
import { describeRoute, generateSpecs } from 'hono-openapi';
import * as z from 'zod';
import { ReferencePage } from '../views/reference-page.tsx';
import type { Endpoint } from './api/endpoint.ts';
import type { AppContext } from './context.ts';

const problem = {
  description: 'A problem document that names the field and the remedy',
  content: {
    'application/problem+json': {
      schema: {
        type: 'object' as const,
        required: ['type', 'title', 'status', 'detail'],
        properties: {
          type: { type: 'string' as const },
          title: { type: 'string' as const },
          status: { type: 'integer' as const },
          detail: { type: 'string' as const },
          problems: {
            type: 'array' as const,
            items: {
              type: 'object' as const,
              required: ['field', 'message'],
              properties: { field: { type: 'string' as const }, message: { type: 'string' as const } },
            },
          },
        },
      },
    },
  },
};

/** The JSON Schema of a request, without its dialect, which OpenAPI 3.1 presumes. */
function schemaOf(type: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' });
  return schema;
}

const lazySchema = (type: z.ZodType) => ({
  vendor: 'zod',
  validate: type['~standard'].validate,
  toJSONSchema: () => schemaOf(type),
  toOpenAPISchema: async () => ({ schema: schemaOf(type), components: undefined }),
});

/** Describes an endpoint in the published document. Schemas are made only when the document is asked for. */
export function describeEndpoint(endpoint: Endpoint): MiddlewareHandler {
  const { summary, operation, status, body, csv, query } = endpoint;
  const content = {
    ...(body ? { 'application/json': { schema: lazySchema(body) } } : {}),
    ...(csv ? { 'text/csv': { schema: { type: 'string' as const } } } : {}),
  };
  return describeRoute({
    summary,
    description: `Runs the operation ${operation}.`,
    security: [{ token: [] }],
    ...(body || csv ? { requestBody: { required: true, content } } : {}),
    responses: {
      [status]: { description: 'Success', content: { 'application/json': {} } },
      401: problem,
      404: problem,
      422: problem,
    },
    get parameters() {
      const properties = schemaOf(query).properties ?? {};
      return Object.entries(properties).map(([name, schema]) => ({
        name,
        in: 'query',
        required: false,
        schema,
      }));
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

/** The part of a route that the document needs. */
interface Documented {
  method: string;
  path: string;
  endpoint: Endpoint | null;
  handlers: [Handler<AppContext>, ...Handler<AppContext>[]];
}

export type ApiDocument = Awaited<ReturnType<typeof generateSpecs>>;

/** The OpenAPI 3.1 document of all endpoints in a table of routes. */
function documentOf(routes: Documented[]): Promise<ApiDocument> {
  const documented = new Hono<AppContext>();
  for (const { method, path, handlers, endpoint } of routes) if (endpoint) documented.on(method, path, ...handlers);
  return generateSpecs(documented, information);
}

/** The addresses of the document and of its reference page. */
export function documentPages(routes: Documented[]) {
  let document: Promise<ApiDocument> | null = null;
  const read = () => {
    document ??= documentOf(routes);
    return document;
  };
  return {
    showDocument: async (c: Context<AppContext>) => c.json(await read()),
    showReference: async (c: Context<AppContext>) => c.html(<ReferencePage paths={(await read()).paths} />),
  };
}
