import { expect, it } from 'vitest';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { hour } from '#test/harness/times.ts';

/** Acme polled once a day, where nothing is exempt from quiet hours. */
const sleeping = acme(({ name, text }) =>
  name === 'acme'
    ? text
        .replace('every: 2 minutes', 'every: 1 day')
        .replace(/^quiet-hours: .*/m, 'quiet-hours: { hours: "20:00-07:00" }')
    : text,
);

it('the first notice of an urgent case passes quiet hours, and that of another case waits for their end', async () => {
  const harness = new Harness(sleeping);
  const atNight = Date.parse('2026-11-24T22:00:00Z');
  await harness.pass(atNight - harness.now);
  await harness.receive({ token: 'g', customer: 'gold', tier: 'gold', completed: false });
  await harness.receive({ token: 's', customer: 'silver', tier: 'silver', completed: false });
  await harness.pass(hour);
  const opened = () =>
    harness.mail.accepted.filter(({ to, text }) => to === 'sam@acme.example' && /\/cases\//.test(text));
  expect(harness.cases().map(({ severityRank }) => severityRank)).toEqual([1, 2]);
  expect(opened().map(({ subject }) => subject)).toEqual([expect.stringContaining('C-1')]);
  await harness.pass(9 * hour);
  expect(opened().map(({ subject }) => subject)).toEqual([
    expect.stringContaining('C-1'),
    expect.stringContaining('C-2'),
  ]);
});

it('the first notice of an urgent case waits for no notice that quiet hours hold, and a storm stays one', async () => {
  const harness = new Harness(sleeping);
  const atNight = Date.parse('2026-11-24T22:00:00Z');
  await harness.pass(atNight - harness.now);
  await harness.receive({ token: 's', customer: 'silver', tier: 'silver', completed: false });
  for (const token of ['g1', 'g2', 'g3'])
    await harness.receive({ token, customer: token, tier: 'gold', completed: false });
  const sent = () => harness.mail.accepted.filter(({ to }) => to === 'sam@acme.example').map(({ subject }) => subject);
  expect(sent()).toEqual([expect.stringContaining('C-2')]);
  await harness.pass(hour);
  expect(sent()).toEqual([expect.stringContaining('C-2'), expect.stringContaining('2 cases')]);
});
