import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Served, serveAt } from '#adapters/emulators/serve.ts';
import { typeform } from '#adapters/surveys/typeform/definition.ts';
import { emulateTypeform } from '#adapters/surveys/typeform/emulator.ts';
import { createSignedDelivery } from '#domain/integrations/survey-source.ts';
import { DataFolder } from '#src/cli/data-folder.ts';
import { doctor } from '#src/cli/doctor.ts';
import { until } from '#src/cli/progress.ts';
import { type Stack, startStack } from '#src/cli/stack.ts';
import { findFreeTcpPort } from '#test/harness/free-port.ts';
import { projectRoot } from '#src/cli/workspace-files.ts';
import { launchBrowser, reload } from './harness.ts';

/* A person with an empty deployment and emulated vendors reaches a confirmed loop, with every click counted. */

const expectedClicks = 24;
/** Human speed: a slow person finds the next thing to click in 8 seconds, and types 3 characters in one. */
const secondsPerClick = 8;
const secondsPerCharacter = 1 / 3;
const mostSeconds = 600;
const shipped = readFileSync(join(projectRoot, 'test', 'fixtures', 'deliveries', 'gold-not-installed.json'), 'utf8');

let browser: Browser;
let stack: Stack;
let path: string;
const typeformToken = 'a token of Typeform';
const surveyHost = emulateTypeform(Date.now, typeformToken);
let surveyTool: Served;

beforeEach(async () => {
  browser = await launchBrowser();
  path = mkdtempSync(join(tmpdir(), 'caselite-set-up-'));
  surveyHost.hooks.clear();
  surveyTool = await serveAt(() => surveyHost.app, { host: '127.0.0.1', port: 0 });
  vi.stubEnv('TYPEFORM_API_URL', surveyTool.url);
  const port = await findFreeTcpPort();
  stack = await startStack({ folder: new DataFolder(path), workspaceFilePath: null, port, emulators: true });
}, 60_000);

afterEach(async () => {
  await browser.close();
  await stack.stop();
  await surveyTool.close();
  rmSync(path, { recursive: true, force: true });
});

/** Sends an answer of the survey tool. @returns the status of the answer */
async function respond(url: string, secret: string, token: string): Promise<number> {
  const delivery = JSON.parse(shipped);
  delivery.form_response.token = token;
  delivery.form_response.hidden = { customer_id: `cust-${token}`, email: `${token}@customer.example`, name: 'Noor' };
  const body = new TextEncoder().encode(JSON.stringify(delivery));
  const { headers } = await createSignedDelivery(typeform, body, secret, { id: token, now: Date.now() });
  return (await fetch(url, { method: 'POST', body, headers })).status;
}

