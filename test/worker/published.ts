import { exports } from 'cloudflare:workers';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Route } from '#src/routes/doors.tsx';
import { routes } from '#src/routes/routes.ts';

export const addressOf = (path: string) => path.replace(/:(\w+)/g, '{$1}');

/** The published document, and a comparison of answers with it. */
export async function publishedDocument() {
  const response = await exports.default.fetch('https://caselite.test/openapi.json');
  const document = (await response.json()) as { openapi: string; paths: Record<string, object> };
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'document');

  /** What is wrong with an answer; null where its schema is not published. */
  async function problemsOf({ method, path }: Route, answer: Response): Promise<string | null> {
    const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
    const place = ['paths', addressOf(path), method.toLowerCase(), 'responses'];
    const status = answer.ok ? String(answer.status) : 'default';
    const pointer = [...place, status, 'content', type, 'schema']
      .map((part) => encodeURIComponent(part.replaceAll('/', '~1')))
      .join('/');
    const check = ajv.getSchema(`document#/${pointer}`);
    if (!check) return null;
    return check(await answer.json()) ? '' : `${method} ${path}: ${ajv.errorsText(check.errors)}`;
  }
  return { document, problemsOf };
}

const described = routes
  .filter(({ endpoint }) => endpoint !== null)
  .map((route) => ({ route, pattern: new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`) }));
let published: ReturnType<typeof publishedDocument> | null = null;

/** Fails for an answer that differs from the published document. */
export async function demandDescribed(method: string, url: string, answer: Response): Promise<void> {
  const { pathname } = new URL(url);
  const endpoint = described.find(({ route, pattern }) => route.method === method && pattern.test(pathname));
  if (!endpoint) return;
  published ??= publishedDocument();
  const problems = await (await published).problemsOf(endpoint.route, answer.clone());
  if (problems !== '') throw new Error(problems ?? `${method} ${pathname}: has no schema in the document`);
}
