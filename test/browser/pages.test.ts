import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '#src/cli/progress.ts';
import { asSent } from '#src/cli/send.ts';
import { type Harness, reload, startHarness } from './harness.ts';

let harness: Harness;
let paths: Record<string, string>;

beforeAll(async () => {
  harness = await startHarness();
  const { client, workspace, secrets } = harness.stack;
  const poison = new TextEncoder().encode('<script>document.title = "mine"</script>');
  const secret = (variable: string) => secrets.get(variable);
  const { headers } = await asSent(workspace, 'upgrade-survey', poison, secret);
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
    'strategic cases': `${home}/strategic?show=all&sort=trend`,
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
    triage: `${home}/triage`,
    reports: `${home}/reports`,
    trackers: `${home}/settings`,
    templates: `${home}/templates`,
    imports: `${home}/settings/imports`,
    versions: `${home}/settings/versions`,
    'settings of people': `${home}/settings/parts/people`,
  };
});

afterAll(() => harness?.close());

/** Text of the part of a page that has the focus. */
const focused = (page: Page) =>
  page.evaluate(() => (document.activeElement === document.body ? '' : document.activeElement?.textContent));

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
test.each([360])('the API reference is accessible and fits the window at %i px', async (width) => {
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
  expect(text).toMatch(/license check stops at 80 %/);
  await page.getByRole('link', { name: 'Inês Duarte' }).click();
  expect(await page.locator('main').innerText()).toMatch(/cust-1042/);
  await page.goBack();
  await page.locator('a[href*="/responses/r_"]').first().click();
  expect(await page.locator('main').innerText()).toMatch(/license check stops at 80 %/);
  await context.close();
});

/** Clicks on links, buttons and summaries, counted from the home page. */
function createClicker(page: Page) {
  let clicks = 0;
  return {
    count: () => clicks,
    async click(name: string | RegExp, role: 'link' | 'button' | 'summary' = 'button') {
      clicks += 1;
      const target = role === 'summary' ? page.locator('summary', { hasText: name }) : page.getByRole(role, { name });
      await target.first().click();
    },
  };
}

describe.each([1280, 360])('a case manager at %i px, without script', (width) => {
  /** Opens the first case of the home page; one click. */
  async function openCase() {
    const context = await harness.browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled: false });
    const page = await context.newPage();
    await harness.signIn(page);
    await page.goto(harness.stack.run.url + (paths['my work'] ?? ''));
    const clicker = createClicker(page);
    await clicker.click(/^C-\d+ /, 'link');
    const text = () => page.locator('main').innerText();
    return { context, page, clicker, text };
  }

  test('sees why the case opened in 2 clicks, right below the words', async () => {
    const { context, page, clicker, text } = await openCase();
    expect(await text()).toMatch(/What the customer said[\s\S]*Next[\s\S]*Timeline/);
    await clicker.click('Why it opened', 'summary');
    const box = await page.locator('#words').boundingBox();
    expect(box?.y).toBeLessThan(500);
    expect(clicker.count()).toBe(2);
    await context.close();
  });

  test('changes the severity in 4 clicks, takes it back by Undo, and changes it again', async () => {
    const { context, page, clicker, text } = await openCase();
    const change = async () => {
      await clicker.click('More actions', 'summary');
      await clicker.click('Change the severity', 'summary');
      await page.locator('#severity-value').selectOption({ index: width === 1280 ? 1 : 2 });
      await page.locator('#severity-because').fill(`only one at ${width}`);
      await clicker.click('Change the severity');
    };
    await change();
    expect(clicker.count()).toBe(4);
    expect(await page.getByRole('status').innerText()).toMatch(/The severity becomes \w+, in a few seconds/);
    await clicker.click(/^Undo The severity becomes/);
    expect(await page.getByRole('status').innerText()).toContain('Withdrawn');
    await change();
    await until('the change', async () => {
      await reload(page);
      return (await text()).includes(`only one at ${width}`);
    });
    await context.close();
  });

  test('tells the customer in 3 clicks, and reads it again on the page', async () => {
    const { context, page, clicker, text } = await openCase();
    await clicker.click('Write to the customer', 'summary');
    await page.locator('#messages-subject').fill(`We are on it (${width})`);
    await page.locator('#messages-text').fill('We found the cause.');
    await clicker.click('Send');
    expect(clicker.count()).toBe(3);
    expect(await page.getByRole('status').innerText()).toContain('on its way');
    expect(await text()).toMatch(new RegExp(`We are on it \\(${width}\\)[\\s\\S]*We found the cause`));
    await context.close();
  });

  test('keeps what was entered where an entry is wrong, with the message at the field', async () => {
    const { context, page, clicker } = await openCase();
    await clicker.click('More actions', 'summary');
    await clicker.click('Mark as a duplicate', 'summary');
    await page.locator('#duplicate-value').fill('C-999');
    await clicker.click('Mark as a duplicate');
    const field = page.locator('#duplicate-value');
    expect(await field.inputValue()).toBe('C-999');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('#duplicate-value-problem').innerText()).toContain('names no other case');
    const posted = page.url();
    expect((await page.goto(posted))?.status()).toBe(200);
    expect(page.url()).not.toBe(posted);
    await context.close();
  });
});

