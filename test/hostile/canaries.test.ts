import { expect, it } from 'vitest';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour } from '#test/harness/times.ts';
import { encodings, findCanaries } from './canaries.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';
const canaries = [
  'canarykeyword',
  'canarypersonname',
  'canaryownwords',
  'canaryaddress',
  'canaryverdict',
  'canaryfact',
];

it.each(Object.entries(encodings))('personal data of a delivery in %s is found', (_, encode) => {
  expect(findCanaries(`Words ${encode('canaryownwords')} of somebody`, canaries)).toEqual(['canaryownwords']);
});

it.each(Object.entries(encodings))(
  'personal data that is delivered in %s reaches no tracker, log, refusal or error',
  async (_, encode) => {
    const harness = new Harness();
    const [key = '', name = '', words = '', address = '', verdict = '', fact = ''] = canaries.map(encode);
    const response = {
      customer: key,
      name,
      wish: words,
      email: `${address}@customer.example`,
      ease: 1,
      completed: false,
    };
    const attempts = [
      { ...response, token: 'r-1' },
      { ...response, token: 'r-2', tier: 'bronze', hidden: { region: fact, product: fact } },
      { ...response, token: 'r-3', tier: 'silver', completed: true },
      { ...response, token: words, language: name },
    ];
    const errors: string[] = [];
    await harness.receive(...attempts);
    for (const tracker of Object.values(harness.trackers))
      for (const index of tracker.issues.keys()) tracker.close(index, 'completed', sam);
    await harness.poll();
    await harness.pass(2 * day);
    for (const index of harness.cases().keys())
      for (const { id, kind } of harness.followUps(index))
        try {
          answerAsk(
            harness.core,
            id,
            new Map([
              ['resolved', kind === 'customer' ? 'no' : 'yes'],
              ['comment', verdict],
              [verdict, name],
            ]),
          );
        } catch (error) {
          errors.push(String(error));
        }
    await harness.pass(3 * day + hour);
    expect(harness.cases().length).toBeGreaterThan(0);
    const refusals = harness.deliveries().map(({ error }) => String(error));
    const outside = [
      ...Object.values(harness.trackers).map(({ text }) => text),
      ...harness.log,
      ...refusals,
      ...errors,
    ];
    expect(outside.flatMap((text) => findCanaries(text, canaries))).toEqual([]);
  },
);
