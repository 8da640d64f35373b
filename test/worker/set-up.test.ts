import { createHmac } from 'node:crypto';
import { exports } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { typeform } from '#adapters/surveys/typeform/definition.ts';
import { createSignedDelivery } from '#domain/integrations/survey-source.ts';
import { encodeTypeform } from '#test/harness/sample-response.ts';
import { cookieOf, directory, newWorkspace, pressButton, readFormFields } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';
import { secrets } from './variables.ts';

let hosts: ReturnType<typeof emulatedHosts>;
useNetwork();
beforeEach(() => {
  hosts = emulatedHosts();
  network.use(...hosts.handlers);
});

const beginning = (name: string) => ({
  name,
  'time-zone': 'Europe/Berlin',
  person: 'Dana Reyes',
  email: 'dana@acme.example',
});

// It comes first, because it waits until the SDKs are loaded, which is done once for all workspaces.
test('a tracker is tried out by a test issue, and gets its webhook with a secret of its own', async () => {
  const workspace = await newWorkspace();
  const visit = await workspace.visit('dana');
  const show = async () => (await (await visit('/settings')).text()).replaceAll(/<[^>]+>/g, '');
  const made = await visit('/set-up/test-issue', { tracker: 'product', back: 'settings' });
  expect([made.status, made.headers.get('location')]).toEqual([303, `/w/${workspace.name}/settings`]);
  await workspace.settle();
  expect(await show()).toContain('Issue #1');
  await visit('/set-up/test-issue', { tracker: 'product', back: '//elsewhere.example' });
  await workspace.settle();
  const issues = await hosts.github.list();
  expect(issues.filter(({ title }) => title === 'Test issue of Caselite')).toMatchObject([{ state: 'closed' }]);
  expect((await visit('/set-up/test-issue', { tracker: 'nobody' })).status).toBe(422);

  await visit('/set-up/hook', { queue: 'product', form: '', back: 'settings' });
  await workspace.settle();
  expect(await show()).toContain('saw it in use');
  const { files } = (await (await workspace.call('GET', 'settings')).json()) as { files: { text: string }[] };
  expect(parse(files[0]?.text ?? '').trackers.product['webhook-secret']).toBe('GITHUB_WEBHOOK_SECRET');
  const [hook] = hosts.githubHooks();
  const body = JSON.stringify({ zen: 'Keep it logically awesome.' });
  const deliver = (secret: string) => {
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const headers = { 'x-hub-signature-256': `sha256=${signature}`, 'x-github-delivery': `ping of ${secret}` };
    return exports.default.fetch(hook?.config.url ?? '', { method: 'POST', body, headers });
  };
  expect((await deliver('another secret')).status).toBe(401);
  expect((await deliver(hook?.config.secret ?? '')).ok).toBe(true);
  expect((await visit('/set-up/hook', { queue: 'support', form: '' })).status).toBe(422);
});

test('an admin of the deployment begins another workspace, and an admin of a workspace alone cannot', async () => {
  const { name, visit: visitAs } = await newWorkspace();
  const visit = await visitAs('dana');
  const refused = await visit('/workspaces', beginning('Legal feedback'));
  expect([(await visit('/workspaces')).status, refused.status]).toEqual([403, 403]);
  expect(await refused.text()).toContain(`names ${name}/dana in DEPLOYMENT_ADMINS`);
  expect(await (await visit('/set-up')).text()).not.toContain('Begin another workspace');
  await directory().add(name, `${name}/dana`);
  expect(await (await visit('/set-up')).text()).toContain('Begin another workspace');

  const wrong = await visit('/workspaces', { ...beginning('Legal feedback'), 'time-zone': 'Berlin' });
  expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('This is not a time zone')]);
  const begun = await visit('/workspaces', beginning('Legal feedback'));
  expect(begun.status).toBe(303);
  const link = new URL(begun.headers.get('location') ?? '', 'https://caselite.test').href;
  const cookie = cookieOf(await pressButton(link));
  const page = await exports.default.fetch('https://caselite.test/w/legal-feedback/set-up', { headers: { cookie } });
  expect(await page.text()).toContain('Still to do: issue tracker');
  const first = await exports.default.fetch('https://caselite.test/w/legal-feedback', { headers: { cookie } });
  expect(await first.text()).toContain('What is left to set up');
  const choice = 'https://caselite.test/w/legal-feedback/set-up?survey=surveymonkey';
  const chosen = await (await exports.default.fetch(choice, { headers: { cookie } })).text();
  expect(chosen).toMatch(/name="secret"[\s\S]*name="token"/);
  expect(chosen).toContain('href="/w/legal-feedback/settings/parts/sources?kind=standard-webhooks#new"');
  const connecting = { method: 'POST', headers: { cookie, 'sec-fetch-site': 'same-origin' } };
  const body = new URLSearchParams({ kind: 'tally' });
  const survey = await exports.default.fetch(choice.replace(/\?.*/, '/survey'), { ...connecting, body });
  expect(await survey.text()).toMatch(/Copy it now[\s\S]*set-up\?survey=tally#survey">Choose another tool/);
  expect(await (await exports.default.fetch(choice, { headers: { cookie } })).text()).toContain('Connect it');
  expect(await (await visit('/settings/audit')).text()).toContain('workspace begun');

  const again = await visit('/workspaces', beginning('Legal feedback'));
  expect([again.status, await again.text()]).toEqual([422, expect.stringContaining('legal-feedback')]);
  expect((await (await visitAs('sam'))('/workspaces')).status).toBe(403);
});

