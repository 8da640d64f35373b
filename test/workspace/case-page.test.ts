import { describe, expect, it } from 'vitest';
import type { RequestedAction } from '#domain/cases/action.ts';
import { record } from '#src/workspace/basics/case-operation.ts';
import { markContacted } from '#src/workspace/cases/acknowledge.ts';
import { openByHand, openFromResponse } from '#src/workspace/cases/open-by-hand.ts';
import { actOnCase, findActionsForPerson } from '#src/workspace/issues/act-on-case.ts';
import { listHeldActions, undoAction } from '#src/workspace/issues/pending-changes.ts';
import { askNow } from '#src/workspace/loop/gates.ts';
import { writeToCustomer } from '#src/workspace/loop/write-to-customer.ts';
import { listMessagesOfCase, readCaseJson } from '#src/workspace/queries/lists.ts';
import { toCaseJson } from '#src/workspace/queries/serializers.ts';
import { readResponseContext } from '#src/workspace/queries/strategic.ts';
import { followUps } from '#src/workspace/store/asks.ts';
import { comments, keepTrackerComments } from '#src/workspace/store/comments.ts';
import { listResponses } from '#src/workspace/store/responses.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { hour, minute, second } from '#test/harness/times.ts';

const dana = '5b10ac8d82e05b22cc7d4ef1';

async function opened(): Promise<Harness> {
  const harness = new Harness(slowAcme());
  await harness.receive({ completed: false });
  await harness.pass(minute);
  return harness;
}

const form = { value: '', because: null, rootCause: null, whatChanged: null, mention: [], who: 'dana', once: null };

function act(harness: Harness, action: Partial<RequestedAction> & Pick<RequestedAction, 'action'>): void {
  const input = { ...form, isUndoable: true, ...action };
  harness.sql.transaction(() => actOnCase(harness.core, harness.case().id, input));
}

it('the timeline of a case holds its newest 500 entries, so that nobody makes its page slow', async () => {
  const harness = await opened();
  const { id } = harness.case();
  for (let count = 1; count <= 600; count += 1) record(harness.core, id, 'commented', `comment ${count}`);
  const { timeline } = toCaseJson(harness.core, harness.case());
  expect([timeline.length, timeline[0]?.why, timeline.at(-1)?.why]).toEqual([500, 'comment 101', 'comment 600']);
});

