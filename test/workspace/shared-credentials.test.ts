import { expect, it } from 'vitest';
import type { Integrations } from '#domain/integrations/integrations.ts';
import type { Meter } from '#domain/integrations/rate-limit.ts';
import { createIntegrations } from '#src/wiring.ts';
import { readTrackerStates } from '#src/workspace/queries/connections.ts';
import { computeRateLimitWaitMs, createRateMeter } from '#src/workspace/queues/rate-limit.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { override } from '#test/harness/override.ts';
import { day, hour } from '#test/harness/times.ts';

/** Acme with a second GitHub repository, under the token of this name. */
const withSecond = (token: string) =>
  acme(({ name, text }) =>
    name === 'acme'
      ? text.replace(
          '\n  product:',
          `\n  second: { kind: github, repository: acme/second, token: ${token}, webhook-secret: SECOND_HOOK }\n  product:`,
        )
      : text,
  );

function meters(token: string, variables: Record<string, string>, answer = () => Response.json({})) {
  const harness = new Harness(withSecond(token));
  const made = new Map<string, Meter>();
  const { settings } = harness.core;
  const integrations = createIntegrations(settings, (name) => variables[name], {
    fetch: async () => answer(),
    retryMs: 0,
    meter: (countedAs, rateLimit) => {
      const meter = createRateMeter(harness.core, countedAs, rateLimit);
      made.set(countedAs, meter);
      return meter;
    },
  });
  return { integrations, made };
}

const write = { method: 'POST', url: 'https://api.github.com/repos/acme/second/issues' };
const writesTaken = (meter: Meter | undefined) => {
  let count = 0;
  while (count < 500 && meter?.ask(write) === 0) count += 1;
  return count;
};

it('a reset years away holds a host for an hour at most', () => {
  const harness = new Harness(withSecond('OTHER'));
  const vendor = harness.core.integrations.vendor('product');
  if (!vendor) throw new Error('no such tracker');
  const meter = createRateMeter(harness.core, 'product', vendor.rateLimit);
  const reset = String(Math.floor((harness.now + 365 * day) / 1000));
  meter.recordReportedLimits(new Headers({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }), null);
  expect(meter.ask(write)).toBe(hour);
  harness.now += hour;
  expect(meter.ask(write)).toBe(0);
});

it('a limit that a vendor reports in words alone holds reads and writes', async () => {
  const words = { message: 'You have exceeded a secondary rate limit.' };
  const variables = { ACME__GITHUB_TOKEN: 't-1', ACME__OTHER: 't-2' };
  const { integrations, made } = meters('OTHER', variables, () => Response.json(words, { status: 403 }));
  const tracker = await integrations.tracker('product');
  await expect(tracker.readIssue('1')).rejects.toMatchObject({ code: 'rate-limited' });
  expect(made.get('product')?.ask({ method: 'GET', url: write.url })).toBeGreaterThan(0);
});

it('hostile 6: two trackers with one credential share the limit of the host', async () => {
  const variables = { ACME__GITHUB_TOKEN: 't-1', ACME__OTHER: 't-1', ACME__THIRD: 't-3' };
  const same = meters('OTHER', variables);
  await Promise.all(['second', 'product'].map((name) => same.integrations.tracker(name)));
  expect([...same.made.keys()]).toHaveLength(1);
  expect(same.integrations.vendor('product')?.countedAs).toBe('second');
  const taken = writesTaken([...same.made.values()][0]);
  expect(taken).toBeGreaterThan(50);
  expect(taken).toBeLessThan(80);

  const other = meters('THIRD', variables);
  expect(other.integrations.vendor('product')?.countedAs).toBe('product');
  expect(other.integrations.vendor('second')?.countedAs).toBe('second');
  expect(other.integrations.vendor('growth')?.countedAs).toBe('growth');
});

it('the state of each of them tells what is left of the shared limit', () => {
  const harness = new Harness(withSecond('OTHER'));
  const ofVendor = harness.core.integrations.vendor;
  override<Integrations>(harness.core.integrations, {
    vendor(name) {
      const vendor = ofVendor.call(harness.core.integrations, name);
      return vendor && { ...vendor, countedAs: name === 'product' ? 'second' : name };
    },
  });
  const vendor = harness.core.integrations.vendor('product');
  if (!vendor) throw new Error('no such tracker');
  const reset = String(Math.floor((harness.now + hour) / 1000));
  const headers = new Headers({ 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': reset });
  createRateMeter(harness.core, vendor.countedAs, vendor.rateLimit).recordReportedLimits(headers, null);
  const states = readTrackerStates(harness.core).filter(({ tracker }) => ['product', 'second'].includes(tracker));
  expect(states.map(({ left }) => left?.calls)).toEqual([7, 7]);
});

it('a queue waits for what a call costs, not for one unit of it', () => {
  const harness = new Harness();
  const vendor = harness.core.integrations.vendor('growth');
  if (!vendor) throw new Error('no such tracker');
  const headers = {
    'x-ratelimit-complexity-remaining': '499',
    'x-ratelimit-complexity-reset': String(harness.now + hour),
  };
  createRateMeter(harness.core, 'growth', vendor.rateLimit).recordReportedLimits(new Headers(headers), null);
  expect(computeRateLimitWaitMs(harness.core, 'growth', vendor.rateLimit)).toBe(hour);
});
