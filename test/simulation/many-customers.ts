import { verifyToken } from '#domain/base/key.ts';
import { answerAsk, unsubscribe } from '#src/workspace/loop/answer.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour } from '#test/harness/times.ts';
import { chance as chanceOf } from './chance.ts';
import { recordHarness } from './harness-history.ts';
import { invariants } from './invariants.ts';

export interface ManyReport {
  cases: number;
  asked: number;
  /** Follow-ups that shared a mail with another. */
  merged: number;
  skipped: number;
  answered: number;
  violations: string[];
}

const steps = 4;

/** The invariants of a run without faults, whose closings nobody records. */
const judged = [
  invariants.noSecondMail,
  invariants.noMailTooEarly,
  invariants.noMailAfterOptOut,
  invariants.everyClosingIsServed,
  invariants.nobodyIsForgotten,
];

/**
 * Months of a workspace with many customers and healthy hosts: customers respond, some under two keys; cases are closed
 * and reopened; customers answer, stay silent or opt out. The checks use the mails that the host accepted.
 */
export async function manyCustomers(customers: number, days: number, seed: number): Promise<ManyReport> {
  const chance = chanceOf(seed);
  const harness = new Harness();
  const optOuts = new Map<string, number>();
  let sent = 0;
  let read = 0;
  const perStep = (customers * 2) / (days * steps);
  for (let step = 0; step < days * steps; step += 1) {
    const arrivals = Math.floor(perStep) + (chance.happens(perStep % 1) ? 1 : 0);
    const told = Array.from({ length: arrivals }, () => {
      const who = chance.below(customers);
      sent += 1;
      return {
        token: `r-${sent}`,
        // Every tenth person has two keys for one address.
        customer: who % 10 === 0 && chance.happens(0.5) ? `k-${who}-b` : `k-${who}`,
        email: `person-${who}@customer.example`,
        completed: chance.happens(0.3),
        ...(chance.happens(0.4) ? { wish: 'more' } : {}),
      };
    });
    if (told.length > 0) await harness.receive(...told);
    for (const tracker of [harness.trackers.support, harness.trackers.growth]) {
      tracker.issues.forEach(({ snapshot }, index) => {
        if (snapshot.state === 'open' && chance.happens(0.15))
          tracker.close(index, chance.happens(0.9) ? 'completed' : 'not-planned');
        else if (snapshot.state === 'closed' && chance.happens(0.001)) tracker.reopen(index);
      });
    }
    await harness.pass(24 * (hour / steps));
    for (const { to, text } of harness.mail.accepted.slice(read)) {
      const token = /\/s\/(\S+)/.exec(text)?.[1];
      const id = token && verifyToken(harness.core.keys, 'survey', token)?.subject;
      if (!id || !to.includes('customer.example')) continue;
      if (chance.happens(0.02)) {
        harness.sql.transaction(() => unsubscribe(harness.core, id));
        if (!optOuts.has(to)) optOuts.set(to, harness.now);
      } else if (chance.happens(0.5)) {
        const form = new Map([['resolved', chance.pick(['yes', 'yes', 'yes', 'no', 'partly'])]]);
        harness.sql.transaction(() => answerAsk(harness.core, id, form));
      }
    }
    read = harness.mail.accepted.length;
  }
  await harness.pass(20 * day);
  const count = (where: string) =>
    Number(harness.sql.all<{ n: number }>(`SELECT COUNT(*) AS n FROM asks WHERE ${where}`)[0]?.n ?? 0);
  const history = { ...(await recordHarness(harness)), optOuts };
  return {
    cases: harness.cases().length,
    asked: count("kind = 'customer' AND sent_at IS NOT NULL"),
    merged: count('merged_into IS NOT NULL'),
    skipped: count("kind = 'customer' AND state = 'skipped'"),
    answered: count("kind = 'customer' AND state = 'answered'"),
    violations: judged.flatMap((invariant) => invariant(history)),
  };
}