describe('an action of the case page', () => {
  it('waits 8 seconds, is shown meanwhile, and is done once', async () => {
    const harness = await opened();
    act(harness, { action: 'severity', value: 'low', because: 'only one of them' });
    expect(harness.case().severity).toBe('urgent');
    const [sending] = toCaseJson(harness.core, harness.case()).sending;
    expect(sending).toMatchObject({ what: 'The severity becomes low', undo: expect.any(String) });
    await harness.pass(7 * second);
    expect(harness.case().severity).toBe('urgent');
    await harness.pass(2 * second);
    expect(harness.case().severity).toBe('low');
    await harness.pass(minute);
    expect(harness.timeline().filter((what) => what === 'severity changed')).toHaveLength(1);
    expect(harness.trackers.support.issue().snapshot.severity).toBe(4);
  });

  it('is withdrawn by Undo, so that nothing happens, and not afterwards', async () => {
    const harness = await opened();
    act(harness, { action: 'close', because: 'the certificate was renewed' });
    const [held] = listHeldActions(harness.core, harness.case().id);
    harness.sql.transaction(() => undoAction(harness.core, harness.case().id, held?.key ?? ''));
    await harness.pass(hour);
    expect(harness.case().loop).toBe('working');
    expect(harness.timeline()).not.toContain('closing asked for');
    expect(harness.trackers.support.issue().snapshot.state).toBe('open');
    expect(() => undoAction(harness.core, harness.case().id, held?.key ?? '')).toThrow('done already');
  });

  it('is done although its form was sent twice, and once', async () => {
    const harness = await opened();
    for (const _ of [1, 2]) act(harness, { action: 'severity', value: 'low', once: 'page dana 1' });
    act(harness, { action: 'assign', value: 'priya', once: 'page dana 1' });
    act(harness, { action: 'assign', value: 'dana', once: 'page dana 1' });
    await harness.pass(minute);
    expect(harness.case()).toMatchObject({ severity: 'low', assignee: 'dana' });
    expect(harness.timeline().filter((what) => what === 'severity changed')).toHaveLength(1);
  });

  it('keeps each note and call, also from one form that was filled in again', async () => {
    const harness = await opened();
    const call = (note: string) =>
      harness.sql.transaction(() =>
        markContacted(harness.core, harness.case().id, { who: 'dana', how: 'by phone', note, once: 'page dana 1' }),
      );
    for (const text of ['They wait.', 'They wait.', 'They got it.']) {
      act(harness, { action: 'note', value: text, once: 'page dana 1', isUndoable: false });
      call(text);
    }
    expect(comments.list(harness.sql, { caseId: harness.case().id })).toHaveLength(4);
  });

  it('takes the place of an earlier one of its kind', async () => {
    const harness = await opened();
    act(harness, { action: 'severity', value: 'low' });
    act(harness, { action: 'severity', value: 'high' });
    await harness.pass(minute);
    expect(harness.case().severity).toBe('high');
    expect(harness.timeline().filter((what) => what === 'severity changed')).toHaveLength(1);
  });

  it('is refused at once where it is impossible, and leaves nothing', async () => {
    const harness = await opened();
    expect(() => act(harness, { action: 'duplicate', value: 'C-99' })).toThrow('names no other case');
    expect(listHeldActions(harness.core, harness.case().id)).toEqual([]);
  });

  it('says why where it became impossible within the seconds', async () => {
    const harness = await opened();
    act(harness, { action: 'severity', value: 'low' });
    harness.trackers.support.close(0, 'completed', dana);
    await harness.poll();
    await harness.pass(minute);
    expect(harness.case().severity).toBe('urgent');
    expect(harness.timeline()).toContain('command not obeyed');
  });
});

