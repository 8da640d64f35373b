import { join } from 'node:path';
import { buildWorker } from './build.ts';
import { projectRoot } from './workspace-files.ts';

/* Builds the worker ahead of its start, for images and releases. */
console.log(await buildWorker(join(projectRoot, 'dist')));
