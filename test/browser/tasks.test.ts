import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '#src/cli/progress.ts';
import { asSent } from '#src/cli/send.ts';
import { fill } from './fill.ts';
import { type Harness, startHarness } from './harness.ts';

/* A case manager's tasks with lists, played from the home page, with every click counted. */

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
  await fill(harness);
  const { client, workspace, secrets } = harness.stack;
  const broken = new TextEncoder().encode('no JSON');
  const { headers } = await asSent(workspace, 'upgrade-survey', broken, (name) => secrets.get(name));
  await client.deliver('upgrade-survey', broken, headers);
  await until('what was set aside', async () =>
    (await client.list('deliveries')).find(({ outcome }) => outcome === 'set-aside'),
  );
}, 120_000);

afterAll(() => harness?.close());

describe.each([
  { width: 1280, javaScriptEnabled: true, colorScheme: 'light' },
  { width: 360, javaScriptEnabled: false, colorScheme: 'dark' },
  { width: 1280, javaScriptEnabled: false, colorScheme: 'light' },
  { width: 360, javaScriptEnabled: true, colorScheme: 'dark' },
] as const)('at $width px, $colorScheme, with script: $javaScriptEnabled', ({ width, ...look }) => {
  let page: Page;
  let clicks = 0;
  const counted: number[] = [];
  const home = () => `${harness.stack.run.url}/w/${harness.stack.workspace.workspace}`;
  const click = async (target: Locator) => {
    clicks += 1;
    await target.click();
  };

  beforeAll(async () => {
    const context = await harness.browser.newContext({ viewport: { width, height: 800 }, ...look });
    page = await context.newPage();
    await harness.signIn(page);
  });
  afterAll(() => page.context().close());

  const begin = async () => {
    clicks = 0;
    await page.goto(home());
  };
  const done = () => {
    counted.push(clicks);
  };
  const part = (id: string) => page.locator('section', { has: page.locator(`#${id}`) });
  const search = async (text: string) => {
    await page.getByRole('searchbox', { name: 'Search cases' }).fill(text);
    await click(page.getByRole('button', { name: 'Search' }));
  };
  const lookOver = async () => {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide, 'pixels beside the window').toBeLessThanOrEqual(0);
    if (look.javaScriptEnabled) expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  };

  test('what is overdue and mine stands on the home page, in rows of 40 px', async () => {
    await begin();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/^\d+ needs? you now$/);
    const overdue = page.getByRole('region', { name: /^Overdue, yours/ });
    expect(await overdue.locator('tbody tr').count()).toBeGreaterThan(0);
    const row = overdue.locator('tbody tr').first();
    const box = await row.boundingBox();
    expect(Math.round(box?.height ?? 0)).toBeLessThanOrEqual(width > 992 ? 41 : 120);
    expect(box?.width).toBeGreaterThan(width * 0.7);
    const words = await row.locator('.quote').boundingBox();
    expect(words?.width).toBeGreaterThan((await row.locator('td').nth(1).boundingBox())?.width ?? 0);
    await lookOver();
    expect(clicks).toBe(0);
    done();
  });

  test('C-2 is one search away', async () => {
    await begin();
    await search('c-2');
    await page.waitForURL(/\/cases\/c_/);
    expect(await page.title()).toContain('C-2');
    await page.goto(`${home()}/cases/C-2`);
    expect(page.url()).toMatch(/\/cases\/c_/);
    expect(clicks).toBe(1);
    done();
  });

  test('what customers wrote about the license check is one search away, and narrowed by two more clicks', async () => {
    await begin();
    await search('license check');
    const rows = page.locator('tbody tr');
    const all = await rows.count();
    expect(all).toBeGreaterThan(3);
    expect(await rows.first().innerText()).toContain('The license check stops');
    await lookOver();
    await click(page.getByText('Filter and sort'));
    await page.getByLabel(/^Tier of the case/).selectOption('gold');
    expect(await page.getByLabel('Tier of the customer now').count()).toBe(1);
    await lookOver();
    await click(page.getByRole('button', { name: 'Show', exact: true }));
    expect(await rows.count()).toBeLessThan(all);
    expect(await page.locator('caption').innerText()).toContain(`${await rows.count()} cases`);
    expect(clicks).toBe(3);
    done();
  });

  test('deliveries that were set aside are seen from the home page', async () => {
    await begin();
    await click(page.getByRole('link', { name: 'Deliveries set aside 1' }));
    expect(await page.locator('main').innerText()).toContain('not JSON');
    const tab = page.getByRole('link', { name: 'Deliveries', exact: true });
    expect(await tab.getAttribute('href')).toMatch(/\/deliveries$/);
    expect(clicks).toBe(1);
    done();
  });

  test('a narrowed list is a CSV file in three clicks', async () => {
    await begin();
    await click(page.getByRole('link', { name: 'Cases', exact: true }));
    await click(page.getByRole('link', { name: /All$/ }));
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      click(page.getByRole('link', { name: 'CSV' })),
    ]);
    const lines = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(lines[0]).toContain('customer.name');
    expect(lines.length - 1).toBe((await harness.stack.client.list('cases')).length);
    expect(clicks).toBe(3);
    done();
  });

  test('why C-2 opened, and for whom, is two clicks away', async () => {
    await begin();
    await search('c-2');
    await click(page.getByText('Why it opened'));
    expect(await part('words').innerText()).toMatch(/Answered .+ to “.+”/);
    await lookOver();
    done();
  });

  test('another person works on a case after four clicks, and the list goes on from there', async () => {
    await page.goto(`${home()}/cases?show=working`);
    clicks = 0;
    await click(page.locator('tbody a').first());
    const next = page.getByRole('link', { name: /→$/ });
    const after = await next.innerText();
    await click(page.getByText('More actions'));
    await click(page.locator('summary', { hasText: 'Change the assignee' }));
    await page.locator('#assign select').first().selectOption({ label: 'Sam Okafor' });
    await click(page.getByRole('button', { name: 'Change the assignee' }));
    expect(await page.getByRole('status').innerText()).toContain('Sam Okafor');
    expect(await next.innerText()).toBe(after);
    await lookOver();
    done();
  });

  test('a customer hears from a person, and the words stay on the case', async () => {
    await begin();
    await search('Aiko');
    await click(page.locator('tbody a').first());
    await click(page.locator('summary', { hasText: 'Write to the customer' }));
    await page.getByLabel('Subject').fill(`Your upgrade ${width}`);
    await page.getByLabel('Text', { exact: true }).fill('We look at the license check today.');
    await lookOver();
    await click(page.getByRole('button', { name: 'Send' }));
    expect(await part('timeline').textContent()).toContain('We look at the license check today.');
    done();
  });

  test('mails that a customer got are three clicks away, with their texts', async () => {
    await begin();
    await search('Aiko');
    await click(page.locator('tbody a').first());
    await click(part('words').locator('a').first());
    expect(await page.locator('main').textContent()).toContain(`Your upgrade ${width}`);
    await lookOver();
    done();
  });

  test('a case is closed with its reason in three clicks, and the page says so', async () => {
    await page.goto(`${home()}/cases?show=working&sort=newest`);
    clicks = 0;
    await click(page.locator('tbody a').first());
    await click(page.getByText('Close as fixed').first());
    await page.getByLabel('What was done, for the team').fill('The certificate was renewed.');
    await click(page.getByRole('button', { name: 'Close as fixed' }));
    expect(await page.getByRole('status').innerText()).toMatch(/clos/i);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await lookOver();
    done();
  });

  test('a view is saved under a name, and leads back to its list', async () => {
    await page.goto(`${home()}/cases?show=all&tier=gold`);
    clicks = 0;
    await click(page.getByText('Change ticked cases, or save this view'));
    const name = `Gold ${width} ${look.javaScriptEnabled}`;
    await page.getByLabel('Name of the view').fill(name);
    await click(page.getByRole('button', { name: 'Save this view' }));
    await click(page.getByRole('link', { name }));
    expect(page.url()).toContain('tier=gold');
    expect(clicks).toBe(3);
    done();
  });

  test('ticked cases are assigned together, and cases that refuse are named', async () => {
    await page.goto(`${home()}/cases?show=working`);
    clicks = 0;
    await click(page.getByRole('checkbox').first());
    await click(page.getByRole('checkbox').nth(1));
    await click(page.getByText('Change ticked cases, or save this view'));
    await page.getByLabel('Assignee', { exact: true }).last().selectOption({ label: 'Sam Okafor' });
    await lookOver();
    await click(page.getByRole('button', { name: 'Assign', exact: true }));
    expect(await page.getByRole('status').innerText()).toMatch(/^2 cases change within a few seconds/);
    await page.getByText('Change ticked cases, or save this view').click();
    await page.getByRole('button', { name: 'Assign', exact: true }).click();
    expect(await page.getByRole('alert').innerText()).toContain('Tick a case first.');
    expect(clicks).toBe(4);
    await page.goto(`${home()}/cases?show=working`);
    await click(page.getByText('Change ticked cases, or save this view'));
    await click(page.getByRole('link', { name: 'Tick all on this page' }));
    expect(await page.getByRole('checkbox', { checked: false }).count()).toBe(0);
    await lookOver();
  });

  test('reports, lists and cases print whole on A4, without what only a screen needs', async () => {
    const sheet = await page.context().newPage();
    await sheet.setViewportSize({ width: 794, height: 1123 });
    await sheet.emulateMedia({ media: 'print' });
    for (const path of ['/reports', '/cases?show=all', '/cases/C-2']) {
      await sheet.goto(home() + path);
      const wide = await sheet.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wide, path).toBeLessThanOrEqual(0);
      const useless = 'button:visible, .search:visible, details:not([open]):visible';
      expect(await sheet.locator(useless).count(), path).toBe(0);
    }
    await sheet.close();
  });

  test('half of the tasks take at most three clicks', () => {
    const sorted = counted.toSorted((a, b) => a - b);
    expect(sorted.length).toBeGreaterThanOrEqual(9);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(3);
  });
});
