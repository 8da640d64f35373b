import { describe, expect, it } from 'vitest';
import { unsubscribe } from '#src/workspace/loop/answer.ts';
import { writeToCustomer } from '#src/workspace/loop/write-to-customer.ts';
import { listTimelineEntries } from '#src/workspace/store/cases.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour } from '#test/harness/times.ts';
import { refused } from './fakes.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';
const message = { subject: 'Your installation', text: 'Hello,\n\nwe call you at ten.', who: 'sam' };

async function opened(): Promise<Harness> {
  const harness = new Harness();
  await harness.receive({ completed: false });
  return harness;
}

const write = async (harness: Harness, change: Partial<typeof message> = {}) => {
  harness.sql.transaction(() => writeToCustomer(harness.core, harness.case().id, { ...message, ...change }));
  await harness.pass(0);
};
const toCustomer = (harness: Harness) => harness.mail.accepted.filter(({ to }) => to === 'k-1@customer.example');

describe('a personal message', () => {
  it('reaches the customer, and its reply reaches the loop owner', async () => {
    const harness = await opened();
    await write(harness);
    expect(toCustomer(harness)).toMatchObject([{ subject: 'Your installation', replyTo: 'dana@acme.example' }]);
    expect(toCustomer(harness)[0]?.text).toContain('we call you at ten.\n\n--\nSam Okafor');
    // Programs that are away answer what a person wrote, and nothing that a program sent.
    const marked = harness.mail.accepted.map(({ to, headers }) => [to, headers['Auto-Submitted']]);
    expect(new Map(marked.map(([to, mark]) => [to, mark ?? 'by a person'])).get('k-1@customer.example')).toBe(
      'by a person',
    );
    expect(new Set(marked.filter(([to]) => to !== 'k-1@customer.example').map(([, mark]) => mark))).toEqual(
      new Set(['auto-generated']),
    );
  });

  it('is the first contact, once, and stands in the history without its words', async () => {
    const harness = await opened();
    await harness.pass(hour);
    await write(harness);
    const at = harness.case().firstContactAt;
    expect(at).toBe(harness.now);
    await harness.pass(hour);
    await write(harness, { text: 'Once more.' });
    expect(harness.case().firstContactAt).toBe(at);
    expect(harness.timeline().filter((what) => what === 'customer contacted')).toHaveLength(2);
    expect(JSON.stringify(listTimelineEntries(harness.sql, harness.case().id))).not.toContain('at ten');
    expect(JSON.stringify(harness.trackers.support.issues)).not.toContain('at ten');
  });

  it('that is posted twice is sent once', async () => {
    const harness = await opened();
    await write(harness);
    await write(harness);
    expect(toCustomer(harness)).toHaveLength(1);
  });

  it('that the provider refused is sent when it is posted again, once', async () => {
    const harness = await opened();
    harness.mail.fail('send', refused('rejected', 422));
    await write(harness);
    expect(toCustomer(harness)).toHaveLength(0);
    await write(harness);
    await write(harness);
    expect(toCustomer(harness)).toHaveLength(1);
  });

  it('counts for no quarantine: the follow-up comes all the same', async () => {
    const harness = await opened();
    await write(harness);
    harness.trackers.support.close(0, 'completed', sam);
    await harness.poll();
    await harness.pass(day + hour);
    expect(harness.customerFollowUp().state).toBe('sent');
  });

  it.each([
    ['subject', { subject: ' ' }],
    ['subject', { subject: 'x'.repeat(151) }],
    ['text', { text: '\n' }],
    ['text', { text: 'x'.repeat(10_001) }],
  ])('with a wrong %s is refused, and says which field', async (field, change) => {
    const harness = await opened();
    await expect(write(harness, change)).rejects.toThrow(new RegExp(`^${field}: `));
    expect(toCustomer(harness)).toEqual([]);
  });

  it('is refused where the customer wants no mail, or has no address', async () => {
    const harness = await opened();
    harness.trackers.support.close(0, 'completed', sam);
    await harness.poll();
    unsubscribe(harness.core, harness.customerFollowUp().id);
    await expect(write(harness)).rejects.toThrow(/asked for no more mail; call/);
    const other = new Harness();
    await other.receive({ completed: false, email: 'no address' });
    await expect(write(other)).rejects.toThrow(/is not an e-mail address|no e-mail address is known/);
  });
});
