import { expect, test } from 'vitest';
import { closingsOf, type Entry } from '#src/views/closings.ts';
import { at } from './sample-case.ts';

let hour = 0;
const entry = (what: string, evidence: string | null = null, who = 'Caselite'): Entry => {
  hour += 1;
  return { at: at(hour), what, who, why: `why ${what}`, evidence };
};

test('a case that nobody closed has no closings', () => {
  expect(closingsOf({ timeline: [entry('opened', 'r_1'), entry('due time set')], verdicts: [] })).toEqual([]);
});

test('both sides stand beside each other, closing by closing, the newest first', () => {
  const timeline = [
    entry('opened', 'r_1'),
    entry('closed as fixed', 'SUP-1', 'sam'),
    entry('closer asked', 'f_closer1'),
    entry('customer asked', 'f_customer1'),
    entry('closer answered: yes', 'f_closer1', 'sam'),
    entry('customer answered: no', 'f_customer1', 'customer'),
    entry('reopening', 'disputed:1'),
    entry('reopened'),
    entry('closed as fixed', 'SUP-1', 'kim'),
    entry('customer asked', 'f_customer2'),
  ];
  const verdict = { customer: 'cust-1', generation: 1, verdict: 'disputed' as const, why: 'no', at: at(9) };
  const [second, first, ...others] = closingsOf({ timeline, verdicts: [verdict] });
  expect(others).toEqual([]);
  expect(second).toMatchObject({ generation: 2, verdicts: [], reopened: null, closed: { who: 'kim' } });
  expect(second?.customer).toMatchObject({ asked: 1, answers: [], last: null });
  expect(first).toMatchObject({ generation: 1, verdicts: [verdict], reopened: { what: 'reopened' } });
  expect(first?.customer.answers).toEqual([{ answer: 'no', count: 1 }]);
  expect(first?.closer).toMatchObject({ answers: [{ answer: 'yes', count: 1 }], last: { who: 'sam' } });
});

test('of each person the last answer counts', () => {
  const timeline = [
    entry('closed as fixed'),
    entry('customer asked', 'f_1'),
    entry('customer asked', 'f_2'),
    entry('customer asked', 'f_3'),
    entry('customer answered: no', 'f_1'),
    entry('customer answered: yes', 'f_2'),
    entry('customer answered: yes', 'f_1'),
  ];
  const [closing] = closingsOf({ timeline, verdicts: [] });
  expect(closing?.customer).toMatchObject({ asked: 3, answers: [{ answer: 'yes', count: 2 }] });
});

test('a closer who answers after the reopening speaks of the closing before', () => {
  const timeline = [
    entry('closed as fixed'),
    entry('closer asked', 'f_closer'),
    entry('reopened'),
    entry('closer answered: unable', 'f_closer'),
    entry('closer answered: partly', 'f_by-comment'),
  ];
  const closings = closingsOf({ timeline, verdicts: [] });
  expect(closings.map(({ generation }) => generation)).toEqual([1]);
  expect(closings[0]?.closer.answers).toEqual([
    { answer: 'unable', count: 1 },
    { answer: 'partly', count: 1 },
  ]);
});

test('a customer who was not asked is shown with the reason', () => {
  const timeline = [entry('closed as fixed'), entry('follow-up skipped', 'f_1')];
  const [closing] = closingsOf({ timeline, verdicts: [] });
  expect(closing?.customer.notAsked).toBe('why follow-up skipped');
  expect(closing?.closer.notAsked).toBeNull();
});
