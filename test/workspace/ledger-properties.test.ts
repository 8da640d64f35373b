import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { readToken } from '#domain/base/token.ts';
import { answerFollowUp, unsubscribe } from '#src/workspace/loop/answer.ts';
import { mailAgain } from '#src/workspace/loop/mail-again.ts';
import { keepMailEvent } from '#src/workspace/loop/mail-event.ts';
import { type FollowUp, findFollowUp, followUpsOfMail } from '#src/workspace/store/follow-ups.ts';
import { Harness } from '#test/harness/harness.ts';
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

/** Past events, as far as the rules depend on them. */
interface Model {
  /** Number of mails accepted before an address opted out. */
  optedOutAt: Map<string, number>;
  /** Answered follow-ups, with the newest answer. */
  said: Map<string, string>;
  /** Bounced mails, whose questions reached no customer. */
  back: Set<string>;
  /** Number of mails accepted before an address was known to bounce. */
  deadSince: Map<string, number>;
}

const followUpOf = (harness: Harness, text: string): string =>
  readToken(harness.core.keys, 'survey', /\/s\/(\S+)/.exec(text)?.[1] ?? '')?.subject ?? '';

const isQuestion = (mail: { to: string; text: string }) =>
  mail.to.toLowerCase().includes('customer.example') && mail.text.includes('/s/');

async function take(harness: Harness, model: Model, step: Step, number: number): Promise<void> {
  switch (step.what) {
    case 'responds': {
      const person = people[step.who];
      await harness.receive({ token: `r-${number}`, ...person, completed: false, wish: 'more' });
      return;
    }
    case 'close':
    case 'reopen': {
      const host = harness.trackers[step.tracker];
      const state = host.issues[step.which]?.snapshot.state;
      if (state !== (step.what === 'close' ? 'open' : 'closed')) return;
      if (step.what === 'close') host.close(step.which);
      else host.reopen(step.which);
      await harness.poll();
      return;
    }
    case 'answers': {
      const asked = harness.mail.accepted.filter(isQuestion);
      const mail = asked[step.mail % Math.max(1, asked.length)];
      if (!mail) return;
      const id = followUpOf(harness, mail.text);
      const result = answerFollowUp(harness.core, id, new Map([['resolved', step.says]]));
      if (result.status === 'thanks') model.said.set(id, step.says);
      await harness.pass(0);
      return;
    }
    case 'opts out': {
      const address = people[step.who]?.email.toLowerCase() ?? '';
      const mail = harness.mail.accepted.find((sent) => isQuestion(sent) && sent.to.toLowerCase() === address);
      if (!mail) return;
      unsubscribe(harness.core, followUpOf(harness, mail.text));
      if (!model.optedOutAt.has(address)) model.optedOutAt.set(address, harness.mail.accepted.length);
      return;
    }
    case 'comes back': {
      const mail = harness.mail.accepted.filter(isQuestion)[step.mail];
      const [row] = mail
        ? harness.sql.all<{ provider: string | null }>('SELECT provider FROM mails WHERE id = ?', mail.key)
        : [];
      if (!mail || !row?.provider) return;
      const event = {
        provider: row.provider,
        address: mail.to,
        what: 'bounced' as const,
        why: 'no such box',
      };
      harness.sql.transaction(() => keepMailEvent(harness.core, event));
      model.back.add(mail.key);
      const address = mail.to.toLowerCase();
      if (!model.deadSince.has(address)) model.deadSince.set(address, harness.mail.accepted.length);
      return;
    }
    case 'mail again': {
      const person = people[step.who];
      const address = person?.email.toLowerCase() ?? '';
      if (!person || !model.deadSince.has(address)) return;
      noneAfter(harness, address, model.deadSince.get(address) ?? 0);
      model.deadSince.delete(address);
      harness.sql.transaction(() => mailAgain(harness.core, person.customer, { reason: 'mended', who: 'dana' }));
      return;
    }
    case 'mail host':
      if (step.up) harness.mail.always.delete('send');
      else harness.mail.always.set('send', refused('auth', 401));
      return;
    case 'time':
      await harness.pass(step.hours * hour);
  }
}

