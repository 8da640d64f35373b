import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { computeMonth, computeUsage, listBeyondFree, priceOf, priceOfMails, type Scenario } from './cost.ts';
import { costPagePath, createCostPage, readMeasured } from './write-cost.ts';

const measured = readMeasured();
const small: Scenario = { name: 'small', workspaces: 1, trackers: 1, alertsAMonth: 100 };

it('is written from the measured operations', () => {
  expect(readFileSync(costPagePath, 'utf8')).toBe(createCostPage(measured));
});

it('grows with workspaces and alerts, and bills only what the plan does not include', () => {
  const one = computeUsage(measured, small);
  const ten = computeUsage(measured, { ...small, workspaces: 10 });
  expect(ten.rowsWritten).toBeCloseTo(10 * one.rowsWritten);
  expect(computeUsage(measured, { ...small, alertsAMonth: 200 }).requests).toBeCloseTo(2 * one.requests);
  expect(priceOf('rowsWritten', 50_000_000)).toBe(0);
  expect(priceOf('rowsWritten', 52_000_000)).toBe(2);
  expect(computeMonth(measured, { ...small, alertsAMonth: 0 }).cloudflare).toBe(5);
});

it('takes the mail plan that fits', () => {
  expect([0, 3000, 3001, 50_000, 100_000, 102_500].map(priceOfMails)).toEqual([0, 0, 20, 20, 90, 92.7]);
});

it('names what the free plan does not cover', () => {
  const usage = computeUsage(measured, { ...small, workspaces: 1000 });
  expect(listBeyondFree(usage).map(({ name }) => name)).toContain('rows written');
  expect(listBeyondFree({ ...usage, ...Object.fromEntries(Object.keys(usage).map((name) => [name, 0])) })).toEqual([]);
});
