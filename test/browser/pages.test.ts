import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '#src/cli/progress.ts';
import { signDelivery } from '#src/cli/sign-delivery.ts';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
let paths: Record<string, string>;

beforeAll(async () => {
  harness = await startHarness();
  const { client, workspace, secrets } = harness.stack;
  const poison = new TextEncoder().encode('<script>document.title = "mine"</script>');
  const secret = (variable: string) => secrets.get(variable);
  const headers = await signDelivery(workspace, 'upgrade-survey', poison, secret);
  await client.deliver('upgrade-survey', poison, headers);
  const setAside = await until('what was set aside', async () =>
    (await client.list('deliveries')).find(({ outcome }) => outcome === 'set-aside'),
  );
  const cases = await client.list('cases');
  const [newest] = cases;
  const home = `/w/${workspace.workspace}`;
  paths = {
    'my work': home,
    cases: `${home}/cases`,
    'all cases': `${home}/cases?show=all`,
    case: `${home}/cases/${newest?.id}`,
    'strategic case': `${home}/cases/${cases.find(({ kind }) => kind === 'strategic')?.id}`,
    'strategic cases': `${home}/strategic?show=all&sort=age`,
    responses: `${home}/responses`,
    response: `${home}/responses/${newest?.responses[0]}`,
    deliveries: `${home}/deliveries`,
    'a search of deliveries': `${home}/deliveries?outcome=set-aside&error=json`,
    delivery: `${home}/deliveries/${setAside.id}`,
    sources: `${home}/sources`,
    source: `${home}/sources/upgrade-survey`,
    customers: `${home}/customers`,
    customer: `${home}/customers/1`,
    'follow-ups': `${home}/follow-ups`,
    people: `${home}/people`,
    reports: `${home}/reports`,
    trackers: `${home}/settings`,
    templates: `${home}/templates`,
    imports: `${home}/settings/imports`,
    versions: `${home}/settings/versions`,
  };
});

afterAll(() => harness?.close());

async function inspect(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  return [
    ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    ...(overflow > 0 ? [`the page is ${overflow} px wider than the window`] : []),
  ];
}

describe.each([
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
  { width: 360, scheme: 'light' },
  { width: 360, scheme: 'dark' },
] as const)('at $width px, $scheme', (look) => {
  test('every signed-in page is accessible, fits the window and complains of nothing', async () => {
    const { context, page, troubles } = await harness.open(look);
    await harness.signIn(page);
    for (const [name, path] of Object.entries(paths)) {
      const answer = await page.goto(harness.stack.run.url + path);
      expect(answer?.status(), name).toBe(200);
      expect(await inspect(page), name).toEqual([]);
    }
    expect(troubles).toEqual([]);
    await context.close();
  });
});

// Its 4,000 elements take longer to inspect than all other pages.
test.each([1280, 360])('the API reference is accessible and fits the window at %i px', async (width) => {
  const { context, page, troubles } = await harness.open({ width, scheme: 'light' });
  await page.goto(`${harness.stack.run.url}/docs`);
  expect(await inspect(page)).toEqual([]);
  expect(troubles).toEqual([]);
  await context.close();
});

test('a case manager finds the urgent case, its whole story and its response', async () => {
  const { context, page } = await harness.open({ width: 1280, scheme: 'light' });
  await harness.signIn(page);
  await page
    .getByRole('link', { name: /Inês Duarte/ })
    .first()
    .click();
  const text = await page.locator('main').innerText();
  expect(text).toMatch(/Urgent/);
  expect(text).toMatch(/Sam Okafor/);
  expect(text).toMatch(/opened/);
  await page.getByRole('link', { name: 'Inês Duarte' }).click();
  expect(await page.locator('main').innerText()).toMatch(/license check stops at 80 %/);
  await context.close();
});

