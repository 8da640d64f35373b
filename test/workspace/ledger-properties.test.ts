import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { verifyToken } from '#domain/base/key.ts';
import { answerAsk, unsubscribe } from '#src/workspace/loop/answer.ts';
import { applyMailEvent } from '#src/workspace/loop/withdraw.ts';
import { allowMailToBounced } from '#src/workspace/loop/write-to-customer.ts';
import { asksOfMail, type FollowUp, followUps } from '#src/workspace/store/asks.ts';
import { listTimelineEntries } from '#src/workspace/store/cases.ts';
import { mails } from '#src/workspace/store/mails.ts';
import { Harness } from '#test/harness/harness.ts';
import { sampled } from '#test/harness/sampled.ts';
import { day, hour } from '#test/harness/times.ts';
import { refused } from './fakes.ts';

/*
 * Closings, reopenings, opt-outs, answers and outages of the mail provider in any order, checked by the mail host's
 * records.
 */

const quarantine = 30 * day;

/** Two keys of one person, and one of another. */
const people = [
  { customer: 'k-1', email: 'one@customer.example' },
  { customer: 'k-2', email: 'One@customer.example' },
  { customer: 'k-3', email: 'three@customer.example' },
];

type Step =
  | { what: 'responds' | 'opts out' | 'mail again'; who: number }
  | { what: 'comes back'; mail: number }
  | { what: 'close' | 'reopen'; tracker: 'support' | 'growth'; which: number }
  | { what: 'answers'; mail: number; says: 'yes' | 'no' }
  | { what: 'mail host'; up: boolean }
  | { what: 'time'; hours: number };

