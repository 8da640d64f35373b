import type { Running } from './running.ts';

/* Every field of every body and parameter of the API, as its own document describes them, with values of other kinds. */

interface Schema {
  $ref?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  type?: string | string[];
  properties?: Record<string, Schema>;
  items?: Schema;
}
interface Parameter {
  name: string;
  in: string;
}
interface Described {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}
interface ApiDocument {
  paths: Record<string, Record<string, Described>>;
}

const values: unknown[] = [
  null,
  true,
  -1,
  1e308,
  '',
  '\u0000',
  '__proto__',
  '2026-02-30',
  '99999999999 weeks',
  'x'.repeat(100_000),
  [],
  {},
  [[]],
];
const texts = ['', ' ', '-1', '1e999', '%00', '__proto__', '2026-02-30', '999999-01-01', '"a', 'x'.repeat(3000)];
/** What ends the work of others, or takes long by intent. */
const left = /restore|hold|backups|erase|trackers\/check|\/poll$/;

function sample(document: ApiDocument, given: Schema): unknown {
  const path = given.$ref?.slice(2).split('/') ?? [];
  const named = path.reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], document);
  const schema = given.$ref ? (named as Schema) : given;
  if ('const' in schema) return schema.const;
  const [choice] = schema.anyOf ?? schema.oneOf ?? [];
  if (choice) return sample(document, choice);
  if (schema.enum) return schema.enum[0];
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => [name, sample(document, field)]);
  const kinds: Record<string, unknown> = { string: 'dana', integer: 1, number: 1, boolean: false };
  const type = [schema.type].flat()[0] ?? '';
  if (type === 'array') return schema.items ? [sample(document, schema.items)] : [];
  return type === 'object' ? Object.fromEntries(fields) : (kinds[type] ?? null);
}

/** The body with each of its fields, and itself, replaced by each of the values. */
function* change(body: unknown): Generator<unknown> {
  yield* values;
  if (body === null || typeof body !== 'object') return;
  for (const [name, field] of Object.entries(body))
    for (const changed of change(field)) {
      const copy = structuredClone(body) as Record<string, unknown>;
      copy[name] = changed;
      yield copy;
    }
}

/** No field brings Caselite down, and each refusal names what was wrong. */
export async function* oddFields(running: Running): AsyncGenerator<string | null> {
  const headers = { authorization: `Bearer ${running.run.token}`, 'content-type': 'application/json' };
  const document = (await (await running.ask('/openapi.json')).json()) as ApiDocument;
  const { items } = await running.client.call('GET cases', {});
  const known: Record<string, string> = {
    workspace: running.run.workspace,
    id: items[0]?.id ?? 'c_0',
    name: 'feedback-form',
  };
  const fill = (path: string, own: Record<string, string> = {}) =>
    path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(own[name] ?? known[name] ?? '1'));
  const play = async (method: string, path: string, body: string | null) => {
    const answer = await running.ask(path, { method: method.toUpperCase(), headers, body });
    const text = await answer.text();
    const isNamed = answer.status < 400 || (answer.status < 500 && text.includes('"detail":"') && text.length < 50_000);
    const what = `${method} ${path.slice(0, 120)} with ${body?.slice(0, 120)}`;
    return isNamed ? null : `${what} was answered with ${answer.status}`;
  };
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, { parameters = [], requestBody }] of Object.entries(methods)) {
      if (left.test(path)) continue;
      const schema = requestBody?.content['application/json']?.schema;
      if (schema)
        for (const body of change(sample(document, schema))) yield play(method, fill(path), JSON.stringify(body));
      for (const { name, in: place } of parameters.filter((parameter) => parameter.name !== 'workspace'))
        for (const text of method === 'get' ? texts : []) {
          const query = place === 'query' ? `?${new URLSearchParams([[name, text]])}` : '';
          yield play(method, fill(path, query ? {} : { [name]: text }) + query, null);
        }
    }
}
