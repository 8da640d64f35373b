import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { expect } from 'vitest';
import { typeform } from '#adapters/surveys/typeform/definition.ts';
import type { Page } from '#domain/base/page.ts';
import { createSignedDelivery } from '#domain/integrations/survey-source.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import { inEarnest } from '#test/domain/earnest.ts';
import { encodeTypeform } from '#test/harness/sample-response.ts';
import acme from '../../templates/workspaces/acme.yaml?raw';
import { demandDescribed } from './published.ts';
import { secrets, workspaces } from './variables.ts';

const cases = import.meta.glob('../../templates/cases/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const surveys = import.meta.glob('../../templates/surveys/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});

const filesOf = (kind: string, texts: Record<string, unknown>) =>
  Object.entries(texts).map(([path, text]) => ({ kind, name: path.replace(/^.*\/(.*)\.yaml$/, '$1'), text }));

let used = 0;
const alarms: { file: string; drop(): Promise<void> }[] = [];

/** Workspaces outlive their test file: what they still had to do would reach the trackers of the next one. */
async function dropAlarmsOfOtherFiles(file: string): Promise<void> {
  while (alarms[0] && alarms[0].file !== file) await alarms.shift()?.drop();
}

const soonMs = 1500;
const submittedAt = Date.UTC(2026, 10, 20, 8, 1, 13);

/** Signs a person in by a link of the API. @returns the session's cookie */
export async function signInAs(
  call: (method: string, path: string, body: unknown) => Promise<Response>,
  person: string,
): Promise<string> {
  const { url } = (await (await call('POST', 'sign-in-links', { person })).json()) as { url: string };
  return cookieOf(await pressButton(url));
}

/** Presses the button of the page behind a sign-in link. */
export const pressButton = (url: string): Promise<Response> =>
  exports.default.fetch(url, { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' }, redirect: 'manual' });

export const cookieOf = (answer: Response): string => answer.headers.get('set-cookie')?.split(';')[0] ?? '';

/** Names and values of all fields in a part of a page; of several with one name, the first. */
export function readFormFields(html: string): Record<string, string> {
  const chosen = [...html.matchAll(/<select[^>]*name="([^"]+)"[\s\S]*?<\/select>/g)].map(([select, name]) => [
    name,
    unescapeHtml(/value="([^"]*)" selected/.exec(select)?.[1] ?? ''),
  ]);
  const inputs = [...html.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)].map(([, name, value]) => [
    name,
    unescapeHtml(value ?? ''),
  ]);
  const areas = [...html.matchAll(/<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</g)].map(([, name, value]) => [
    name,
    unescapeHtml(value ?? '').trim(),
  ]);
  return Object.fromEntries([...areas, ...inputs, ...chosen].reverse());
}

const unescapeHtml = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** The object that lists the workspaces. */
export const directory = () => env.DIRECTORY.get(env.DIRECTORY.idFromName('directory'));

/** A workspace for one test, with Acme's settings, called like an external program. */
export async function newWorkspace(change: (yaml: string) => string = (yaml) => yaml) {
  const file = expect.getState().testPath ?? '';
  await dropAlarmsOfOtherFiles(file);
  const name = workspaces[used];
  if (!name) throw new Error('all workspaces of test/worker/variables.ts are used: add some there');
  used += 1;
  const text = change(inEarnest(acme).replace('workspace: acme\n', `workspace: ${name}\n`));
  const files = [{ kind: 'workspace', name, text }, ...filesOf('case-template', cases), ...filesOf('survey', surveys)];
  const call = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const url = `https://caselite.test/api/v1/workspaces/${name}/${path}`;
    const answer = await exports.default.fetch(url, {
      method,
      headers: { authorization: `Bearer ${secrets.API_TOKEN}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    await demandDescribed(method, url, answer);
    return answer;
  };
  const pushed = await call('PUT', 'settings', { files });
  if (!pushed.ok) throw new Error(`the push was answered with ${pushed.status}: ${await pushed.text()}`);
  const stub = env.WORKSPACES.get(env.WORKSPACES.idFromName(name));
  alarms.push({ file, drop: () => runInDurableObject(stub, (_, { storage }) => storage.deleteAlarm()) });

  return {
    name,
    files,
    stub,
    call,
    /**
     * Runs the object's due work, as its alarm would, until nothing more is due soon. During the alarm's own run none
     * is set; during a queue's run the next one is a second away.
     */
    async settle(): Promise<void> {
      for (let turn = 0; turn < 400; turn += 1) {
        const alarm = await runInDurableObject(stub, (_, state) => state.storage.getAlarm());
        if (alarm !== null && alarm > Date.now() + soonMs) return;
        const ran = alarm !== null && alarm <= Date.now() && (await runDurableObjectAlarm(stub));
        if (!ran) await new Promise((done) => setTimeout(done, 25));
      }
      throw new Error('The object found no rest.');
    },
    async deliver(
      response: { token: string; completed: boolean; ease: number; name?: string; wish?: string },
      sign = secrets.TYPEFORM_SECRET,
    ): Promise<Response> {
      const { token } = response;
      const facts = {
        customer: `cust-${token}`,
        email: `${token}@customer.example`,
        name: response.name ?? 'Ada',
      };
      const body = encodeTypeform({ ...response, ...facts, at: submittedAt }, Date.now());
      const { headers } = await createSignedDelivery(typeform, body, sign, { id: response.token, now: Date.now() });
      return exports.default.fetch(`https://caselite.test/hooks/${name}/upgrade-survey`, {
        method: 'POST',
        body,
        headers,
      });
    },
    /** Signs a person in; the result requests pages and posts forms. */
    async visit(person: string) {
      const cookie = await signInAs(call, person);
      return (path: string, form?: Record<string, string>): Promise<Response> =>
        exports.default.fetch(`https://caselite.test/w/${name}${path}`, {
          redirect: 'manual',
          headers: { cookie, 'sec-fetch-site': 'same-origin' },
          ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
        });
    },
    async cases(): Promise<CaseJson[]> {
      return ((await (await call('GET', 'cases')).json()) as Page<CaseJson>).items;
    },
  };
}
