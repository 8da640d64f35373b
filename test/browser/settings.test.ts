import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fill } from './fill.ts';
import { type Harness, startHarness } from './harness.ts';

/* What a department changes on a Tuesday afternoon, without a file, with every click counted. */

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
  await fill(harness);
}, 120_000);

afterAll(() => harness?.close());

describe.each([
  { width: 1280, javaScriptEnabled: true, colorScheme: 'light', person: 'ada' },
  { width: 360, javaScriptEnabled: false, colorScheme: 'dark', person: 'eve' },
] as const)('at $width px, with script: $javaScriptEnabled', ({ width, person, ...look }) => {
  let page: Page;
  let clicks = 0;
  const click = async (target: Locator) => {
    clicks += 1;
    await target.click();
  };
  const openTab = async (name: string) => {
    clicks = 0;
    await page.goto(`${harness.stack.run.url}/w/${harness.stack.workspace.workspace}`);
    await click(page.getByRole('link', { name: 'Settings', exact: true }));
    if (name !== 'Connections') await click(page.getByRole('link', { name, exact: true }));
  };
  const readFile = async (kind: string, name: string) => {
    const { files } = await harness.stack.client.call('GET settings', {});
    return files.find((file) => file.kind === kind && file.name === name)?.text ?? '';
  };
  const expectSound = async () => {
    const { violations } = look.javaScriptEnabled ? await new AxeBuilder({ page }).analyze() : { violations: [] };
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  };

  beforeAll(async () => {
    const context = await harness.browser.newContext({ viewport: { width, height: 800 }, ...look });
    page = await context.newPage();
    await harness.signIn(page);
  });
  afterAll(() => page.context().close());

  test('a colleague is added in 4 clicks', async () => {
    await openTab('Workspace');
    await click(page.getByText('Add to people'));
    await page.getByLabel('Short name').last().fill(person);
    const form = page.locator('details', { hasText: 'Add to people' });
    await form.locator('[name=name]').fill('A new colleague');
    await form.locator('[name=email]').fill(`${person}@acme.example`);
    await click(form.getByRole('button', { name: 'Save as a new version' }));
    await page.getByText('Saved as version').waitFor();
    expect(await readFile('workspace', 'acme-tour')).toContain(`email: ${person}@acme.example`);
    expect(clicks).toBeLessThanOrEqual(4);
    await expectSound();
  });

  test('what opens a case is changed as a sentence, and tried before, in 5 clicks', async () => {
    await openTab('Templates');
    await click(page.getByRole('link', { name: 'Upgrade hard to install' }));
    const limit = width === 1280 ? '4' : '3';
    await page.getByLabel('Sentence 1: value').fill(limit);
    await click(page.getByRole('button', { name: 'Try it on past responses' }));
    await page.getByRole('heading', { name: 'Result' }).waitFor();
    expect(await page.getByLabel('Sentence 1: value').inputValue()).toBe(limit);
    await expectSound();
    await click(page.locator('#change').locator('..').getByRole('button', { name: 'Save as a new version' }));
    await page.waitForURL(/saved=\d+$/);
    expect(await readFile('case-template', 'upgrade-hard-to-install')).toContain(`<=: ${limit}`);
    expect(clicks).toBeLessThanOrEqual(5);
  });

  test('what was last heard of each connection is one click away', async () => {
    await openTab('Connections');
    await page.getByRole('heading', { name: 'Survey tools' }).waitFor();
    expect(await page.getByText('Last read').count()).toBe(3);
    expect(clicks).toBe(1);
    await expectSound();
  });
});
