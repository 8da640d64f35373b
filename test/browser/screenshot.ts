/* Takes the README's picture: node test/browser/screenshot.ts */
import { join } from 'node:path';
import { fill } from './fill.ts';
import { startRig } from './rig.ts';

const rig = await startRig();
await fill(rig);
const { page } = await rig.open({ width: 1180, scheme: 'light' });
await page.goto(rig.stack.run.signIn);
await page.screenshot({ path: join(import.meta.dirname, 'cases.png') });
await rig.close();
