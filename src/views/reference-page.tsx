import type * as z from 'zod';
import * as ui from './kit.ts';

type Schema = z.core.JSONSchema.BaseSchema;
type Message = { description?: string; content?: Record<string, { schema?: Schema }> };
interface Operation {
  summary?: string;
  operationId?: string;
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: Message;
  responses?: Record<string, Message>;
}

export interface Described {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** The reference of the API, rendered from its document. It needs no script. */
export function ApiReferencePage({ paths, components: { schemas } }: Described) {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ operation, address: `${method.toUpperCase()} ${path}` })),
  );
  return (
    <ui.Page title="API reference">
      <main class="wide stack">
        <h1>API reference</h1>
        <p>
          Programs send the API token of the workspace as bearer token. <a href="/openapi.json">openapi.json</a> is the
          same reference for tools.
        </p>
        <details class="card">
          <summary>All addresses</summary>
          <nav class="stack tiles" aria-label="Addresses">
            {operations.map(({ operation: { operationId, summary } }) => (
              <a href={`#${operationId}`}>{summary}</a>
            ))}
          </nav>
        </details>
        {operations.map(({ operation, address }) => (
          <section class="card stack tight" id={operation.operationId}>
            <h2>{operation.summary}</h2>
            <code>{address}</code>
            {listShapes(operation).map(([title, schema]) => [<h3 class="muted">{title}</h3>, <Type schema={schema} />])}
          </section>
        ))}
        <h2>Types</h2>
        {Object.entries(schemas).map(([name, schema]) => (
          <article class="card stack tight" id={name}>
            <h3>{name}</h3>
            <Type schema={schema} />
          </article>
        ))}
      </main>
    </ui.Page>
  );
}

function listShapes({ parameters = [], requestBody, responses = {} }: Operation): [title: string, schema: Schema][] {
  const query = parameters.filter(({ in: place }) => place === 'query').map(({ name, schema }) => [name, schema]);
  const shapesOf = (title: string, { content = {} }: Message) =>
    Object.entries(content).map(([type, { schema = {} }]): [string, Schema] => [`${title}, ${type}`, schema]);
  return [
    ...(query.length > 0 ? [['Query', { properties: Object.fromEntries(query) }] as [string, Schema]] : []),
    ...shapesOf('Body', requestBody ?? {}),
    ...Object.entries(responses).flatMap(([status, answer]) =>
      shapesOf(status === 'default' ? 'Error' : `Status ${status}`, answer),
    ),
  ];
}

/** A schema as TypeScript would write it, in which the names of types are links. */
const Type = ({ schema }: { schema: Schema }) => (
  <pre class="raw" tabindex={0}>
    {writeType(schema)
      .split(/«(.*?)»/)
      .map((part, index) => (index % 2 === 1 ? <a href={`#${part}`}>{part}</a> : part))}
  </pre>
);

function writeType(schema: Schema, indent = ''): string {
  const { $ref, anyOf, oneOf = anyOf, items, properties, required = [], additionalProperties, type = 'any' } = schema;
  const inner = `${indent}  `;
  if ($ref) return `«${$ref.split('/').at(-1)}»`;
  if (oneOf) return oneOf.map((variant) => writeType(variant, indent)).join(' | ');
  if (items) return `list of ${writeType(items as Schema, indent)}`;
  if (typeof additionalProperties === 'object') return `{ [name]: ${writeType(additionalProperties, indent)} }`;
  const lines = Object.entries((properties ?? {}) as Record<string, Schema>).map(([name, field]) => {
    const usual = field.default === undefined ? '' : ` = ${JSON.stringify(field.default)}`;
    const meaning = field.description ? `  // ${field.description}` : '';
    return `${inner}${name}${required.includes(name) ? '' : '?'}: ${writeType(field, inner)}${usual}${meaning}\n`;
  });
  if (properties) return `{\n${lines.join('')}${indent}}`;
  const literals = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
  return (literals.length > 0 ? literals.map((literal) => JSON.stringify(literal)) : [type].flat()).join(' | ');
}
