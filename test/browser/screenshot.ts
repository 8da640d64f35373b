/* Takes the README's screenshot: node test/browser/screenshot.ts */
import { join } from 'node:path';
import { fill } from './fill.ts';
import { startHarness } from './harness.ts';

const harness = await startHarness();
await fill(harness);
const { page } = await harness.open({ width: 1280, scheme: 'light' });
const { run, workspace } = harness.stack;
await harness.signIn(page);
await page.goto(`${run.url}/w/${workspace.workspace}/cases`);
await page.screenshot({ path: join(import.meta.dirname, 'cases.png') });
await harness.close();
