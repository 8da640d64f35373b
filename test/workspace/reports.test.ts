import { expect, it } from 'vitest';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { buildLoopReport, findClosureWarningsOfCase } from '#src/workspace/queries/loop.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour } from '#test/harness/times.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';

async function closed(harness: Harness, by: string | null): Promise<void> {
  harness.trackers.support.close(0, 'completed', by ?? 'a-bot');
  await harness.poll();
}

async function say(harness: Harness, kind: 'customer' | 'closer', answers: Record<string, string>): Promise<void> {
  const own = harness.followUps().find((followUp) => followUp.kind === kind);
  expect(answerAsk(harness.core, own?.id ?? '', new Map(Object.entries(answers))).status).toBe('thanks');
  await harness.pass(0);
}

it('a closing by nobody known, at once and without a word, shows so', async () => {
  const harness = new Harness();
  await harness.receive({ completed: false });
  await closed(harness, null);
  const [closing] = findClosureWarningsOfCase(harness.core, harness.case().id);
  expect(closing?.warnings.map(({ warning }) => warning)).toEqual([
    'soon-after-opening',
    'without-comment',
    'without-contact',
    'by-a-machine',
  ]);
  expect(buildLoopReport(harness.core, 30).review).toMatchObject([{ handle: 'C-1', generation: 1 }]);
});

it('five cases closed by one person within minutes are a burst for each of them', async () => {
  const harness = new Harness();
  await harness.receive(...[1, 2, 3, 4, 5].map((n) => ({ token: `r-${n}`, customer: `k-${n}`, completed: false })));
  await harness.pass(5 * hour);
  for (let index = 0; index < 5; index += 1) harness.trackers.support.close(index, 'completed', sam);
  await harness.poll();
  for (const { id } of harness.cases()) {
    expect(findClosureWarningsOfCase(harness.core, id)[0]?.warnings.map(({ warning }) => warning)).toContain(
      'in-a-burst',
    );
  }
});

it('a known gap stands in the sums with its blocker, its category and its revenue', async () => {
  const harness = new Harness();
  await harness.receive({ completed: false });
  await harness.pass(hour);
  await closed(harness, sam);
  await harness.pass(day + hour);
  await say(harness, 'closer', { closed: 'unable', blocker: 'policy' });
  await say(harness, 'customer', { resolved: 'no' });
  const report = buildLoopReport(harness.core, 30);
  expect(report.total.counts['known-gap']).toBe(1);
  expect(report.crossed.find((entry) => entry.count > 0)).toEqual({
    closer: 'unable',
    customer: 'no',
    count: 1,
  });
  expect(report.blockers).toMatchObject([{ blocker: 'policy', count: 1, knownGaps: 1, customers: 1, revenue: 1000 }]);
});

it('the customer’s own reason stands beside the blocker that the closer names, and stays after an erasure', async () => {
  const harness = new Harness();
  await harness.receive({ completed: false });
  await harness.pass(hour);
  await closed(harness, sam);
  await harness.pass(day + hour);
  await say(harness, 'closer', { closed: 'unable', blocker: 'policy' });
  await say(harness, 'customer', { resolved: 'no', reason: 'price or contract' });
  const expected = [
    { blocker: 'policy', count: 1, reasons: 0 },
    { blocker: 'price or contract', count: 0, reasons: 1 },
  ];
  expect(buildLoopReport(harness.core, 30).blockers).toMatchObject(expected);
  harness.sql.transaction(() => erasePerson(harness.core, 'k-1', 'dana'));
  expect(buildLoopReport(harness.core, 30).blockers).toMatchObject(expected);
});

it('a reason that customers write in a field of their own stands in no report, nor after an erasure', async () => {
  const text = 'Ada Lovelace of Acme was promised a refund';
  const change = (survey: string) => survey.replace(/(- id: reason\n\s+type: )choice/, '$1text');
  const settings = acme((file) => (file.name === 'recovery' ? change(file.text) : file.text));
  const harness = new Harness(settings);
  await harness.receive({ completed: false });
  await harness.pass(hour);
  await closed(harness, sam);
  await harness.pass(day + hour);
  await say(harness, 'customer', { resolved: 'no', handling: '2', reason: text });
  expect(buildLoopReport(harness.core, 30).blockers).toEqual([]);
  harness.sql.transaction(() => erasePerson(harness.core, 'k-1', 'dana'));
  expect(harness.customerFollowUp().answers).toEqual({ resolved: 'no', handling: '2' });
});

it('a report over no days is refused, and names the field', () => {
  const harness = new Harness();
  expect(() => buildLoopReport(harness.core, 0)).toThrow(/days: must be a whole number/);
  expect(buildLoopReport(harness.core, 7).total.total).toBe(0);
});

it('an answer seconds after its mail left counts like every other', async () => {
  const harness = new Harness();
  await harness.receive({ completed: false });
  await harness.pass(5 * hour);
  await closed(harness, sam);
  await harness.until(harness.customerFollowUp().dueAt + 4000);
  await say(harness, 'customer', { resolved: 'yes' });
  await say(harness, 'closer', { closed: 'yes' });
  expect(harness.case().loop).toBe('confirmed');
});