function noneAfter(harness: Harness, address: string, count: number): void {
  const later = harness.mail.accepted.slice(count).filter(isQuestion);
  expect(later.filter(({ to }) => to.toLowerCase() === address)).toEqual([]);
}

/** A first follow-up does not continue a case that the same person disputed. */
function isFirst(harness: Harness, model: Model, leader: string): boolean {
  return followUpsOfMail(harness.sql, leader).some((followUp: FollowUp) => {
    const before = harness.sql.all<{ id: string }>(
      "SELECT id FROM follow_ups WHERE case_id = ? AND kind = 'customer' AND person = ? AND generation = ?",
      followUp.caseId,
      followUp.person,
      followUp.generation - 1,
    )[0];
    return !(before && model.said.get(before.id) === 'no');
  });
}

it('keeps the contact ledger, whatever happens in whatever order', { timeout: 120_000 }, async () => {
  let asked = 0;
  let merged = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
      const harness = new Harness();
      const model: Model = {
        optedOutAt: new Map(),
        said: new Map(),
        back: new Set(),
        deadSince: new Map(),
      };
      const all: Step[] = [...people.map((_, who): Step => ({ what: 'responds', who })), ...steps];
      for (const [number, entry] of all.entries()) await take(harness, model, entry, number);
      harness.mail.always.delete('send');
      await harness.pass(20 * day);

      const questions = harness.mail.accepted.filter(isQuestion);
      asked += questions.length;
      const seen = new Set<string>();
      const last = new Map<string, number>();
      for (const { key, to, text, at } of questions) {
        const address = to.toLowerCase();
        expect(seen.has(key)).toBe(false);
        seen.add(key);
        const leader = followUpOf(harness, text);
        if (text.includes('only reminder') || model.back.has(key) || !isFirst(harness, model, leader)) continue;
        const before = last.get(address);
        if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(quarantine);
        last.set(address, at);
      }
      for (const [address, count] of [...model.optedOutAt, ...model.deadSince]) noneAfter(harness, address, count);
      // Each closing keeps its own delay, also in a mail shared with another.
      for (const { id, closedAt } of harness.sql.all<{ id: string; closedAt: number }>(
        `SELECT COALESCE(f.merged_into, f.id) AS id, MAX(t.at) AS closedAt FROM follow_ups f JOIN timeline t
           ON t.case_id = f.case_id AND t.generation = f.generation AND t.what LIKE 'closed as %'
          WHERE f.kind = 'customer' AND f.sent_at IS NOT NULL GROUP BY 1`,
      )) {
        const first = questions.find(({ text }) => followUpOf(harness, text) === id);
        if (first) expect(first.at - closedAt).toBeGreaterThanOrEqual(day);
      }
      // Each follow-up was sent, or has a reason.
      const rows = harness.sql.all<{
        id: string;
        kind: string;
        state: string;
        why: string;
        merged: string | null;
      }>('SELECT id, kind, state, why, merged_into AS merged FROM follow_ups');
      for (const { id, kind, state, why, merged: leader } of rows) {
        expect(why).not.toBe('');
        expect(state).not.toBe('due');
        if (kind === 'customer' && state !== 'skipped') {
          merged += leader ? 1 : 0;
          const mails = questions.filter(
            ({ key, text }) => followUpOf(harness, text) === (leader ?? id) && !model.back.has(key),
          );
          expect(mails.length, `${state}: ${why}`).toBeGreaterThanOrEqual(1);
          expect(mails.length).toBeLessThanOrEqual(2);
        }
        expect(findFollowUp(harness.sql, id)?.waitsFor).toBeNull();
      }
    }),
    { numRuns: 30, seed: 6 },
  );
  // Runs without follow-ups would test nothing.
  expect(asked).toBeGreaterThan(30);
  expect(merged).toBeGreaterThan(2);
});
