import { expect, it } from 'vitest';
import { manyCustomers } from './many-customers.ts';

it('asks nobody twice within the quarantine over 60 days, and forgets nobody', {
  timeout: 120_000,
}, async () => {
  const report = await manyCustomers(40, 60, 1);
  expect(report.violations).toEqual([]);
  // The result is only meaningful if the run sent, skipped and merged follow-ups.
  expect(report.asked).toBeGreaterThan(20);
  expect(report.skipped).toBeGreaterThan(5);
  expect(report.merged).toBeGreaterThan(0);
  expect(report.answered).toBeGreaterThan(5);
});
