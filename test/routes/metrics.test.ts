import { expect, it } from 'vitest';
import { formatMetrics } from '#src/routes/health.ts';

it('writes metrics as Prometheus reads them', () => {
  const text = formatMetrics(
    new Map([
      [
        'acme',
        {
          lagSeconds: 4,
          deliveries: { total: 12, waiting: 2, setAside: 1, oldestWaitingAt: '2026-11-24T08:00:00.000Z' },
          totals: { responses: 9, cases: 3, mails: 5 },
          cases: { open: 2, overdue: 1, disputed: 0, needsPerson: 0 },
          queues: [
            {
              queue: 'support',
              waiting: 4,
              unknown: 1,
              oldestAt: null,
              pausedSince: '2026-11-24T08:00:00.000Z',
              heldUntil: null,
            },
          ],
        },
      ],
      ['silent', null],
    ]),
  );
  const lines = text.trimEnd().split('\n');
  expect(lines).toContain('caselite_up{workspace="acme"} 1');
  expect(lines).toContain('caselite_up{workspace="silent"} 0');
  expect(lines).toContain('caselite_lag_seconds{workspace="acme"} 4');
  expect(lines).toContain('caselite_received_total{workspace="acme",what="deliveries"} 12');
  expect(lines).toContain('caselite_calls{workspace="acme",queue="support",state="unknown"} 1');
  expect(lines).toContain('caselite_queue_paused{workspace="acme",queue="support"} 1');
  const names = lines.flatMap((line) => /^# TYPE (\S+) (gauge|counter)$/.exec(line)?.[1] ?? []);
  const used = lines.flatMap((line) => /^(\w+)\{/.exec(line)?.[1] ?? []);
  expect([...new Set(used)].sort()).toEqual([...names].sort());
});