test('a case manager closes with a reason in 3 clicks, and reads that it is closed in the tracker', async () => {
  const { context, page, troubles } = await harness.open({ width: 1280, scheme: 'light' });
  await harness.signIn(page);
  const [, second] = await harness.stack.client.list('cases');
  await page.goto(`${harness.stack.run.url}${paths.cases}?show=all`);
  const clicker = createClicker(page);
  await clicker.click(new RegExp(`^${second?.handle} `), 'link');
  await page.waitForURL('**/cases/*');
  await page.keyboard.press('e');
  await page.locator('#close-because').fill('the driver is signed now');
  await clicker.click('Close as fixed');
  expect(clicker.count()).toBeLessThanOrEqual(3);
  expect(await page.getByRole('status').innerText()).toContain('closed as fixed');
  expect(await focused(page)).toContain('closed as fixed');
  expect(await inspect(page)).toEqual([]);
  await until('the closing in the tracker', async () => {
    await reload(page);
    return /Closed in \w+/.test(await page.getByRole('status').innerText());
  });
  expect(troubles).toEqual([]);
  await context.close();
});

test('keys of one letter can be switched off, for good', async () => {
  const { context, page, troubles } = await harness.open({ width: 1280, scheme: 'light' });
  await harness.signIn(page);
  const cases = `${harness.stack.run.url}${paths.cases}`;
  await page.goto(cases);
  await page.keyboard.press('?');
  await page.getByRole('button', { name: 'Switch the keys off' }).click();
  await page.goto(cases);
  const search = page.locator('input[name=search]').first();
  await page.keyboard.press('/');
  expect(await search.evaluate((field) => field === document.activeElement)).toBe(false);
  await page.locator('#keys summary').click();
  await page.getByRole('button', { name: 'Switch the keys on' }).click();
  await page.keyboard.press('/');
  expect(await search.evaluate((field) => field === document.activeElement)).toBe(true);
  expect(troubles).toEqual([]);
  await context.close();
});

test('a comment from the page reaches the issue', async () => {
  const { context, page } = await harness.open({ width: 360, scheme: 'light' });
  await harness.signIn(page);
  await page.goto(harness.stack.run.url + (paths.case ?? ''));
  await page.locator('summary', { hasText: 'More actions' }).click();
  await page.locator('summary', { hasText: 'Comment on the issue' }).click();
  await page.locator('#comment-value').fill('Please look at this.');
  await page.locator('#comment-mention').selectOption({ label: 'Dana Reyes' });
  await page.getByRole('button', { name: 'Comment on the issue' }).click();
  await until('the comment in the tracker', async () => {
    await reload(page);
    const text = await page.locator('main').innerText();
    return text.includes('Please look at this.') && /[1-9]\d* comments?/.test(text);
  });
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
  await page.getByRole('button', { name: 'Show' }).click();
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
    await page.evaluate(() => document.querySelector('form')?.setAttribute('novalidate', ''));
    await page.getByRole('button', { name: 'Send' }).click();
    await until('the problems have the focus', async () =>
      (await focused(page))?.includes('Your answers were not sent yet.'),
    );
    expect(await inspect(page)).toEqual([]);
    await page.getByRole('alert').getByRole('link', { name: 'Is it resolved for you?' }).click();
    expect(await focused(page)).toContain('Only in part');
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
    await page.setExtraHTTPHeaders({ 'accept-language': 'xx, ar-EG;q=0.8' });
    await page.goto(link.slice(0, -1));
    expect(await html.getAttribute('dir')).toBe('rtl');
    await page.getByRole('heading', { name: 'هذا الرابط لا يعمل' }).waitFor();
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