test('a case manager acts on a case from its page, and sees what is on its way', async () => {
  const { context, page } = await harness.open({ width: 360, scheme: 'light' });
  await harness.signIn(page);
  await page.goto(harness.stack.run.url + (paths.case ?? ''));
  await page.getByText('Change the severity').first().click();
  await page.locator('#severity-value').selectOption({ index: 1 });
  await page.locator('#severity-because').fill('only one of them is stopped');
  await page.getByRole('button', { name: 'Change the severity' }).click();
  expect(await page.locator('main').innerText()).toMatch(/severity changed[\s\S]*only one of them is stopped/);
  await page.getByText('Comment on the issue').click();
  await page.locator('#comment-value').fill('Please look at this.');
  await page.locator('#comment-mention').selectOption({ label: 'Dana Reyes' });
  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  const said = await until('the comment in the tracker', async () => {
    await page.reload();
    const text = await page.locator('main').innerText();
    return text.includes('from the case page, to Dana Reyes') && /[1-9]\d* comments?/.test(text) && text;
  });
  expect(said).not.toContain('A comment is to be left');
  await context.close();
});

test('what was set aside is read as text, and replayed with all that match', async () => {
  const { context, page } = await harness.open({ width: 1280, scheme: 'light' });
  await harness.signIn(page);
  await page.goto(harness.stack.run.url + (paths.delivery ?? ''));
  expect(await page.title()).toContain('Delivery');
  expect(await page.locator('pre').innerText()).toContain('<script>');
  await page.getByRole('link', { name: 'Deliveries' }).first().click();
  await page.getByLabel('Reason contains').fill('not json');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('button', { name: 'Replay all that match' }).click();
  expect(await page.getByRole('status').innerText()).toBe('1 delivery is replayed.');
  const forged = await page.request.post(`${harness.stack.run.url}${paths.deliveries}/replay`, {
    headers: { 'sec-fetch-site': 'cross-site' },
    form: {},
  });
  expect(forged.status()).toBe(403);
  await context.close();
});

test('without a session nothing is shown, whether the workspace exists or not', async () => {
  const { context, page } = await harness.open({ width: 1280, scheme: 'light' });
  const existing = await page.goto(harness.stack.run.url + (paths.cases ?? ''));
  const there = [existing?.status(), await page.locator('main').innerText()];
  const missing = await page.goto(`${harness.stack.run.url}/w/nobody`);
  expect([missing?.status(), await page.locator('main').innerText()]).toEqual(there);
  expect(existing?.status()).toBe(401);
  await context.close();
});

