import * as ui from './kit.ts';

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  description?: string;
  default?: unknown;
}
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
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      address: `${method.toUpperCase()} ${path}`,
    })),
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
            {operations.map(({ operationId, summary }) => (
              <a href={`#${operationId}`}>{summary}</a>
            ))}
          </nav>
        </details>
        {operations.map((operation) => (
          <OperationView {...operation} />
        ))}
        <h2>Types</h2>
        {Object.entries(schemas).map(([name, schema]) => (
          <article class="card stack tight" id={name}>
            <h3>{name}</h3>
            <Fields schema={schema} />
          </article>
        ))}
      </main>
    </ui.Page>
  );
}

function OperationView(operation: Operation & { address: string }) {
  const { address, summary, operationId, parameters = [], requestBody, responses = {} } = operation;
  const query = parameters.filter(({ in: place }) => place === 'query');
  const properties = Object.fromEntries(query.map(({ name, schema }) => [name, schema]));
  return (
    <section class="card stack tight" id={operationId}>
      <h2>{summary}</h2>
      <code>{address}</code>
      {query.length > 0 && <Content title="Query" schema={{ properties }} isInput />}
      {Object.entries(requestBody?.content ?? {}).map(([type, { schema = {} }]) => (
        <Content title={`Body, ${type}`} schema={schema} isInput />
      ))}
      {Object.entries(responses).flatMap(([status, { description, content = {} }]) =>
        Object.values(content).map(({ schema = {} }) => (
          <Content title={`${status === 'default' ? 'Error' : status}: ${description}`} schema={schema} />
        )),
      )}
    </section>
  );
}

const Content = ({ title, schema, isInput }: { title: string; schema: Schema; isInput?: boolean }) => (
  <>
    <h3 class="muted">
      {title} {!schema.properties && !schema.oneOf && <TypeText {...schema} />}
    </h3>
    <Fields schema={schema} isInput={isInput} />
  </>
);

function Fields({ schema, isInput = false }: { schema: Schema; isInput?: boolean | undefined }) {
  const variants = (schema.oneOf ?? [schema]).map((variant) => listRequestFields(variant));
  return (
    <>
      {schema.description && <p class="muted">{schema.description}</p>}
      {variants
        .filter((fields) => fields.length > 0)
        .map((fields) => (
          <ul class="why">
            {fields.map(({ name, isRequired, ...field }) => (
              <li>
                <code>{name}</code> <TypeText {...field} />
                {isInput && isRequired && ', required'}
                {isInput && field.default !== undefined && `, ${JSON.stringify(field.default)} by default`}{' '}
                <span class="muted">{field.description}</span>
              </li>
            ))}
          </ul>
        ))}
    </>
  );
}

type Field = Schema & { name: string; isRequired: boolean };

const listRequestFields = ({ properties = {}, required = [] }: Schema, path = ''): Field[] =>
  Object.entries(properties).flatMap(([key, schema]) => {
    const name = path + key;
    const { items = {}, additionalProperties = {} } = schema;
    const inner = [schema, ...(schema.anyOf ?? [])].flatMap((variant) => listRequestFields(variant, `${name}.`));
    const each =
      typeof additionalProperties === 'object' ? listRequestFields(additionalProperties, `${name}.NAME.`) : [];
    return [
      { ...schema, name, isRequired: required.includes(key) },
      ...inner,
      ...listRequestFields(items, `${name}[].`),
      ...each,
    ];
  });

function TypeText({ $ref, anyOf, items, enum: values, const: value, type = 'any', additionalProperties }: Schema) {
  const name = $ref?.split('/').at(-1);
  if (name) return <a href={`#${name}`}>{name}</a>;
  if (anyOf) return anyOf.map((variant, index) => [index > 0 && ' or ', <TypeText {...variant} />]);
  if (items) return ['list of ', <TypeText {...items} />];
  if (typeof additionalProperties === 'object') return [<TypeText {...additionalProperties} />, ' by name'];
  const literals = values ?? (value === undefined ? [] : [value]);
  return (literals.length > 0 ? literals.map((literal) => JSON.stringify(literal)) : [type].flat()).join(' or ');
}
