/*
 * `npm run look -- FOLDER [PATH ...]`: takes screenshots of pages, light and dark, at desktop and phone width. PATH is
 * a path within the workspace, such as /reports, or CASE for a disputed case.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fill } from './fill.ts';
import { startHarness } from './harness.ts';

const [folder = 'pictures', ...wanted] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const harness = await startHarness();
await fill(harness);
const { client, run, workspace } = harness.stack;
const home = `/w/${workspace.workspace}`;
const cases = await client.list('cases');
const disputed = cases.find(({ generation }) => generation > 1) ?? cases[0];
const tabs = [
  ...['', '/cases', '/strategic', '/responses', '/deliveries', '/sources', '/customers', '/reports', '/people'],
  ...['/follow-ups', '/settings', '/templates', '/settings/imports', '/settings/versions'],
];
const paths = (wanted.length > 0 ? wanted : [...tabs, 'CASE']).map(
  (path) => home + path.replace('CASE', `/cases/${disputed?.id}`),
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
          .replace(/cases\/.*/, 'case')
          .replace(/\W/g, '-') || 'home';
      await page.screenshot({ path: join(folder, `${name}-${width}-${scheme}.png`), fullPage: true });
    }
    await context.close();
  }
}
await harness.close();
