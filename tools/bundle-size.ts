import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import { buildWorker } from '#src/cli/build.ts';

/* Cloudflare takes a worker of at most 1 MB gzip on its free plan. */
const maxBundleBytes = 1_000_000;

const bytes = gzipSync(readFileSync(await buildWorker(tmpdir()))).length;
const text = `Worker bundle: ${Math.round(bytes / 1000)} kB gzip of at most ${maxBundleBytes / 1000} kB`;
if (bytes > maxBundleBytes) {
  console.error(`${text}. Remove a dependency, or load it outside the worker.`);
  process.exit(1);
}
console.log(text);
