import { describe, expect, it } from 'vitest';
import type { Core } from '#src/workspace/core.ts';
import { processWaitingDelivery } from '#src/workspace/intake/process-delivery.ts';
import { startRereadingResponses } from '#src/workspace/intake/source-calls.ts';
import { actOnCase } from '#src/workspace/issues/act-on-case.ts';
import { listHeldActions } from '#src/workspace/issues/pending-changes.ts';
import { runBatch } from '#src/workspace/run-batch.ts';
import { runDue } from '#src/workspace/run-due.ts';
import { storeRereadResponse } from '#src/workspace/store/responses.ts';
import { findNextWorkAt, setTimer } from '#src/workspace/store/schedule.ts';
import { Harness } from '#test/harness/harness.ts';
import { override } from '#test/harness/override.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { hour, minute } from '#test/harness/times.ts';
import { Crash, type Life, mortalDurability, mortalSql } from '#test/simulation/faults.ts';
import { type Poison, poisonStore } from '#test/simulation/poison.ts';
import { rowsOf } from './rows.ts';

/** A process over the harness's store, which dies once `life.dead` is set. */
function boot(harness: Harness, poison: Poison): { core: Core; life: Life } {
  const life: Life = {
    dead: false,
    step() {
      if (life.dead) throw new Crash();
    },
  };
  const sql = mortalSql(harness.sql, life);
  const durability = mortalDurability(harness.store.durability, life);
  return { core: { ...harness.core, ...poisonStore({ sql, durability }, life, poison) }, life };
}