describe('the page of a case', () => {
  it('is overdue from its goal on, also before the alarm has marked it, but not once it is closed', async () => {
    const harness = await opened();
    const isOverdue = (change: Parameters<Harness['update']>[0]) => {
      harness.update(change);
      return toCaseJson(harness.core, harness.case()).overdue;
    };
    expect(isOverdue({ dueAt: harness.now + minute })).toBe(false);
    expect(isOverdue({ dueAt: harness.now })).toBe(true);
    expect(harness.case().overdue).toBe(false);
    expect(isOverdue({ loop: 'asked' })).toBe(false);
  });

  it('names its customer, who gave no response, as the list of cases does', async () => {
    const harness = await opened();
    const customer = { key: 'k-9', email: null, name: 'Ana Ruiz', tier: null, revenue: null, attributes: {} };
    const input = { template: 'upgrade-not-installed', customer, reason: 'a call', who: 'dana' };
    const { id } = harness.sql.transaction(() => openByHand(harness.core, input));
    expect(readCaseJson(harness.core, id).customer).toMatchObject({ key: 'k-9', name: 'Ana Ruiz' });
  });

  it('names owner and category, and knows whether the customer has an address', async () => {
    const harness = await opened();
    act(harness, { action: 'owner', value: 'sam', because: 'he knows them', isUndoable: false });
    act(harness, { action: 'category', value: 'product wish', isUndoable: false });
    await harness.pass(minute);
    expect(harness.case()).toMatchObject({ loopOwner: 'sam', category: 'Product wish' });
    expect(harness.trackers.support.issue().snapshot.labels).toContain('category:product-wish');
    const { hasAddress, canAskNow, categories } = findActionsForPerson(harness.core, harness.case().id, 'dana');
    expect([hasAddress, canAskNow, categories.includes('Product wish')]).toEqual([true, false, true]);
    const wish = { template: 'upgrade-not-installed', customer: null, reason: 'a call', who: 'dana' };
    const { id } = harness.sql.transaction(() => openByHand(harness.core, wish));
    expect(findActionsForPerson(harness.core, id, 'dana').hasAddress).toBe(false);
  });

  it('asks now in place of the delay, which only waits', async () => {
    const harness = await opened();
    harness.trackers.support.close(0, 'completed', dana);
    await harness.poll();
    const { id } = harness.case();
    expect(findActionsForPerson(harness.core, id, 'dana').canAskNow).toBe(true);
    harness.sql.transaction(() => askNow(harness.core, id, 'dana'));
    await harness.pass(minute);
    expect(followUps.list(harness.sql, { caseId: id }).find(({ kind }) => kind === 'customer')?.state).toBe('sent');
    expect(() => askNow(harness.core, id, 'dana')).toThrow('waits for its delay');
  });

  it('shows mails with subject and text but no personal link, notes, and comments of the tracker', async () => {
    const harness = await opened();
    const { id } = harness.case();
    harness.sql.transaction(() =>
      writeToCustomer(harness.core, id, { subject: 'We are on it', text: 'Hello,\n\nwe found it.', who: 'dana' }),
    );
    act(harness, { action: 'note', value: 'They renew in March.', isUndoable: false });
    harness.trackers.support.say(0, dana, 'The driver is unsigned.');
    await harness.poll();
    harness.trackers.support.close(0, 'completed', dana);
    await harness.poll();
    await harness.pass(26 * hour);
    const messages = listMessagesOfCase(harness.core, id);
    expect(messages).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: 'personal',
          title: 'We are on it',
          text: expect.stringContaining('we found it'),
        }),
        expect.objectContaining({ kind: 'note', who: 'Dana Reyes', text: 'They renew in March.' }),
        expect.objectContaining({ kind: 'tracker', who: 'Dana Reyes', text: 'The driver is unsigned.' }),
      ]),
    );
    const followUp = messages.find(({ kind }) => kind === 'follow-up');
    expect(followUp?.text).toContain('(personal link)');
    expect(followUp?.text).not.toMatch(/\/[su]\/[\w.-]{20}/);
  });

  it('follows edits and deletions of comments, and keeps the newest hundred', async () => {
    const harness = await opened();
    const of = { caseId: harness.case().id, issueId: '1', since: 0 };
    const comment = (id: number, text: string) => ({ id: String(id), author: 'sam', text, at: id });
    const all = Array.from({ length: 120 }, (_, index) => comment(index + 1, `text ${index + 1}`));
    keepTrackerComments(harness.sql, { ...of, now: 200 }, all);
    expect(comments.list(harness.sql, { caseId: of.caseId }, 500)).toHaveLength(100);
    const later = all.slice(20).filter(({ id }) => id !== '50');
    keepTrackerComments(
      harness.sql,
      { ...of, since: 21, now: 300 },
      later.map((each) => (each.id === '60' ? { ...each, text: 'new' } : each)),
    );
    const kept = new Map(comments.list(harness.sql, { caseId: of.caseId }, 500).map((row) => [row.id, row]));
    expect(kept.get('50')).toMatchObject({ text: '', deletedAt: 300 });
    expect(kept.get('60')).toMatchObject({ text: 'new', editedAt: 300 });
    expect(kept.get('61')).toMatchObject({ text: 'text 61', editedAt: null, deletedAt: null });
  });
});

it('a response tells what came of it, and opens a case by hand once', async () => {
  const harness = new Harness(slowAcme());
  await harness.receive({ completed: true, token: 'happy' });
  await harness.pass(minute);
  const id = listResponses(harness.sql, Number.MAX_SAFE_INTEGER, 1)[0]?.id ?? '';
  expect(readResponseContext(harness.core, id).cases).toEqual([]);
  const wanted = { template: 'upgrade-not-installed', reason: 'they called as well', who: 'sam' };
  const first = harness.sql.transaction(() => openFromResponse(harness.core, id, wanted));
  expect(harness.sql.transaction(() => openFromResponse(harness.core, id, wanted)).id).toBe(first.id);
  expect(readResponseContext(harness.core, id).cases).toMatchObject([{ handle: 'C-1', action: 'case' }]);
  expect(() => openFromResponse(harness.core, id, { ...wanted, template: 'none' })).toThrow('template: names no');
});
