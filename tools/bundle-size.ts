import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildWorker } from '#src/cli/build.ts';

/* Cloudflare takes a worker of at most 1 MB gzip on its free plan. */
const maxBundleBytes = 1_000_000;

const folder = dirname(await buildWorker(tmpdir()));
const modules = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
const bytes = gzipSync(Buffer.concat(modules)).length;
const text = `Worker bundle: ${Math.round(bytes / 1000)} kB gzip of at most ${maxBundleBytes / 1000} kB`;
if (bytes > maxBundleBytes) {
  console.error(`${text}. Remove a dependency, or load it outside the worker.`);
  process.exit(1);
}
console.log(text);