test('one of two holders of the code begins the first workspace', async () => {
  const refused = (await directory().addFirst('second', 'second/eve')) as unknown;
  expect(refused).toMatchObject({ ok: false, code: 'conflict' });
  expect((await directory().demandAdmin('second/eve')) as unknown).toMatchObject({ code: 'forbidden' });
});

test('the deployment names its admins', async () => {
  const begin = async (person: string) => (await directory().begin('begun-by-another', person)) as unknown;
  const list = async () => (await directory().list()) as unknown;
  for (const person of ['acme-98/dana', 'dana', '']) expect(await begin(person)).toMatchObject({ code: 'forbidden' });
  expect(await list()).toMatchObject({ value: expect.not.arrayContaining(['begun-by-another']) });
  for (const person of ['acme-99/dana', 'acme-98/kim']) expect(await begin(person)).toMatchObject({ ok: true });
  expect(await list()).toMatchObject({ value: expect.arrayContaining(['begun-by-another']) });
});

test('the questions are saved as they stand, and every fact about respondents stays mapped', async () => {
  const { visit: visitAs, call, deliver, settle } = await newWorkspace();
  const visit = await visitAs('dana');
  const readSource = async () => {
    const { files } = (await (await call('GET', 'settings')).json()) as { files: { text: string }[] };
    return parse(files[0]?.text ?? '').sources['upgrade-survey'];
  };
  const before = await readSource();
  await deliver({ token: 'one', completed: true, ease: 9 });
  await settle();
  const [page = ''] = /<form[^>]*set-up\/questions[\s\S]*?<\/form>/.exec(await (await visit('/set-up')).text()) ?? [];
  const saved = await visit('/set-up/questions', readFormFields(page));
  expect([saved.status, (await readSource()).respondent]).toEqual([303, before.respondent]);
  const twice = await visit('/set-up/questions', {
    ...readFormFields(page),
    ...{ 'question.upgrade_completed': 'comment', 'question.upgrade_ease': 'comment' },
  });
  expect([twice.status, await twice.text()]).toEqual([422, expect.stringContaining('choose each meaning once')]);
});

