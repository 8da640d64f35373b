import { chromium } from 'playwright-core';
import { readFileSync } from 'node:fs';
const run = JSON.parse(readFileSync('/tmp/try/data/run.json', 'utf8'));
const exe = process.argv[2];
const browser = await chromium.launch({ executablePath: exe || undefined });
const link = (await (
  await fetch(`${run.url}/api/v1/workspaces/acme/sign-in-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${run.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ person: 'dana' }),
  })
).json()) as { url: string };
for (const [name, width, scheme] of [
  ['d', 1180, 'light'],
  ['p', 390, 'dark'],
] as const) {
  const page = await (
    await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme })
  ).newPage();
  await page.goto(link.url);
  await page.goto(`${run.url}/w/acme/customers`);
  await page.locator('#upload summary').click();
  await page.setInputFiles('input[type=file]', {
    name: 'c.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('key,tier,colour\nc-1,gold,red\n'),
  });
  await page.screenshot({ path: `/tmp/try/customers-${name}.png`, fullPage: true });
  await page.locator('#upload button').click();
  await page.screenshot({ path: `/tmp/try/problems-${name}.png`, fullPage: true });
  await page.goto(`${run.url}/w/acme/sources/export`);
  await page.screenshot({ path: `/tmp/try/source-${name}.png`, fullPage: true });
  await page.goto(`${run.url}/w/acme/deliveries`);
  await page.screenshot({ path: `/tmp/try/deliveries-${name}.png`, fullPage: true });
}
await browser.close();