/** Runs everything due up to the instant, with a new process after each death. */
async function outlive(harness: Harness, poison: Poison, until: number): Promise<void> {
  for (let runs = 0; runs < 500; runs += 1) {
    const due = findNextWorkAt(harness.sql) ?? Number.POSITIVE_INFINITY;
    if (due > until) return;
    harness.now = Math.max(harness.now, due);
    const { core, life } = boot(harness, poison);
    try {
      await runDue(core, new Set());
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
    if (!life.dead) {
      harness.store.commit();
      continue;
    }
    harness.store.lose();
    harness.now += 1000;
  }
  throw new Error('no progress');
}

const poisoned = (kind: Poison['kind'], id: Poison['id']): Poison => ({ kind, id, deaths: 0 });

describe('a batch', () => {
  it('gives way after 50 ms of work (security 2)', async () => {
    const harness = new Harness();
    const order: string[] = [];
    const sync = async () => void order.push('others');
    const core = { ...harness.core, durability: { sync } };
    await runBatch(core, {
      name: 'numbers',
      list: () => [1, 2, 3, 4, 5],
      work(member) {
        harness.now += 30;
        order.push(String(member));
      },
      setAside: () => {},
    });
    expect(order.join(' ')).toBe('others 1 2 others 3 4 others 5');
  });

  it('takes what came while it gave way at its start, and gives way for nothing where there is none', async () => {
    const harness = new Harness();
    const waiting: number[] = [];
    const done: number[] = [];
    const giveWay = async () => void waiting.push(2);
    const work = (member: number) => void done.push(member);
    const batch = { name: 'numbers', list: () => [...waiting], work, setAside: () => {} };
    await runBatch({ ...harness.core, giveWay }, batch);
    expect([waiting, done]).toEqual([[], []]);
    waiting.push(1);
    await runBatch({ ...harness.core, giveWay }, batch);
    expect(done).toEqual([1, 2]);
  });

  it('is halved after each death until the member that stops the process is alone', async () => {
    const harness = new Harness();
    const batches: number[][] = [];
    const setAside: number[] = [];
    const waiting = new Set(Array.from({ length: 9 }, (_, index) => index));
    for (let life = 0; waiting.size > 0; life += 1) {
      if (life > 20) throw new Error('no progress');
      const done: number[] = [];
      try {
        await runBatch(harness.core, {
          name: 'numbers',
          list: () => [...waiting],
          work: (member) => {
            done.push(member);
            if (member === 6) throw new Crash();
          },
          setAside: (member) => setAside.push(member),
        });
        for (const member of waiting) waiting.delete(member);
      } catch {
        // What the process would have deleted at an orderly end is lost with it.
        harness.store.lose();
      }
      batches.push(done);
    }
    expect(batches.map((done) => done.join(''))).toEqual(['0123456', '0123456', '56', '56', '6', '6', '78']);
    expect(setAside).toEqual([6]);
  });
});

describe('a process that dies each time it works on', () => {
  it('a delivery sets it aside after three deaths, and takes the others', async () => {
    const harness = new Harness();
    const poison = poisoned('delivery', 5);
    const responses = Array.from({ length: 9 }, (_, index) => ({ token: `r-${index}`, customer: `k-${index}` }));
    harness.arrive(...responses);
    harness.store.commit();
    await outlive(harness, poison, harness.now + minute);
    const outcomes = harness.deliveries().map(({ outcome }) => outcome);
    expect(outcomes).toEqual(responses.map((_, index) => (index === 4 ? 'set-aside' : 'stored')));
    expect(harness.deliveries()[4]?.error).toBe('it stopped the process; the raw delivery is stored');
    expect(poison.deaths).toBeLessThanOrEqual(7);
    expect(rowsOf(harness.sql, 'runs')).toEqual([]);
  });

  it('a timer moves it by an hour, notifies the admins once, and plays the others', async () => {
    const harness = new Harness();
    harness.sql.run('DELETE FROM schedule');
    for (let number = 0; number < 6; number += 1) setTimer(harness.sql, 'window', `f-${number}`, harness.now);
    harness.store.commit();
    const [poisonSeq] = rowsOf(harness.sql, 'schedule').flatMap(({ seq, target }) => (target === 'f-3' ? [seq] : []));
    const poison = poisoned('timer', Number(poisonSeq));
    await outlive(harness, poison, harness.now + 10 * minute);
    expect(rowsOf(harness.sql, 'schedule')).toMatchObject([{ target: 'f-3' }]);
    const { deaths } = poison;
    expect(deaths).toBeLessThanOrEqual(6);
    await outlive(harness, poison, harness.now + 3 * hour);
    expect(poison.deaths).toBe(deaths + 2 * 3);
    const subject = 'Put off, because it stopped Caselite: ending the time to answer a survey';
    expect(harness.mail.accepted.filter((mail) => mail.subject === subject)).toHaveLength(1);
  });

  it('a call of the outbox leaves it to a person, and makes the other calls', async () => {
    const harness = new Harness();
    for (const customer of ['k-1', 'k-2', 'k-3']) harness.arrive({ token: customer, customer, completed: false });
    for (const { seq } of harness.deliveries()) processWaitingDelivery(harness.core, seq);
    harness.store.commit();
    const creates = rowsOf(harness.sql, 'outbox').filter(({ kind }) => kind === 'issue.create');
    const poison = poisoned('row', Number(creates[1]?.id));
    await outlive(harness, poison, harness.now + 2 * hour);
    expect(poison.deaths).toBe(8);
    expect(harness.trackers.support.issues).toHaveLength(2);
    const ended = harness.outbox().filter(({ kind }) => kind === 'issue.create');
    expect(ended.map(({ state }) => state).sort()).toEqual(['done', 'done', 'refused']);
    expect(harness.cases().filter(({ needsPerson }) => needsPerson?.includes('it stopped the process'))).toHaveLength(
      1,
    );
  });

  it('an action of the case page gives it up and tells so, and does not do it after all', async () => {
    const harness = new Harness(slowAcme());
    await harness.receive({ completed: false });
    await harness.pass(minute);
    const { id } = harness.case();
    const given = { because: null, rootCause: null, whatChanged: null, mention: [], who: 'dana', once: null };
    const action = { ...given, action: 'severity', value: 'low', isUndoable: true } as const;
    harness.sql.transaction(() => actOnCase(harness.core, id, action));
    harness.sql.run("UPDATE outbox SET stops = 8 WHERE kind = 'case.act'");
    await harness.pass(hour);
    expect(harness.case().severity).toBe('urgent');
    expect(harness.timeline()).toContain('command not obeyed');
    expect(listHeldActions(harness.core, id)).toEqual([]);
  });

  it('a stored response leaves it with its old reading, and rereads the others', async () => {
    const harness = new Harness();
    await harness.receive(
      ...Array.from({ length: 9 }, (_, index) => ({ token: `r-${index}`, customer: `k-${index}` })),
    );
    for (const { id, customerKey, content, incoming } of harness.responses())
      if (incoming)
        storeRereadResponse(harness.sql, { id, customerKey, content: { ...content, formTitle: 'stale' }, incoming });
    startRereadingResponses(harness.core, 'upgrade-survey');
    harness.store.commit();
    const poison = poisoned('response', harness.responses()[4]?.id ?? '');
    await outlive(harness, poison, harness.now + minute);
    const isStale = harness.responses().map(({ content }) => content.formTitle === 'stale');
    expect(isStale).toEqual(Array.from({ length: 9 }, (_, index) => index === 4));
    const { deaths } = poison;
    expect(deaths).toBeLessThanOrEqual(7);
    await outlive(harness, poison, harness.now + 3 * hour);
    expect(poison.deaths).toBe(deaths);
    const notices = harness.mail.accepted.filter(({ subject }) => subject.startsWith('Put off, because it stopped'));
    expect(notices.map(({ to }) => to)).toEqual(['dana@acme.example']);
  });
});

describe('after deaths of the process, a queue', () => {
  /** Three creates, of which the first stopped the process twice, in a tracker that answers late, and mails. */
  async function prepare() {
    const harness = new Harness();
    for (const customer of ['k-1', 'k-2', 'k-3']) harness.arrive({ token: customer, customer, completed: false });
    for (const { seq } of harness.deliveries()) processWaitingDelivery(harness.core, seq);
    harness.sql.run('DELETE FROM schedule');
    const [suspect] = rowsOf(harness.sql, 'outbox').filter(({ kind }) => kind === 'issue.create');
    const stop = (dueAt: number) =>
      harness.sql.run('UPDATE outbox SET stops = 2, due_at = ? WHERE id = ?', dueAt, Number(suspect?.id));
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { createIssue } = harness.trackers.support;
    override(harness.trackers.support, {
      createIssue: async (draft) => {
        await answered;
        return createIssue.call(harness.trackers.support, draft);
      },
    });
    const turns = async () => {
      for (let turn = 0; turn < 50; turn += 1) await new Promise((done) => setImmediate(done));
    };
    return { harness, stop, answer, turns };
  }

  it('that waits to try the suspect again holds no other queue up', async () => {
    const { harness, stop, answer, turns } = await prepare();
    stop(harness.now + hour);
    const running = runDue(harness.core, new Set());
    await turns();
    expect(harness.trackers.support.issues).toHaveLength(0);
    expect(harness.mail.accepted).not.toHaveLength(0);
    answer();
    await running;
    expect(harness.trackers.support.issues).toHaveLength(2);
  });

  it('makes the suspect call alone, and its other calls beside the other queues', async () => {
    const { harness, stop, answer, turns } = await prepare();
    stop(harness.now);
    const running = runDue(harness.core, new Set());
    await turns();
    expect(harness.mail.accepted).toHaveLength(0);
    answer();
    await running;
    expect(harness.mail.accepted).not.toHaveLength(0);
    expect(harness.trackers.support.issues).toHaveLength(3);
  });
});