test('a form of the survey tool that answers meanwhile changes nothing of what the saved page showed', async () => {
  const { name, visit: visitAs, call, deliver, settle } = await newWorkspace();
  const visit = await visitAs('dana');
  await deliver({ token: 'one', completed: true, ease: 9 });
  await settle();
  const [page = ''] = /<form[^>]*set-up\/questions[\s\S]*?<\/form>/.exec(await (await visit('/set-up')).text()) ?? [];
  const facts = {
    token: 'two',
    completed: false,
    ease: 3,
    customer: 'c-2',
    email: 'two@customer.example',
    name: 'Ada',
  };
  const text = new TextDecoder().decode(encodeTypeform({ ...facts, at: Date.UTC(2026, 10, 20) }, Date.now()));
  const body = new TextEncoder().encode(
    text.replace('"form_id":"upgrade"', '"form_id":"another"').replaceAll('upgrade_', 'another_'),
  );
  const { headers } = await createSignedDelivery(typeform, body, secrets.TYPEFORM_SECRET, {
    id: 'two',
    now: Date.now(),
  });
  const url = `https://caselite.test/hooks/${name}/upgrade-survey`;
  expect((await exports.default.fetch(url, { method: 'POST', body, headers })).ok).toBe(true);
  await settle();
  expect((await visit('/set-up/questions', readFormFields(page))).status).toBe(303);
  const { files } = (await (await call('GET', 'settings')).json()) as { files: { text: string }[] };
  expect(parse(files[0]?.text ?? '').sources['upgrade-survey'].questions).toMatchObject({
    completed: 'upgrade_completed',
  });
});

test('the questions of a survey that says nothing about its respondents are saved', async () => {
  const respondent = /(upgrade-survey:[\s\S]*?) {4}respondent:\n( {6}.*\n)+/;
  const workspace = await newWorkspace((file) => file.replace(respondent, '$1'));
  const visit = await workspace.visit('dana');
  await workspace.deliver({ token: 'one', completed: true, ease: 9 });
  await workspace.settle();
  const [page = ''] = /<form[^>]*set-up\/questions[\s\S]*?<\/form>/.exec(await (await visit('/set-up')).text()) ?? [];
  const nothing = ['email', 'key', 'name', 'tier'].map((name) => [`respondent.${name}`, '']);
  const saved = await visit('/set-up/questions', { ...readFormFields(page), ...Object.fromEntries(nothing) });
  const { files } = (await (await workspace.call('GET', 'settings')).json()) as { files: { text: string }[] };
  expect([saved.status, parse(files[0]?.text ?? '').sources['upgrade-survey'].respondent]).toEqual([303, undefined]);
});

test('a survey tool that is connected again keeps what was said of it', async () => {
  const { visit: visitAs, call } = await newWorkspace();
  const visit = await visitAs('dana');
  const connect = (token: string) => visit('/set-up/survey', { kind: 'formbricks', secret: 'whsec_c2VjcmV0', token });
  expect((await connect('')).status).toBe(200);
  await visit('/set-up/hook', { queue: 'source:survey', form: 'f1' });
  expect((await connect('a-token')).status).toBe(200);
  const { files } = (await (await call('GET', 'settings')).json()) as { files: { text: string }[] };
  const { forms, token } = parse(files[0]?.text ?? '').sources.survey;
  expect([forms, token]).toEqual([['f1'], 'FORMBRICKS_TOKEN']);
});

test('a secret is made once, and for no tool that gives its own', async () => {
  const { visit: visitAs } = await newWorkspace();
  const visit = await visitAs('dana');
  const connect = async (kind: string) => (await visit('/set-up/survey', { kind, secret: '', token: '' })).text();
  expect(await connect('tally')).toContain('Copy it now');
  expect(await connect('tally')).not.toContain('Copy it now');
  expect(await connect('survicate')).not.toContain('Copy it now');
  const chosen = await (await visit('/set-up?survey=survicate')).text();
  expect(await (await visit('/settings')).text()).toMatch(/SURVICATE_SECRET<\/code><span class="pill bad">missing/);
  expect(chosen).not.toContain('have one made');
});

test.each([
  ['limesurvey', 'the secret as its API token'],
  ['posthog', 'with the header x-caselite-secret'],
])('the set-up says where %s takes the secret', async (kind, clicks) => {
  const { visit } = await newWorkspace((yaml) =>
    yaml.replace('\nsources:\n', `\nsources:\n  first: { kind: ${kind}, secret: FIRST_SECRET }\n`),
  );
  expect(await (await (await visit('dana'))('/set-up')).text()).toContain(clicks);
});

test('a look for the first delivery is an address of its own, so that a browser loads the page again', async () => {
  const { visit } = await newWorkspace();
  const page = await (await (await visit('dana'))('/set-up')).text();
  const [, at] = /href="[^"]*\/set-up\?at=(\d+)#survey">Look again/.exec(page) ?? [];
  expect(Math.abs(Date.now() - Number(at))).toBeLessThan(60_000);
});
