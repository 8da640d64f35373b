import { Ajv, type AnySchema, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [name: string]: Json };

interface Parameter {
  name: string;
  in: string;
  required: boolean;
  schema: JsonObject;
}

interface Operation {
  name: string;
  parameters: Parameter[];
  checkQuery: ValidateFunction;
  checkBody: ValidateFunction | null;
  needsBody: boolean;
  /** Validators by status; null where the vendor describes an answer without content. */
  answers: Map<number, ValidateFunction | null>;
}

/** Receives each deviation of a message from the vendor's description. */
export type Report = (operation: string, problem: string) => void;

export interface OpenApiContract {
  checkRequest(request: Request, report: Report): Promise<void>;
  checkAnswer(request: Request, answer: Response, report: Report): Promise<void>;
}

/**
 * Checks messages against an OpenAPI 3.0 description.
 *
 * @param options.pathOf the described path of an address
 * @param options.errorSchema name of the schema that every undescribed error must have
 */
export function openApiContract(
  description: JsonObject,
  options: { pathOf?(path: string): string; errorSchema: string },
): OpenApiContract {
  const components = objectOf(description.components);
  const answers = ajvOf(components, (schema) => plain(schema, false), false);
  const bodies = ajvOf(components, (schema) => plain(schema, true), false);
  const queries = ajvOf(components, (schema) => plain(schema, false), true);
  const checkError = answers.compile({ $ref: `openapi#/components/schemas/${options.errorSchema}` });
  const byMethod = new Map<string, { name: string; path: RegExp; read(): Operation }[]>();
  const operations = new Map<string, Operation>();

  for (const [path, item] of Object.entries(objectOf(description.paths))) {
    for (const [method, operation] of Object.entries(objectOf(item))) {
      if (method === 'parameters') continue;
      const known = byMethod.get(method.toUpperCase()) ?? [];
      const name = `${method.toUpperCase()} ${path}`;
      known.push({
        name,
        path: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`),
        read: () => readOperation(name, objectOf(item), objectOf(operation)),
      });
      // Fixed paths before placeholders: `/issue/bulkfetch` is not an issue.
      byMethod.set(
        method.toUpperCase(),
        known.sort((a, b) => places(a.name) - places(b.name)),
      );
    }
  }

  function resolve(value: Json | undefined): JsonObject {
    const jsonObject = objectOf(value);
    if (typeof jsonObject.$ref !== 'string') return jsonObject;
    const [, , section = '', name = ''] = jsonObject.$ref.split('/');
    return objectOf(objectOf(components[section])[name]);
  }

  function schemaOf(content: Json | undefined): JsonObject | null {
    const media = objectOf(objectOf(resolve(content).content)['application/json']);
    return 'schema' in media ? objectOf(media.schema) : null;
  }

  function readOperation(name: string, item: JsonObject, operation: JsonObject): Operation {
    const parameters = [listOf(item.parameters), listOf(operation.parameters)].flat().map((json) => {
      const { name: parameter, in: place, required, schema } = resolve(json);
      return {
        name: String(parameter),
        in: String(place),
        required: required === true,
        schema: objectOf(schema),
      };
    });
    const inQuery = parameters.filter((parameter) => parameter.in === 'query');
    const body = schemaOf(operation.requestBody);
    return {
      name,
      parameters,
      checkQuery: queries.compile(
        plain(
          {
            type: 'object',
            properties: Object.fromEntries(inQuery.map((entry) => [entry.name, entry.schema])),
            required: inQuery.filter((entry) => entry.required).map((entry) => entry.name),
            additionalProperties: false,
          },
          false,
        ) as AnySchema,
      ),
      checkBody: body && bodies.compile(plain(body, true) as AnySchema),
      needsBody: resolve(operation.requestBody).required === true,
      answers: new Map(
        Object.entries(objectOf(operation.responses)).map(([status, answer]) => {
          const schema = schemaOf(answer);
          return [Number(status), schema && answers.compile(plain(schema, false) as AnySchema)];
        }),
      ),
    };
  }

  function find(request: Request): Operation | null {
    const { pathname } = new URL(request.url);
    const path = options.pathOf?.(pathname) ?? pathname;
    const described = byMethod.get(request.method)?.find((operation) => operation.path.test(path));
    if (!described) return null;
    // Compiling a whole description takes a second, and a test calls few of its operations.
    const operation = operations.get(described.name) ?? described.read();
    operations.set(described.name, operation);
    return operation;
  }

  return {
    async checkRequest(request, report) {
      const operation = find(request);
      const { pathname, searchParams } = new URL(request.url);
      if (!operation) return report(`${request.method} ${pathname}`, 'is no operation of the description');
      const query = queryOf(searchParams, operation.parameters);
      if (!operation.checkQuery(query)) report(operation.name, `query${wordsOf(operation.checkQuery)}`);
      const text = await request.text();
      if (text === '') {
        if (operation.needsBody) report(operation.name, 'body is missing');
        return;
      }
      if (!operation.checkBody) return report(operation.name, 'takes no body');
      if (!operation.checkBody(JSON.parse(text))) {
        report(operation.name, `body${wordsOf(operation.checkBody)}`);
      }
    },

    async checkAnswer(request, answer, report) {
      const operation = find(request);
      if (!operation) return;
      // HTTP's standard answer to a conditional request; vendors describe it for few operations.
      if (answer.status === 304 && request.headers.has('if-none-match')) return;
      // GitHub redirects every call for a renamed repository (docs.github.com, "Best practices for using the REST API").
      if (answer.status === 301 || answer.status === 307) return;
      const described = operation.answers.get(answer.status);
      const name = `${operation.name} ${answer.status}`;
      if (described === undefined && answer.status < 400) return report(name, 'is no answer of the description');
      const text = await answer.text();
      // GitHub and Jira describe few errors per operation; the others have the vendor's common schema.
      const check = described === undefined ? checkError : described;
      if (answer.status === 204) return text === '' ? undefined : report(name, 'has a body');
      if (!check) return;
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        return report(name, 'is not JSON');
      }
      if (!check(value)) report(name, `answer${wordsOf(check)}`);
    },
  };
}

function ajvOf(components: JsonObject, change: (schema: Json) => Json, coerceTypes: boolean): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: coerceTypes ? 'array' : false });
  formats.default(ajv);
  const schemas = Object.entries(objectOf(components.schemas)).map(([name, schema]) => [name, change(schema)]);
  ajv.addSchema({ $id: 'openapi', components: { schemas: Object.fromEntries(schemas) } });
  return ajv;
}

/**
 * Converts an OpenAPI 3.0 schema to JSON Schema: `nullable` becomes a type, references become absolute.
 *
 * @param closed also refuses undescribed properties, so that a misspelt one fails the test
 */
function plain(value: Json, closed: boolean): Json {
  if (Array.isArray(value)) return value.map((item) => plain(item, closed));
  if (typeof value !== 'object' || value === null) return value;
  if (typeof value.$ref === 'string') return { $ref: `openapi${value.$ref}` };
  const { nullable, ...rest } = value;
  const schema: JsonObject = Object.fromEntries(
    Object.entries(rest).map(([name, inner]) => {
      const isMap = name === 'properties' && typeof inner === 'object' && inner !== null;
      if (!isMap || Array.isArray(inner)) return [name, plain(inner, closed)];
      return [name, Object.fromEntries(Object.entries(inner).map(([key, each]) => [key, plain(each, closed)]))];
    }),
  );
  if (closed && 'properties' in schema && !('additionalProperties' in schema)) {
    schema.additionalProperties = false;
  }
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}

function queryOf(given: URLSearchParams, parameters: Parameter[]): Record<string, unknown> {
  return Object.fromEntries(
    [...new Set(given.keys())].map((name) => {
      const parameter = parameters.find((entry) => entry.in === 'query' && entry.name === name);
      const values = given.getAll(name);
      return [name, parameter?.schema.type === 'array' || values.length > 1 ? values : values[0]];
    }),
  );
}

function wordsOf(check: ValidateFunction): string {
  const words = (check.errors ?? []).map(({ instancePath, message, params }) =>
    [instancePath, message, params.additionalProperty].filter(Boolean).join(' '),
  );
  return ` ${[...new Set(words)].slice(0, 12).join('; ')}`;
}

function places(path: string): number {
  return path.split('{').length;
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
