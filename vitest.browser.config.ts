import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'browser',
    include: ['test/browser/*.test.ts'],
    testTimeout: 240_000,
    hookTimeout: 90_000,
    maxWorkers: 2,
  },
});
