import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildWorker } from './workerd.ts';

/* Cloudflare takes a worker of at most 1 MB gzip on its free plan. */
const maxBundleBytes = 1_000_000;

const dist = buildWorker();
const files = readdirSync(dist).filter((name) => !/\.map$|^README/.test(name));
const bytes = gzipSync(Buffer.concat(files.map((name) => readFileSync(join(dist, name))))).length;
const text = `Worker bundle: ${Math.round(bytes / 1000)} kB gzip of at most ${maxBundleBytes / 1000} kB`;
if (bytes > maxBundleBytes) {
  console.error(`${text}. Remove a dependency, or load it outside the worker.`);
  process.exit(1);
}
console.log(text);
