import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { buildSync } from 'esbuild';
import { defineConfig } from 'vitest/config';
import type { Reporter } from 'vitest/node';
import { variables } from './test/worker/variables.ts';

// jira.js has circular imports that only a bundler puts in order, as it does for the deployed worker.
const bundled = fileURLToPath(new URL('./node_modules/.cache/caselite/', import.meta.url));
buildSync({
  entryPoints: { 'jira-cloud': 'jira.js/cloud', 'jira-core': 'jira.js/core' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'browser',
  outdir: bundled,
  logLevel: 'error',
});

// The plugin has no option for the runtime's own remarks, such as an alarm that runs late on a busy machine.
const writeError = process.stderr.write.bind(process.stderr);
process.stderr.write = (chunk: string | Uint8Array, ...rest: []) =>
  String(chunk).includes('NOSENTRY') || writeError(chunk, ...rest);

const summary: Reporter = {
  onTestRunEnd(modules, errors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    const seconds = Math.round(performance.now() / 1000);
    console.log(`${count('passed')} passed, ${count('failed') + broken} failed, ${seconds} s`);
  },
};

export default defineConfig({
  test: {
    reporters: ['default', summary],
    silent: 'passed-only',
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/worker/**', 'test/browser/**'],
          setupFiles: ['test/contracts/no-violations.ts'],
          // Loading the SDKs and compiling the vendors' descriptions takes 2 s, so the files of a worker share them.
          isolate: false,
          maxWorkers: availableParallelism(),
          testTimeout: 90_000,
          hookTimeout: 90_000,
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: './wrangler.toml' }, miniflare: { bindings: variables } })],
        resolve: {
          alias: { 'jira.js/cloud': `${bundled}jira-cloud.js`, 'jira.js/core': `${bundled}jira-core.js` },
        },
        test: {
          name: 'workerd',
          include: ['test/worker/*.test.ts'],
          setupFiles: ['test/worker/quiet.ts'],
          isolate: false,
          maxWorkers: availableParallelism(),
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
