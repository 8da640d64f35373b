import { expect, test } from 'vitest';
import type { FollowUpJson } from '#domain/json/loop-json.ts';
import { Closings, collectClosings, type Entry } from '#src/views/closings.tsx';
import { at, sampleCase } from './sample-case.ts';

const entry = (what: Entry['what'], generation: number, who = 'Caselite'): Entry => ({
  at: at(generation),
  what,
  who,
  why: `why ${what}`,
  evidence: null,
  generation,
});

const followUp = (difference: Partial<FollowUpJson>): FollowUpJson => ({
  id: 'f_1',
  case: 'c_1',
  customer: 'cust-1',
  person: null,
  generation: 1,
  kind: 'customer',
  state: 'sent',
  why: '',
  dueAt: at(1),
  sentAt: at(1),
  answeredAt: null,
  answers: null,
  ...difference,
});

const customerAnswer = (resolved: string, hours = 2) =>
  followUp({ state: 'answered', answers: { resolved, comment: 'own words' }, answeredAt: at(hours) });
const closerAnswer = (closed: string, difference: Partial<FollowUpJson> = {}) =>
  followUp({
    kind: 'closer',
    customer: null,
    person: 'sam',
    state: 'answered',
    answers: { closed, blocker: 'policy' },
    answeredAt: at(3),
    ...difference,
  });

test('a case that nobody closed has no closings', () => {
  expect(collectClosings({ timeline: [entry('opened', 1)], verdicts: [], followUps: [] })).toEqual([]);
});

test('both sides’ answers are side by side, closing by closing, the newest first', () => {
  const timeline = [entry('closed as fixed', 1, 'sam'), entry('reopened', 1), entry('closed as fixed', 2, 'kim')];
  const verdict = { customer: 'cust-1', generation: 1, verdict: 'disputed' as const, why: 'no', at: at(9) };
  const followUps = [customerAnswer('no'), closerAnswer('yes'), followUp({ generation: 2 })];
  const [second, first, ...others] = collectClosings({ timeline, verdicts: [verdict], followUps });
  expect(others).toEqual([]);
  expect(second).toMatchObject({ generation: 2, verdicts: [], reopened: null, closed: { who: 'kim' } });
  expect(second?.customer).toMatchObject({ asked: 1, answers: [], last: undefined });
  expect(first).toMatchObject({ generation: 1, verdicts: [verdict], reopened: { what: 'reopened' } });
  expect(first?.customer).toMatchObject({
    answers: [{ answer: 'no', count: 1 }],
    last: { note: 'own words' },
  });
  expect(first?.closer).toMatchObject({
    answers: [{ answer: 'yes', count: 1 }],
    last: { who: 'sam', blocker: 'policy' },
  });
});

test('answers are counted over everybody who was asked, and the newest is named', () => {
  const followUps = [customerAnswer('yes', 2), customerAnswer('no', 5), customerAnswer('yes', 3), followUp({})];
  const [closing] = collectClosings({ timeline: [], verdicts: [], followUps });
  expect(closing?.customer).toMatchObject({
    asked: 4,
    answers: [
      { answer: 'yes', count: 2 },
      { answer: 'no', count: 1 },
    ],
    last: { at: at(5) },
  });
});

test('a customer who was not asked is shown with the reason', () => {
  const followUps = [followUp({ state: 'skipped', why: 'no e-mail address is known', sentAt: null })];
  const [closing] = collectClosings({ timeline: [entry('closed as fixed', 1)], verdicts: [], followUps });
  expect(closing?.customer.whyNotAsked).toBe('no e-mail address is known');
  expect(closing?.closer.whyNotAsked).toBeNull();
});

test('a closing that asks nobody, because no customer is known, does not say that they are asked later', () => {
  const followUps = [followUp({ kind: 'closer', state: 'due' })];
  const shown = (key: string | null) => {
    const customer = { key, name: null, tier: null, revenue: null, attributes: {} };
    return String(Closings({ one: sampleCase({ loop: 'resolved', followUps, customer }) }));
  };
  expect([shown('cust-1').match(/Not asked yet/g), shown(null).match(/Not asked yet/g)]).toMatchObject([
    { length: 2 },
    { length: 1 },
  ]);
});
