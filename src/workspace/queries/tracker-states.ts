import { describePart, fieldOfPart } from '#domain/cases/edit-parts.ts';
import { type Core, minuteMs, type port, store, toIsoText, toIsoTextOrNull } from '../kit.ts';
import { listHookStates } from '../queues/hooks.ts';
import { computeRateLimitWaitMs } from '../queues/rate-limit.ts';
import { readTestIssue } from '../tracker-requests/test-issue.ts';

const usualCallMs = 300;

export function readTrackerStates(core: Core): port.TrackerState[] {
  const now = core.clock.now();
  const later = (at: number) => (at > now ? toIsoTextOrNull(at) : null);
  return Object.keys(core.settings.workspace.trackers).map((tracker) => {
    const queue = store.findQueue(core.sql, tracker);
    const target = store.findPollState(core.sql, tracker);
    const { waiting, error } = store.readQueueBacklog(core.sql, tracker);
    const vendor = core.integrations.vendor(tracker);
    const since = toIsoTextOrNull(queue.pausedAt);
    const { calls, creates } = store.countOpenRows(core.sql, tracker);
    const pauseMs = vendor && calls > 0 ? computeRateLimitWaitMs(core, tracker, vendor.rateLimit, calls) : 0;
    const throughMs = Math.max(pauseMs, calls * usualCallMs, queue.heldUntil - now);
    return {
      tracker,
      title: vendor?.title ?? tracker,
      waiting,
      trouble: error,
      waitingCases: creates,
      throughAt: queue.paused === null && calls > 0 && throughMs > minuteMs ? toIsoTextOrNull(now + throughMs) : null,
      paused:
        queue.paused !== null && since !== null
          ? { why: queue.pausedWhy ?? '', since, next: later(Math.max(queue.heldUntil, queue.rateLimitedUntil)) }
          : null,
      heldUntil: later(queue.heldUntil),
      rateLimitedUntil: later(queue.rateLimitedUntil),
      left: readAllowance(core, tracker),
      polledAt: toIsoTextOrNull(target.polledAt),
      nextPollAt: toIsoTextOrNull(store.findTimerDueAt(core.sql, 'poll', tracker)),
      pollTrouble: target.error,
      hintedAt: toIsoTextOrNull(target.hintedAt),
      refused: groupRefusals(core, tracker),
      cannot: vendor?.cannot ?? [],
      testIssue: readTestIssue(core, tracker),
      hooksNeed: vendor?.hooksNeed ?? null,
      hook: listHookStates(core, tracker)[0] ?? null,
    };
  });
}

function readAllowance({ sql, clock }: Core, tracker: string): port.TrackerState['left'] {
  const [least] = store.allowances
    .list(sql, { queue: tracker })
    .filter(({ resetsAt }) => resetsAt > clock.now())
    .toSorted((a, b) => a.remaining - b.remaining);
  return least ? { calls: least.remaining, until: toIsoText(least.resetsAt) } : null;
}

const mostRefusalsRead = 1000;

function groupRefusals(core: Core, tracker: string): port.TrackerState['refused'] {
  const groups = new Map<string, port.TrackerState['refused'][number]>();
  for (const { part, reason } of store.refusals.list(core.sql, { tracker }, mostRefusalsRead)) {
    const what = describePart(fieldOfPart(part));
    const key = `${what} ${reason}`;
    groups.set(key, { what, reason, cases: (groups.get(key)?.cases ?? 0) + 1 });
  }
  return [...groups.values()];
}
