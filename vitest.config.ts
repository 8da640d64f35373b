import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { buildSync } from 'esbuild';
import { defineConfig } from 'vitest/config';
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

export default defineConfig({
  test: {
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
          isolate: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
        },
      },
    ],
  },
});
