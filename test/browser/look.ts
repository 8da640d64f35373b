/*
 * `npm run look -- FOLDER [PATH ...]`: takes screenshots of pages, light and dark, at desktop and phone width. PATH is
 * a path within the workspace, such as /reports, CASE for a disputed case, STRATEGIC for a strategic one, or TEXTS alone for issues and mails.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fill } from './fill.ts';
import { launchBrowser, startHarness } from './harness.ts';
import { drawTexts } from './look-texts.ts';

const [folder = 'pictures', ...wanted] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
if (wanted.length === 0 || wanted.includes('TEXTS')) {
  const browser = await launchBrowser();
  for (const width of [1280, 360]) {
    for (const scheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme });
      mkdirSync(join(folder, `texts-${width}-${scheme}`), { recursive: true });
      await drawTexts(await context.newPage(), join(folder, `texts-${width}-${scheme}`));
    }
  }
  await browser.close();
  if (wanted.length > 0) process.exit();
}
const harness = await startHarness();
await fill(harness);
const { client, run, workspace } = harness.stack;
const home = `/w/${workspace.workspace}`;
const cases = await client.list('cases');
const disputed = cases.find(({ generation }) => generation > 1) ?? cases[0];
const strategic = cases.find(({ kind }) => kind === 'strategic') ?? cases[0];
const tabs = [
  ...[
    '',
    '/cases',
    '/strategic',
    '/responses',
    '/words',
    '/deliveries',
    '/sources',
    '/customers',
    '/reports',
    '/huddle',
    '/people',
  ],
  ...['/follow-ups', '/settings', '/templates', '/settings/imports', '/settings/versions'],
];
const paths = (wanted.length > 0 ? wanted : [...tabs, 'CASE', 'STRATEGIC']).map(
  (path) => home + path.replace('CASE', `/cases/${disputed?.id}`).replace('STRATEGIC', `/cases/${strategic?.id}`),
);
for (const width of [1280, 360]) {
  for (const scheme of ['light', 'dark'] as const) {
    const { context, page } = await harness.open({ width, scheme });
    await harness.signIn(page);
    for (const path of paths) {
      await page.goto(run.url + path);
      const name =
        path
          .slice(home.length + 1)
          .replace(strategic?.id ?? '', 'strategic')
          .replace(/cases\/c_.*/, 'case')
          .replace(/\W/g, '-') || 'home';
      await page.screenshot({ path: join(folder, `${name}-${width}-${scheme}.png`), fullPage: true });
    }
    await context.close();
  }
}
await harness.close();
