import { join } from 'node:path';
import { buildWorker } from './build.ts';
import { projectRoot } from './workspace-files.ts';

console.log(await buildWorker(join(projectRoot, 'dist')));
