import fc from 'fast-check';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { limitRequests, RequestCounter } from '#src/routes/limit-requests.tsx';
import type { HonoEnvironment } from '#src/routes/workspace-access.ts';

const minuteMs = 60_000;

describe('a counter of requests', () => {
  it('lets a burst through, then the rate, and names a wait after which one more goes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 120 }),
        fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 300 }),
        (burst, perMinute, pauses) => {
          const counter = new RequestCounter({ burst, perMinute });
          let now = 0;
          let taken = 0;
          for (const pause of pauses) {
            now += pause;
            const wait = counter.take('a', now);
            if (wait === 0) taken += 1;
            else {
              now += wait;
              expect(counter.take('a', now)).toBe(0);
              taken += 1;
            }
            expect(taken).toBeLessThanOrEqual(burst + (now * perMinute) / minuteMs + 1e-6);
          }
        },
      ),
    );
  });

  it('counts each client on its own, and forgets the oldest of too many', () => {
    const counter = new RequestCounter({ burst: 1, perMinute: 1 });
    expect(counter.take('first', 0)).toBe(0);
    expect(counter.take('first', 0)).toBeGreaterThan(0);
    expect(counter.take('second', 0)).toBe(0);
    for (let client = 0; client < 10_000; client += 1) counter.take(String(client), 0);
    expect(counter.take('first', 0)).toBe(0);
  });

  it('does not mind a clock that is set back', () => {
    const counter = new RequestCounter({ burst: 1, perMinute: 60 });
    expect(counter.take('a', 1000)).toBe(0);
    expect(counter.take('a', 0)).toBe(1000);
  });
});

it.each([
  ['203.0.113.7:40001', '203.0.113.7:40002', true],
  ['::ffff:203.0.113.7', '[::ffff:203.0.113.7]:40002', true],
  ['[2001:db8:1:2::7]:40001', '2001:db8:1:2:3:4:5:6', true],
  ['203.0.113.7', '203.0.113.8', false],
  ['2001:db8:1:2::7', '2001:db8:1:3::7', false],
])('%s and %s are one client: %s', async (first, second, isOne) => {
  const app = new Hono<HonoEnvironment>();
  app.get(
    '/',
    limitRequests(new RequestCounter({ burst: 1, perMinute: 1 }), () => 0),
    (c) => c.text('let in'),
  );
  const ask = (address: string) =>
    app.request(
      '/',
      { headers: { 'x-forwarded-for': `198.51.100.1, ${address}` } },
      { CLIENT_ADDRESS_HEADER: 'x-forwarded-for' },
    );
  expect([(await ask(first)).status, (await ask(second)).status]).toEqual([200, isOne ? 429 : 200]);
});
