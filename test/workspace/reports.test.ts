import { expect, it } from 'vitest';
import { answerFollowUp } from '#src/workspace/loop/answer.ts';
import { closureWarningsOfCase } from '#src/workspace/queries/closure-warnings.ts';
import { loopReport } from '#src/workspace/queries/loop-report.ts';
import { day, hour, Rig } from './rig.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';

async function closed(rig: Rig, by: string | null): Promise<void> {
  rig.trackers.support.close(0, 'completed', by ?? 'a-bot');
  await rig.poll();
}

async function say(rig: Rig, kind: 'customer' | 'closer', answers: Record<string, string>): Promise<void> {
  const own = rig.followUps().find((one) => one.kind === kind);
  expect(answerFollowUp(rig.core, own?.id ?? '', new Map(Object.entries(answers))).status).toBe('thanks');
  await rig.pass(0);
}

it('a closing by nobody known, at once and without a word, shows so', async () => {
  const rig = new Rig();
  await rig.receive({ completed: false });
  await closed(rig, null);
  const [closing] = closureWarningsOfCase(rig.core, rig.case().id);
  expect(closing?.warnings.map(({ warning }) => warning)).toEqual([
    'soon-after-opening',
    'without-comment',
    'without-contact',
    'by-a-machine',
  ]);
  expect(loopReport(rig.core, 30).review).toMatchObject([{ handle: 'C-1', generation: 1 }]);
});

it('five cases closed by one person within minutes are a burst for each of them', async () => {
  const rig = new Rig();
  await rig.receive(
    ...[1, 2, 3, 4, 5].map((n) => ({ token: `r-${n}`, customer: `k-${n}`, completed: false })),
  );
  await rig.pass(5 * hour);
  for (let index = 0; index < 5; index += 1) rig.trackers.support.close(index, 'completed', sam);
  await rig.poll();
  for (const { id } of rig.cases()) {
    expect(closureWarningsOfCase(rig.core, id)[0]?.warnings.map(({ warning }) => warning)).toContain(
      'in-a-burst',
    );
  }
});

it('a known gap stands in the sums with its blocker, its category and its revenue', async () => {
  const rig = new Rig();
  await rig.receive({ completed: false });
  await rig.pass(hour);
  await closed(rig, sam);
  await rig.pass(day + hour);
  await say(rig, 'closer', { closed: 'unable', blocker: 'policy' });
  await say(rig, 'customer', { resolved: 'no' });
  const report = loopReport(rig.core, 30);
  expect(report.total.counts['known-gap']).toBe(1);
  expect(report.crossed.find((one) => one.count > 0)).toEqual({ closer: 'unable', customer: 'no', count: 1 });
  expect(report.byReason).toMatchObject([{ name: 'fixed', total: 1 }]);
  expect(report.blockers).toMatchObject([
    { blocker: 'policy', count: 1, knownGaps: 1, customers: 1, revenue: 1000 },
  ]);
  expect(report.followedUp).toMatchObject({ count: 1, total: 1 });
});

it('a report over no days is refused, and names the field', () => {
  const rig = new Rig();
  expect(() => loopReport(rig.core, 0)).toThrow(/days: must be a whole number/);
  expect(loopReport(rig.core, 7).total.total).toBe(0);
});

it('an answer seconds after its mail left counts like every other, and is shown for review', async () => {
  const rig = new Rig();
  await rig.receive({ completed: false });
  await rig.pass(5 * hour);
  await closed(rig, sam);
  await rig.until(rig.customerFollowUp().dueAt + 4000);
  await say(rig, 'customer', { resolved: 'yes' });
  await say(rig, 'closer', { closed: 'yes' });
  expect(rig.case().loop).toBe('confirmed');
  const [closing] = closureWarningsOfCase(rig.core, rig.case().id);
  expect(closing?.warnings.find(({ warning }) => warning === 'answered-at-once')?.text).toBe(
    'an answer came 4 seconds after its mail had left; a mail scanner may have given it',
  );
});
