import { describe, expect, it } from 'vitest';
import { unsubscribe } from '#src/workspace/loop/answer.ts';
import { writeToCustomer } from '#src/workspace/loop/write-to-customer.ts';
import { day, hour, Rig } from './rig.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';
const message = { subject: 'Your installation', text: 'Hello,\n\nwe call you at ten.', who: 'sam' };

async function opened(): Promise<Rig> {
  const rig = new Rig();
  await rig.receive({ completed: false });
  return rig;
}

const write = async (rig: Rig, change: Partial<typeof message> = {}) => {
  rig.sql.transaction(() => writeToCustomer(rig.core, rig.case().id, { ...message, ...change }));
  await rig.pass(0);
};
const toCustomer = (rig: Rig) => rig.mail.accepted.filter(({ to }) => to === 'k-1@customer.example');

describe('a personal message', () => {
  it('reaches the customer, and its reply reaches the loop owner', async () => {
    const rig = await opened();
    await write(rig);
    expect(toCustomer(rig)).toMatchObject([{ subject: 'Your installation', replyTo: 'dana@acme.example' }]);
    expect(toCustomer(rig)[0]?.text).toContain('we call you at ten.\n\n--\nSam Okafor');
  });

  it('is the first contact, once, and stands in the history without its words', async () => {
    const rig = await opened();
    await rig.pass(hour);
    await write(rig);
    const at = rig.case().firstContactAt;
    expect(at).toBe(rig.now);
    await rig.pass(hour);
    await write(rig, { text: 'Once more.' });
    expect(rig.case().firstContactAt).toBe(at);
    expect(rig.timeline().filter((what) => what === 'customer contacted')).toHaveLength(2);
    expect(JSON.stringify(rig.sql.all('SELECT * FROM timeline'))).not.toContain('at ten');
    expect(JSON.stringify(rig.trackers.support.issues)).not.toContain('at ten');
  });

  it('that is posted twice is sent once', async () => {
    const rig = await opened();
    await write(rig);
    await write(rig);
    expect(toCustomer(rig)).toHaveLength(1);
  });

  it('counts for no quarantine: the follow-up comes all the same', async () => {
    const rig = await opened();
    await write(rig);
    rig.trackers.support.close(0, 'completed', sam);
    await rig.poll();
    await rig.pass(day + hour);
    expect(rig.customerFollowUp().state).toBe('sent');
  });

  it.each([
    ['subject', { subject: ' ' }],
    ['subject', { subject: 'x'.repeat(151) }],
    ['text', { text: '\n' }],
    ['text', { text: 'x'.repeat(10_001) }],
  ])('with a wrong %s is refused, and says which field', async (field, change) => {
    const rig = await opened();
    await expect(write(rig, change)).rejects.toThrow(new RegExp(`^${field}: `));
    expect(toCustomer(rig)).toEqual([]);
  });

  it('is refused where the customer wants no mail, or has no address', async () => {
    const rig = await opened();
    rig.trackers.support.close(0, 'completed', sam);
    await rig.poll();
    unsubscribe(rig.core, rig.customerFollowUp().id);
    await expect(write(rig)).rejects.toThrow(/asked for no more mail; call/);
    const other = new Rig();
    await other.receive({ completed: false, email: 'no address' });
    await expect(write(other)).rejects.toThrow(/no e-mail address is known/);
  });
});
