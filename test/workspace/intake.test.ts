import { describe, expect, it } from 'vitest';
import type { Integrations } from '#domain/integrations/integrations.ts';
import { processWaitingDelivery } from '#src/workspace/intake/process-delivery.ts';
import { isGenuineDelivery, storeDeliveries } from '#src/workspace/intake/receive.ts';
import { findCustomer } from '#src/workspace/store/customers.ts';
import { forms } from '#src/workspace/store/forms.ts';
import { Harness } from '#test/harness/harness.ts';
import { encodeTypeform } from '#test/harness/sample-response.ts';
import { day, hour, minute, start } from '#test/harness/times.ts';

describe('intake', () => {
  it('takes any number of copies for one response', async () => {
    const harness = new Harness();
    const copy = { token: 'r-1', completed: false, at: start };
    await harness.receive(...Array.from({ length: 50 }, () => copy));
    expect(harness.responses()).toHaveLength(1);
    expect(harness.cases()).toHaveLength(1);
    expect(harness.trackers.support.issues).toHaveLength(1);
    expect(harness.deliveries().map(({ outcome }) => outcome)).toEqual([
      'stored',
      ...Array.from({ length: 49 }, () => 'duplicate'),
    ]);
  });

  it.each([[3], [90], [400]])('knows a copy after %i days, with the case long closed', async (days) => {
    const harness = new Harness();
    await harness.receive({ completed: false, at: start });
    harness.trackers.support.close(0);
    await harness.poll();
    expect(harness.case().loop).toBe('resolved');
    await harness.pass(days * day);
    await harness.receive({ completed: false, at: start });
    expect(harness.deliveries().at(-1)?.outcome).toBe('duplicate');
    expect(harness.cases()).toHaveLength(1);
    expect(harness.trackers.support.issues).toHaveLength(1);
  });

  it('ends the same whatever the order of partial and finished', async () => {
    const events = [
      { partial: true, at: start, completed: true, ease: 2 },
      { partial: true, at: start + minute, completed: true, ease: 3 },
      { partial: false, at: start + 2 * minute, completed: false, ease: 9 },
    ];
    const orders = permutations([...events, events[2] ?? {}]);
    expect(orders).toHaveLength(24);
    for (const order of orders) {
      const harness = new Harness();
      for (const event of order) await harness.receive(event);
      expect(harness.responses()).toHaveLength(1);
      expect(harness.cases().map(({ template }) => template)).toEqual(['upgrade-not-installed']);
      expect(harness.responses()[0]?.content).toMatchObject({
        partial: false,
        revision: events[2]?.at ? (start + 2 * minute) * 2 + 1 : 0,
      });
    }
  });

  it('opens nothing for a partial response, and records the reason', async () => {
    const harness = new Harness();
    await harness.receive({ partial: true, completed: false });
    expect(harness.cases()).toEqual([]);
    expect(JSON.stringify(harness.responses()[0]?.decisions)).toContain('The response is not finished yet');
  });

  it('records for every response why each template did or did not open a case', async () => {
    const harness = new Harness();
    await harness.receive({ completed: true, ease: 8 });
    const decisions = harness.responses()[0]?.decisions ?? [];
    expect(decisions.map(({ opened }) => opened)).toEqual([false, false, false]);
    expect(decisions.every(({ why }) => why.length > 0)).toBe(true);
  });

  it('asks for what was missed since the oldest delivery that could not be read', async () => {
    const harness = new Harness();
    const unread = { body: new TextEncoder().encode('{"nothing":1}'), headers: {}, receivedAt: harness.now - 5 * hour };
    storeDeliveries(harness.core, [{ source: 'upgrade-survey', raw: unread }]);
    await harness.receive({ token: 'first', completed: false });
    expect(forms.list(harness.sql, { source: 'upgrade-survey' })).toMatchObject([{ watermark: unread.receivedAt }]);
  });

  it('sets aside what cannot be used, raw, and takes the next', async () => {
    const harness = new Harness();
    const poison = { body: new TextEncoder().encode('{"nothing":1}'), headers: {}, receivedAt: harness.now };
    storeDeliveries(harness.core, [{ source: 'upgrade-survey', raw: poison }]);
    await harness.receive({ completed: false });
    expect(harness.deliveries()).toMatchObject([
      { outcome: 'set-aside', tries: 1, error: expect.stringContaining('Not a Typeform response') },
      { outcome: 'stored', tries: 1, error: null },
    ]);
    expect(new TextDecoder().decode(harness.deliveries()[0]?.body)).toBe('{"nothing":1}');
    expect(harness.cases()).toHaveLength(1);
  });

  it('tries what fails without a reason three times, then sets it aside and takes the next', async () => {
    const harness = new Harness();
    const { source } = harness.core.integrations;
    let tries = 0;
    const broken: Integrations['source'] = (name) => {
      const known = source(name);
      if (!known) return null;
      return {
        ...known,
        parse: (delivery) => {
          if (!new TextDecoder().decode(delivery.body).includes('"poison"')) return known.parse(delivery);
          tries += 1;
          throw new Error('secret words of the customer');
        },
      };
    };
    harness.core.integrations = { ...harness.core.integrations, source: broken };
    await harness.receive({ token: 'poison', completed: false }, { token: 'next', completed: false });
    expect(tries).toBe(3);
    expect(harness.deliveries()).toMatchObject([
      { outcome: 'set-aside', tries: 3, error: 'an unexpected error; the raw delivery is stored' },
      { outcome: 'stored', tries: 1, error: null },
    ]);
    expect(harness.log.join()).not.toContain('secret words');
  });

  it('sets aside what came for a source that was removed', async () => {
    const harness = new Harness();
    const raw = { body: encodeTypeform({}, harness.now), headers: {}, receivedAt: harness.now };
    storeDeliveries(harness.core, [{ source: 'gone', raw }]);
    await harness.pass(0);
    expect(harness.deliveries()[0]).toMatchObject({
      outcome: 'set-aside',
      error: expect.stringContaining('gone'),
    });
  });

  it('refuses deliveries without a signature, and unknown sources', async () => {
    const harness = new Harness();
    const raw = { body: encodeTypeform({}, harness.now), headers: {}, receivedAt: harness.now };
    expect(await isGenuineDelivery(harness.core, { source: 'upgrade-survey', raw })).toBe(false);
    for (const source of ['nobody', 'constructor', '__proto__'])
      expect(await isGenuineDelivery(harness.core, { source, raw })).toBe(false);
  });

  it('processes a delivery once', async () => {
    const harness = new Harness();
    await harness.receive({});
    processWaitingDelivery(harness.core, 1);
    expect(harness.deliveries()).toMatchObject([{ outcome: 'stored', tries: 1 }]);
  });

  it('lets a newer response add facts about the customer, and a missing answer remove none', async () => {
    const harness = new Harness();
    await harness.receive({ token: 'a', tier: 'gold' });
    await harness.receive({ token: 'b', tier: '  ' });
    expect(findCustomer(harness.sql, 'k-1')).toMatchObject({ tier: 'gold' });
  });

  it('adds to the timeline when an edit no longer matches', async () => {
    const harness = new Harness();
    await harness.receive({ completed: false, at: start });
    const before = harness.timeline().length;
    await harness.pass(hour);
    await harness.receive({ completed: true, at: start + hour });
    expect(harness.case().loop).toBe('working');
    expect(harness.timeline().length).toBeGreaterThan(before);
  });

  it('takes other answers under the same time, or without one, for an edit, and no copy of what they replaced', async () => {
    const harness = new Harness();
    const answered = () => harness.responses()[0]?.content.answers.find(({ alias }) => alias === 'ease')?.value;
    const states: number[] = [8, 7, 8, 2, 7];
    for (const ease of states) await harness.receive({ token: 'r-1', completed: true, ease, at: start });
    expect(harness.deliveries().map(({ outcome }) => outcome)).toEqual([
      ...['stored', 'stored', 'duplicate', 'stored', 'duplicate'],
    ]);
    expect(answered()).toBe(2);
    expect(harness.cases()).toHaveLength(1);
    await harness.receive({ token: 'r-1', completed: true, ease: 9, at: start - hour });
    expect(answered()).toBe(2);
  });

  it('keeps the answers when a later state has none, such as the event of a deletion', async () => {
    const harness = new Harness();
    await harness.receive({ token: 'r-1', completed: false, at: start });
    const body = encodeTypeform({ token: 'r-1', at: start + minute }, harness.now);
    const form = JSON.parse(new TextDecoder().decode(body));
    form.form_response.answers = [];
    const raw = { body: new TextEncoder().encode(JSON.stringify(form)), headers: {}, receivedAt: harness.now };
    storeDeliveries(harness.core, [{ source: 'upgrade-survey', raw }]);
    await harness.pass(0);
    expect(harness.responses()).toHaveLength(1);
    expect(harness.responses()[0]?.content.answers.map(({ alias, value }) => [alias, value])).toContainEqual([
      'completed',
      false,
    ]);
  });

  it('opens no second case for an edit of the same response', async () => {
    const harness = new Harness();
    await harness.receive({ completed: false, at: start });
    harness.trackers.support.close(0);
    await harness.poll();
    expect(harness.case().loop).toBe('resolved');
    await harness.pass(40 * day);
    await harness.receive({ completed: false, ease: 9, at: start + hour });
    expect(harness.cases()).toHaveLength(1);
  });

  it('evaluates a partial response after a day of silence', async () => {
    const harness = new Harness();
    await harness.receive({ partial: true, completed: false });
    await harness.pass(25 * hour);
    expect(harness.cases()).toHaveLength(1);
  });
});

function permutations<Item>(items: Item[]): Item[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}
