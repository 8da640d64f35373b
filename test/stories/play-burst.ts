import { decideHeld, openHeldMatch } from '#src/workspace/intake/decide-held.ts';
import { processWaitingDelivery } from '#src/workspace/intake/process-delivery.ts';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { readTrackerStates } from '#src/workspace/queries/connections.ts';
import { cases as storedCases } from '#src/workspace/store/cases.ts';
import { listWaitingDeliveries } from '#src/workspace/store/deliveries.ts';
import { listDueTimers } from '#src/workspace/store/schedule.ts';
import { encodeTypeform } from '#test/harness/sample-response.ts';
import { minute } from '#test/harness/times.ts';
import { chance } from '#test/simulation/chance.ts';
import { World } from '#test/simulation/world.ts';

/*
 * A bad upgrade: many customers complain at once, all in one GitHub repository, whose host counts its own limits and
 * answers 403 beyond them.
 */

const tiers = ['gold', 'silver', 'bronze'];
/** Nine tenths of what GitHub allows: people and other programs of the account need the rest. */
export const limits = [
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

/** Opens a number of cases at once, and works until each has its issue. */
export async function playBurst(cases: number) {
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
  const waiting = () => storedCases.list(world.sql, {}).filter(({ issue }) => issue === null).length;
  // A case manager opens what the template held.
  decideHeld(world.core, 'upgrade-not-installed', { decision: 'open', who: 'dana' });
  for (const { kind, target } of listDueTimers(world.sql, world.now, 2 * cases))
    if (kind === 'held') openHeldMatch(world.core, target);
  const opened = waiting();
  const longestMs = (cases / 300 + 1) * 60 * minute;

  const startedAt = world.now;
  const backlog = readTrackerStates(world.core).find(({ tracker }) => tracker === 'support');
  while (waiting() !== 0 && world.now < startedAt + longestMs) await world.runUntil(world.now + minute);
  const creates = writes.filter(({ path }) => path.endsWith('/issues'));
  const tookMs = (creates.at(-1)?.at ?? 0) - startedAt;
  const sent = writes.filter(({ at }) => at <= startedAt + tookMs);
  const shareOfAllowed = idealMs(sent.length, 220) / tookMs;
  return { world, writes, creates, opened, left: waiting(), backlog, startedAt, tookMs, shareOfAllowed };
}
