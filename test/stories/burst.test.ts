import { expect, it } from 'vitest';
import { decideHeld, openHeldMatch } from '#src/workspace/intake/decide-held.ts';
import { processWaitingDelivery } from '#src/workspace/intake/process-delivery.ts';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { readTrackerStates } from '#src/workspace/queries/tracker-states.ts';
import { selectCases } from '#src/workspace/store/cases.ts';
import { listWaitingDeliveries } from '#src/workspace/store/deliveries.ts';
import { listDueTimers } from '#src/workspace/store/schedule.ts';
import { encodeTypeform } from '#test/harness/sample-response.ts';
import { minute } from '#test/harness/times.ts';
import { chance } from '#test/simulation/chance.ts';
import { World } from '#test/simulation/world.ts';

/*
 * A bad upgrade: 600 customers complain at once, all in one GitHub repository, whose host counts its own limits and
 * answers 403 beyond them.
 */

const cases = 600;
const tiers = ['gold', 'silver', 'bronze'];
/** Severities of these tiers. */
const severities = ['urgent', 'high', 'normal'];
/** Nine tenths of what GitHub allows: people and other programs of the account need the rest. */
const limits = [
  { most: 72, withinMs: minute },
  { most: 450, withinMs: 60 * minute },
];

/** Acme's customer support works in GitHub. */
const swap = (acme: string) =>
  acme
    .replace('\n  support:\n', '\n  desk:\n')
    .replace('\n  product:\n', '\n  support:\n')
    .replace('\n  desk:\n', '\n  product:\n');

/**
 * Shortest possible time of the same writes, in milliseconds: one after the other, each as early as every window
 * allows.
 */
function idealMs(count: number, gapMs: number): number {
  const sent = [0];
  while (sent.length < count) {
    const earliest = limits.map(({ most, withinMs }) => {
      const before = sent[sent.length - most];
      return before === undefined ? 0 : before + withinMs;
    });
    sent.push(Math.max((sent.at(-1) ?? 0) + gapMs, ...earliest));
  }
  return sent.at(-1) ?? 0;
}

/** Most writes within any such time. */
const mostWithin = (writes: { at: number }[], withinMs: number): number =>
  Math.max(...writes.map((end) => writes.filter(({ at }) => at > end.at - withinMs && at <= end.at).length));

it('drains 600 cases at 95 % and more of nine tenths of what GitHub allows, without one answer that it was too much, urgent ones first', async () => {
  // Elevated cases would comment on their issues: here the 600 issues are to be made, and nothing else.
  const template = (_: string, text: string) => text.replace(/^ {2}cases: .*\n/m, '');
  const world = new World(chance(7), { crash: 0, integrations: 0 }, { workspaceFile: swap, template });
  const writes: { at: number; path: string }[] = [];
  world.onRequest = ({ method, url }) => {
    if (method !== 'GET' && url.startsWith('http://github.test'))
      writes.push({ at: world.now, path: new URL(url).pathname });
  };
  const arrivals = Array.from({ length: cases }, (_, number) => {
    const customer = { customer: `k-${number}`, tier: tiers[number % 3] ?? '' };
    const body = encodeTypeform({ token: `r-${number}`, ...customer, completed: false, ease: 9 }, world.now);
    return { source: 'upgrade-survey', raw: { body, headers: {}, receivedAt: world.now } };
  });
  storeDeliveries(world.core, arrivals);
  for (const seq of listWaitingDeliveries(world.sql, cases)) processWaitingDelivery(world.core, seq);
  const waiting = () => selectCases(world.sql, '').filter(({ issue }) => issue === null).length;
  // A case manager opens what the template held.
  expect(decideHeld(world.core, 'upgrade-not-installed', { decision: 'open', who: 'dana' }).decided).toBe(cases - 50);
  for (const { kind, target } of listDueTimers(world.sql, world.now, 2 * cases))
    if (kind === 'held') openHeldMatch(world.core, target);
  expect(waiting()).toBe(cases);

  const startedAt = world.now;
  const backlog = readTrackerStates(world.core).find(({ tracker }) => tracker === 'support');
  expect(backlog?.waitingCases).toBe(cases);
  while (waiting() !== 0 && world.now < startedAt + 120 * minute) await world.runUntil(world.now + minute);

  expect(waiting()).toBe(0);
  const { refused, early } = world.limits.github.record;
  expect(refused).toEqual([]);
  expect(early).toEqual([]);
  const creates = writes.filter(({ path }) => path.endsWith('/issues'));
  expect(creates).toHaveLength(cases);
  expect(Math.max(...limits.map(({ most, withinMs }) => mostWithin(writes, withinMs) - most))).toBeLessThanOrEqual(0);
  const took = (creates.at(-1)?.at ?? 0) - startedAt;
  const sent = writes.filter(({ at }) => at <= startedAt + took);
  expect(idealMs(sent.length, 220) / took).toBeGreaterThanOrEqual(0.95);

  // The home page gave the time to within a tenth.
  const estimatedMs = Date.parse(backlog?.throughAt ?? '') - startedAt;
  expect(Math.abs(estimatedMs - took) / took).toBeLessThan(0.1);

  // GitHub numbers its issues in the order in which they were made.
  const issues = (await world.trackerUser.product.list()).toSorted((a, b) => Number(a.key) - Number(b.key));
  const ranks = issues.map(({ labels }) => severities.findIndex((severity) => labels.includes(`severity:${severity}`)));
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  expect(new Set(ranks)).toEqual(new Set([0, 1, 2]));
}, 300_000);