describe.each([
  { width: 1280, javaScriptEnabled: true, colorScheme: 'light' as const },
  { width: 360, javaScriptEnabled: false, colorScheme: 'dark' as const },
])('at $width px, with script: $javaScriptEnabled', ({ width, javaScriptEnabled, colorScheme }) => {
  let page: Page;
  let clicks = 0;
  let typed = 0;
  const type = async (target: Locator, text: string) => {
    typed += text.length;
    await target.fill(text);
  };
  const press = async (target: Locator) => {
    clicks += 1;
    await target.click();
  };
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const link = (name: string) => page.getByRole('link', { name, exact: true });
  const section = (name: RegExp) => page.getByRole('region', { name });
  const reloadUntil = (what: string, isSo: () => Promise<boolean>) =>
    until(what, async () => {
      await reload(page);
      return isSo();
    });
  const lookOver = async (name: string) => {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide, 'pixels beside the window').toBeLessThanOrEqual(0);
    if (process.env.LOOK)
      await page.screenshot({ path: join(process.env.LOOK, `${name}-${width}.png`), fullPage: true });
    if (javaScriptEnabled) expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  };

  test('an empty deployment comes to a loop that its customer confirmed', async () => {
    const begunAt = performance.now();
    const context = await browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled, colorScheme });
    page = await context.newPage();
    await page.goto(stack.run.url);
    const beginning = {
      name: 'Borealis finance',
      'time-zone': 'Europe/Berlin',
      person: 'Ada Berg',
      email: 'ada@borealis.example',
    };
    const begin = async (code: string, changed: Partial<typeof beginning> = {}) => {
      for (const [name, value] of Object.entries({ code, ...beginning, ...changed }))
        await type(page.locator(`[name="${name}"]`), value);
      await press(button('Begin'));
    };
    await begin('no such code');
    expect(await page.locator('.problem').innerText()).toContain('is another code');
    await lookOver('first');
    await begin(stack.setUpCode ?? '', { 'time-zone': 'Berlin' });
    expect(await page.locator('#set-up-time-zone-problem').innerText()).toContain('is not a time zone');
    await begin(stack.setUpCode ?? '');
    await press(button('Sign in'));
    expect(await page.getByRole('note').first().innerText()).toContain('Still to do: issue tracker, survey tool');
    expect((await fetch(`${stack.run.url}/set-up`, { redirect: 'manual' })).status).toBe(303);

    await press(link('GitHub'));
    await type(page.getByLabel('Token of GitHub'), 'no-token-of-github');
    await press(button('Look where it reaches'));
    expect(await page.locator('main').innerText()).toContain('does not let GitHub in');
    await type(page.getByLabel('Token of GitHub'), stack.secrets.get('ACME__GITHUB_TOKEN') ?? '');
    await press(button('Look where it reaches'));
    await page.getByLabel('Where new issues go').selectOption('acme/product');
    await type(page.getByLabel('Your own account there'), 'dana-acme');
    await press(button('Use it'));
    expect(await section(/Issue tracker/).innerText()).toContain('New issues go to acme/product');
    await lookOver('tracker');
    const saysOf = (name: RegExp, words: RegExp) => async () => words.test(await section(name).innerText());
    await press(button('Make a test issue'));
    await reloadUntil('the test issue', async () => (await button('Remove it now').count()) > 0);
    await lookOver('test-issue');
    await press(button('Remove it now'));
    await reloadUntil('the end of the test issue', saysOf(/Issue tracker/, /made as a case’s is, and removed/));
    await press(button('Register the webhook'));
    await reloadUntil('the webhook of the tracker', saysOf(/Issue tracker/, /saw it in use/));

    await press(link('Typeform'));
    await type(page.getByLabel('API token, with which'), typeformToken);
    await press(button('Connect it'));
    expect(await page.getByLabel('Your survey').inputValue()).toBe('form-1');
    await lookOver('survey');
    await press(section(/Survey tool/).getByRole('button', { name: 'Register the webhook' }));
    await reloadUntil('the webhook of the survey', saysOf(/Survey tool/, /saw it in use/));
    await lookOver('webhook');
    const [hook] = surveyHost.hooks.values();
    const [url, secret] = [String(hook?.url), String(hook?.secret)];
    expect(await respond(url, 'another secret', 'one')).toBe(401);
    await press(link('Look again'));
    await reloadUntil('the refusal', async () => /signature/.test(await section(/Survey tool/).innerText()));
    expect(await respond(url, secret, 'one')).toBe(202);
    await reloadUntil('the questions', async () => (await button('Save the questions').count()) > 0);
    const completed = page.getByLabel(/complete the installation/);
    expect(await completed.inputValue()).toBe('completed');
    expect(await page.getByLabel('E-mail address').inputValue()).toBe('hidden.email');
    await lookOver('questions');
    await press(button('Save the questions'));

    await type(page.getByLabel('Key of Resend'), stack.secrets.get('ACME__RESEND_KEY') ?? '');
    await press(button(/^Save, and send a mail to me/));
    await reloadUntil('the mail', async () => /A mail to you was accepted/.test(await section(/Mail/).innerText()));
    expect((await stack.emulators?.inbox())?.map(({ to }) => to)).toEqual([['ada@borealis.example']]);

    expect(await section(/What opens a case/).innerText()).toContain(
      'Upgrade not installed: would have opened one case so far',
    );
    await press(button(/^Use “/));
    expect(await respond(url, secret, 'two')).toBe(202);
    await reloadUntil('the issue', async () => (await page.getByRole('link', { name: /^Its issue/ }).count()) > 0);
    expect(await page.getByRole('note').first().innerText()).toContain('Everything is set up');
    await lookOver('done');

    await press(link('Open C-1'));
    await press(page.locator('summary', { hasText: 'Close as fixed' }));
    await type(page.getByLabel('What was done, for the team'), 'The license server is back.');
    await type(page.getByLabel('Root cause, if known'), 'License server');
    await press(button('Close as fixed'));
    await reloadUntil('the closing', async () => (await button('Ask now').count()) > 0);
    await press(button('Ask now'));
    const mail = await until('the question to the customer', async () =>
      (await stack.emulators?.inbox())?.find(
        ({ to, text }) => to.includes('two@customer.example') && text.includes('/s/'),
      ),
    );
    const survey = await context.newPage();
    await survey.goto(/https?:\/\/\S+\/s\/\S+/.exec(mail.text)?.[0] ?? '');
    await press(survey.getByLabel('Yes').first());
    await press(survey.getByRole('button').first());
    await reloadUntil('the confirmation', async () => /[Cc]onfirmed/.test(await page.locator('main').innerText()));
    await page.goto(new URL('settings', page.url().replace(/cases.*/, '')).href);
    await lookOver('secrets');
    expect(clicks, 'clicks from nothing to a confirmed loop, with three wrong tries').toBe(expectedClicks);
    const waited = (performance.now() - begunAt) / 1000;
    const seconds = Math.round(waited + clicks * secondsPerClick + typed * secondsPerCharacter);
    console.log(`${clicks} clicks, ${typed} characters, ${seconds} seconds at human speed`);
    expect(seconds, 'seconds at human speed').toBeLessThanOrEqual(mostSeconds);

    const lines: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
    await page.goto(page.url().replace('settings', 'account'));
    await page.getByText('Make a token').click();
    await page.getByLabel(/^Name, such as/).fill('Doctor');
    for (const scope of ['act', 'settings']) await page.locator(`[name="${scope}"]`).check();
    await button('Make the token').click();
    const [token = ''] = /cl_[0-9a-f]+/.exec(await page.locator('main').innerText()) ?? [];
    vi.stubEnv('DOCTORS_TOKEN', token);
    const workspace = new URL(page.url()).pathname.split('/')[2];
    const deployment = { url: stack.run.url, workspace, tokenVariable: 'DOCTORS_TOKEN' };
    expect(await doctor(deployment), lines.join('\n')).toBe(0);
    expect(lines.join('\n')).not.toContain('has no secret');
  }, 120_000);
});
