import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestCounter } from '#src/routes/limit-requests.tsx';

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