const who = fc.nat({ max: people.length - 1 });
const tracker = fc.constantFrom('support' as const, 'growth' as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('responds' as const), who }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('opts out' as const), who }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('mail again' as const), who }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('comes back' as const), mail: fc.nat({ max: 5 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constantFrom('close', 'close', 'reopen'),
      tracker,
      which: fc.nat({ max: 2 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('answers' as const),
      mail: fc.nat({ max: 5 }),
      says: fc.constantFrom('yes' as const, 'no' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('mail host' as const), up: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('time' as const),
      hours: fc.constantFrom(1, 23, 25, 25, 7 * 24, 31 * 24),
    }),
  },
);

/** A workspace with what happened to it, as far as the rules of the ledger go by it. */
class LedgerRun {
  readonly harness = new Harness();
  /** Number of mails that were accepted when an address opted out. */
  readonly optedOutAt = new Map<string, number>();
  /** Number of mails that were accepted when an address was reported to take none. */
  readonly deadSince = new Map<string, number>();
  /** Newest answer of each follow-up that was answered. */
  readonly answers = new Map<string, string>();
  /** Keys of mails that bounced, and so asked nobody. */
  readonly bounced = new Set<string>();

  /** Mails that ask a customer. */
  questions() {
    return this.harness.mail.accepted.filter(
      ({ to, text }) => to.toLowerCase().includes('customer.example') && text.includes('/s/'),
    );
  }

  followUpOf(text: string): string {
    const token = /\/s\/(\S+)/.exec(text)?.[1] ?? '';
    return verifyToken(this.harness.core.keys, 'survey', token)?.subject ?? '';
  }

  followUps(): FollowUp[] {
    const { sql } = this.harness;
    return this.harness.cases().flatMap(({ id }) => followUps.list(sql, { caseId: id }));
  }

  get accepted(): number {
    return this.harness.mail.accepted.length;
  }
}

async function respond({ harness }: LedgerRun, person: number, number: number): Promise<void> {
  await harness.receive({ token: `r-${number}`, ...people[person], completed: false, wish: 'more' });
}

async function closeOrReopen(
  { harness }: LedgerRun,
  { what, tracker, which }: Extract<Step, { which: number }>,
): Promise<void> {
  const host = harness.trackers[tracker];
  const state = host.issues[which]?.snapshot.state;
  if (state !== (what === 'close' ? 'open' : 'closed')) return;
  if (what === 'close') host.close(which);
  else host.reopen(which);
  await harness.poll();
}

async function answer(run: LedgerRun, index: number, resolved: 'yes' | 'no'): Promise<void> {
  const questions = run.questions();
  const mail = questions[index % Math.max(1, questions.length)];
  if (!mail) return;
  const id = run.followUpOf(mail.text);
  const result = answerAsk(run.harness.core, id, new Map([['resolved', resolved]]));
  if (result.status === 'thanks') run.answers.set(id, resolved);
  await run.harness.pass(0);
}

function optOut(run: LedgerRun, person: number): void {
  const address = people[person]?.email.toLowerCase() ?? '';
  const mail = run.questions().find(({ to }) => to.toLowerCase() === address);
  if (!mail) return;
  unsubscribe(run.harness.core, run.followUpOf(mail.text));
  if (!run.optedOutAt.has(address)) run.optedOutAt.set(address, run.accepted);
}

function bounce(run: LedgerRun, index: number): void {
  const { harness } = run;
  const mail = run.questions()[index];
  const provider = mail && mails.find(harness.sql, { id: mail.key })?.provider;
  if (!mail || !provider) return;
  const event = { provider, address: mail.to, what: 'bounced' as const, why: 'no such box' };
  harness.sql.transaction(() => applyMailEvent(harness.core, event));
  run.bounced.add(mail.key);
  const address = mail.to.toLowerCase();
  if (!run.deadSince.has(address)) run.deadSince.set(address, run.accepted);
}

function allowMailAgain(run: LedgerRun, index: number): void {
  const { harness, deadSince } = run;
  const person = people[index];
  const address = person?.email.toLowerCase() ?? '';
  if (!person || !deadSince.has(address)) return;
  expectNoneAfter(run, address, deadSince.get(address) ?? 0);
  deadSince.delete(address);
  harness.sql.transaction(() =>
    allowMailToBounced(harness.core, person.customer, { reason: 'the box works again', who: 'dana' }),
  );
}

async function take(run: LedgerRun, step: Step, number: number): Promise<void> {
  const { always } = run.harness.mail;
  switch (step.what) {
    case 'responds':
      return respond(run, step.who, number);
    case 'close':
    case 'reopen':
      return closeOrReopen(run, step);
    case 'answers':
      return answer(run, step.mail, step.says);
    case 'opts out':
      return optOut(run, step.who);
    case 'comes back':
      return bounce(run, step.mail);
    case 'mail again':
      return allowMailAgain(run, step.who);
    case 'mail host':
      if (step.up) always.delete('send');
      else always.set('send', refused('auth', 401));
      return;
    case 'time':
      return run.harness.pass(step.hours * hour);
  }
}

/** No question reaches an address after so many mails. */
function expectNoneAfter(run: LedgerRun, address: string, count: number): void {
  const later = new Set(run.harness.mail.accepted.slice(count));
  const questions = run.questions().filter((mail) => later.has(mail));
  expect(questions.filter(({ to }) => to.toLowerCase() === address)).toEqual([]);
}

/** A first follow-up does not continue a case that the same person disputed. */
function isFirst({ harness: { sql }, answers }: LedgerRun, leader: string): boolean {
  return asksOfMail(sql, leader).some(({ caseId, person, generation }) => {
    if (caseId === null || generation === null) return true;
    const before = followUps
      .list(sql, { caseId, generation: generation - 1 })
      .find((followUp) => followUp.kind === 'customer' && followUp.person === person);
    return !(before && answers.get(before.mergedInto ?? before.id) === 'no');
  });
}

/** First follow-ups to one address are a quarantine apart, and no mail is sent twice. */
function expectQuarantine(run: LedgerRun): void {
  const seen = new Set<string>();
  const last = new Map<string, number>();
  for (const { key, to, text, at } of run.questions()) {
    const address = to.toLowerCase();
    expect(seen.has(key)).toBe(false);
    seen.add(key);
    if (text.includes('only reminder') || run.bounced.has(key) || !isFirst(run, run.followUpOf(text))) continue;
    const before = last.get(address);
    if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(quarantine);
    last.set(address, at);
  }
}

/** Each closing keeps its own delay, also in a mail shared with another. */
function expectDelays(run: LedgerRun): void {
  const closedAt = new Map<string, number>();
  for (const { id, caseId, kind, generation, sentAt, mergedInto } of run.followUps()) {
    if (kind !== 'customer' || sentAt === null) continue;
    const closings = listTimelineEntries(run.harness.sql, caseId).filter(
      (entry) => entry.generation === generation && entry.what.startsWith('closed as '),
    );
    const leader = mergedInto ?? id;
    const newest = Math.max(closedAt.get(leader) ?? 0, ...closings.map(({ at }) => at));
    if (newest > 0) closedAt.set(leader, newest);
  }
  for (const [leader, at] of closedAt) {
    const first = run.questions().find(({ text }) => run.followUpOf(text) === leader);
    if (first) expect(first.at - at).toBeGreaterThanOrEqual(day);
  }
}

/** No follow-up is forgotten: each was asked once and perhaps reminded, or says why not. */
function expectNoneForgotten(run: LedgerRun): void {
  for (const { id, kind, state, why, mergedInto, waitsFor } of run.followUps()) {
    expect(why).not.toBe('');
    expect(state).not.toBe('due');
    expect(waitsFor).toBeNull();
    if (kind !== 'customer' || state === 'skipped') continue;
    const mails = run
      .questions()
      .filter(({ key, text }) => run.followUpOf(text) === (mergedInto ?? id) && !run.bounced.has(key));
    expect(mails.length, `${state}: ${why}`).toBeGreaterThanOrEqual(1);
    expect(mails.length).toBeLessThanOrEqual(2);
  }
}

it('keeps the contact ledger, whatever happens in whatever order', { timeout: 120_000 }, async () => {
  let asked = 0;
  let merged = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
      const run = new LedgerRun();
      const all: Step[] = [...people.map((_, who): Step => ({ what: 'responds', who })), ...steps];
      for (const [number, entry] of all.entries()) await take(run, entry, number);
      run.harness.mail.always.delete('send');
      await run.harness.pass(20 * day);

      expectQuarantine(run);
      for (const [address, count] of [...run.optedOutAt, ...run.deadSince]) expectNoneAfter(run, address, count);
      expectDelays(run);
      expectNoneForgotten(run);
      asked += run.questions().length;
      merged += run
        .followUps()
        .filter(({ kind, state, mergedInto }) => kind === 'customer' && state !== 'skipped' && mergedInto).length;
    }),
    { numRuns: sampled(30, 8), seed: 5 },
  );
  // Runs without follow-ups would test nothing.
  expect(asked).toBeGreaterThan(sampled(30, 8));
  expect(merged).toBeGreaterThan(sampled(2, 0));
});
