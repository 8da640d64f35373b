import { MessagePage } from './message-page.tsx';

type Schema = Record<string, unknown>;
interface Described {
  summary?: string;
  parameters?: { name?: string; in?: string; required?: boolean }[];
  requestBody?: object;
}

/** The parts of an OpenAPI document that the reference shows. */
export type Paths = Record<string, object>;

const methods = ['get', 'post', 'put', 'delete'];

/** The reference of the API, rendered from its document. It needs no script. */
export function ReferencePage({ paths }: { paths: Paths }) {
  return (
    <MessagePage title="API reference">
      <p>
        Programs send the API token of the workspace as bearer token. <a href="/openapi.json">openapi.json</a> is the
        same reference for tools.
      </p>
      {Object.entries(paths).map(([path, operations]) =>
        Object.entries(operations)
          .filter(([method]) => methods.includes(method))
          .map(([method, operation]) => <Operation method={method} path={path} operation={operation} />),
      )}
    </MessagePage>
  );
}

function Operation({ method, path, operation }: { method: string; path: string; operation: Described }) {
  const query = (operation.parameters ?? []).filter(({ in: place }) => place === 'query');
  const fields = fieldsOf(operation.requestBody);
  return (
    <section class="stack">
      <h2>{operation.summary}</h2>
      <p>
        <code>
          {method.toUpperCase()} {path}
        </code>
      </p>
      {query.length > 0 && <p>Query: {query.map(({ name }) => name).join(', ')}</p>}
      {fields.length > 0 && (
        <ul>
          {fields.map(({ name, type, isRequired }) => (
            <li>
              <code>{name}</code> {type}
              {isRequired ? ', required' : ''}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function fieldsOf(requestBody: object | undefined) {
  const content = new Map(Object.entries(requestBody ?? {})).get('content') as Record<string, { schema?: Schema }>;
  const schema = content?.['application/json']?.schema ?? {};
  const forms = (schema.oneOf ?? schema.anyOf ?? [schema]) as Schema[];
  const fields = forms.flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties as Record<string, Schema>).map(([name, { type, enum: values }]) => ({
      name,
      type: Array.isArray(values) ? values.join(' | ') : typeof type === 'string' ? type : '',
      isRequired: (required as string[]).includes(name),
    })),
  );
  return fields.filter(({ name }, index) => fields.findIndex((field) => field.name === name) === index);
}