describe('the follow-up survey', () => {
  let link: string;

  beforeAll(async () => {
    const { stack } = harness;
    const caseJson = (await stack.client.list('cases')).find(({ template }) => template === 'upgrade-not-installed');
    const dana = stack.workspace.people.dana?.accounts.jira ?? '';
    await stack.emulators?.trackerUser.jira?.close(caseJson?.issue?.key ?? '', dana);
    link = await harness.surveyLink('ines@harbour-logistics.example');
  });

  /** Everything that an answer or an opt-out would change. */
  const state = async () => ({
    followUps: (await harness.stack.client.list('follow-ups')).map(({ id, state: now }) => [id, now]),
    loops: (await harness.stack.client.list('cases')).map(({ id, loop, timeline }) => [
      id,
      loop,
      timeline.filter(({ what }) => /answered|opted out/.test(what)).length,
    ]),
  });

  test('a scanner that opens every link of every mail and runs scripts answers nothing', async () => {
    const { context, page } = await harness.open({ width: 1280, scheme: 'light' });
    const inbox = (await harness.stack.emulators?.inbox()) ?? [];
    const links = new Set<string>();
    for (const { html, headers } of inbox) {
      await page.setContent(html);
      for (const value of await page.locator('a').evaluateAll((all) => all.map((a) => a.getAttribute('href'))))
        if (value) links.add(value);
      const header = /<(\S+)>/.exec(headers['List-Unsubscribe'] ?? '')?.[1];
      if (header) links.add(header);
    }
    const own = [...links].filter((value) => value.startsWith(harness.stack.run.url));
    expect(own.filter((value) => value.includes('?resolved='))).toHaveLength(3);
    expect(own.some((value) => value.includes('/u/'))).toBe(true);
    const before = await state();
    for (const address of own.filter((value) => /\/[su]\//.test(value))) {
      await fetch(address, { headers: { 'sec-purpose': 'prefetch' } });
      await page.goto(address, { waitUntil: 'networkidle' });
      const links = await page
        .getByRole('link')
        .evaluateAll((result) => result.map((entry) => (entry as HTMLAnchorElement).href));
      for (const next of links.filter((value) => value.startsWith(harness.stack.run.url))) await page.goto(next);
      await fetch(address, { method: 'HEAD' });
    }
    expect(await state()).toEqual(before);
    await context.close();
  });

  test('a customer answers on a phone, and a missing answer is asked for at its place', async () => {
    const { context, page, troubles } = await harness.open({ width: 360, scheme: 'dark' });
    await page.goto(link);
    expect(await inspect(page)).toEqual([]);
    await page.getByLabel('Anything else we should know?').fill('Now it runs.');
    await page.getByRole('button', { name: 'Send' }).click();
    if (await page.getByText('Please choose an answer.').count()) expect(await inspect(page)).toEqual([]);
    await page.getByText('Yes, it is resolved').click();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Thank you').first().waitFor();
    expect(await inspect(page)).toEqual([]);
    expect(troubles.filter((line) => !line.includes('422'))).toEqual([]);
    await until('the verdict', async () =>
      (await harness.stack.client.list('cases')).some(({ loop }) => loop === 'confirmed'),
    );
    await context.close();
  });

  test('it speaks Arabic from right to left where the customer does, with what was done', async () => {
    const { client, run, workspace } = harness.stack;
    const ours = (await client.list('cases')).find(({ template }) => template === 'upgrade-not-installed');
    const speaks = (language: string) =>
      fetch(`${run.url}/api/v1/workspaces/${workspace.workspace}/customers`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${run.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ customers: [{ key: ours?.customer.key, language }] }),
      });
    expect((await speaks('ar-EG')).status).toBe(200);
    const { context, page } = await harness.open({ width: 360, scheme: 'dark' });
    await page.goto(link);
    expect(await inspect(page)).toEqual([]);
    const html = page.locator('html');
    expect([await html.getAttribute('lang'), await html.getAttribute('dir')]).toEqual(['ar', 'rtl']);
    await page.getByText('أنهى فريقنا عمله على ذلك').waitFor();
    await speaks('en');
    await context.close();
  });

  test('an answer chosen in the mail is only filled in, and sent without script from a phone', async () => {
    const context = await harness.browser.newContext({
      viewport: { width: 360, height: 800 },
      javaScriptEnabled: false,
    });
    const page = await context.newPage();
    const answers = async () =>
      (await harness.stack.client.list('cases')).flatMap(({ timeline }) =>
        timeline.filter(({ what }) => what === 'customer answered: yes'),
      ).length;
    const before = await answers();
    await page.goto(`${link}?resolved=partly`);
    expect(await page.getByLabel('Only in part').isChecked()).toBe(true);
    expect(await page.getByLabel('Yes, it is resolved').isChecked()).toBe(false);
    await page.getByLabel('Yes, it is resolved').check();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    await until('the answer in the case', async () => (await answers()) === before + 1);
    await page.getByRole('link', { name: 'Change my answers' }).click();
    expect(await page.getByLabel('Yes, it is resolved').isChecked()).toBe(true);
    await context.close();
  });

  test('one click ends all mail', async () => {
    const { context, page } = await harness.open({ width: 360, scheme: 'light' });
    const mail = (await harness.stack.emulators?.inbox())?.find(({ text }) => text.includes('/u/'));
    const address = /<(\S+)>/.exec(mail?.headers['List-Unsubscribe'] ?? '')?.[1] ?? '';
    expect(mail?.text).toContain(address);
    await page.goto(address);
    expect(await inspect(page)).toEqual([]);
    const click = await fetch(address, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
      redirect: 'manual',
    });
    expect([click.status, click.headers.get('set-cookie')]).toEqual([200, null]);
    await page.getByRole('button').click();
    const caseJson = (await harness.stack.client.list('cases')).find(
      ({ template }) => template === 'upgrade-not-installed',
    );
    expect(caseJson?.timeline.some(({ what }) => what === 'customer opted out of mail')).toBe(true);
    expect(mail?.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
    await context.close();
  });
});
