import { describe, expect, it } from 'vitest';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { unsubscribe } from '#src/workspace/loop/answer.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { listInvitations } from '#src/workspace/store/invitations.ts';
import { day, hour, minute, Rig, slowAcme } from './rig.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';
const rules = `invitations:
  upgrade:
    on: { source: events, event: upgrade.downloaded }
    after: 3 days
    link: "https://form.example/to/abc#customer={{ customer.key | url_encode }}"
    subject: "How did the upgrade go, {{ customer.name }}?"
    text: "Hello {{ customer.name }},\\n\\nthree questions."
    button: Answer
`;
const inviting = (change = (text: string) => text) =>
  new Rig(
    slowAcme((text) =>
      change(
        `${text.replace('sources:\n', 'sources:\n  events: { kind: events, secret: EVENTS_SECRET }\n')}${rules}`,
      ),
    ),
  );

interface Event {
  id?: string;
  event?: string;
  at?: number;
  key?: string;
  email?: string | null;
}

async function happen(rig: Rig, told: Event = {}): Promise<void> {
  const {
    id = 'e-1',
    event = 'upgrade.downloaded',
    at = rig.now,
    key = 'k 1',
    email = 'k-1@customer.example',
  } = told;
  const body = new TextEncoder().encode(
    JSON.stringify({ id, event, at: new Date(at).toISOString(), customer: { key, email, name: 'Ada' } }),
  );
  storeDeliveries(rig.core, [{ source: 'events', raw: { body, headers: {}, receivedAt: rig.now } }]);
  await rig.pass(0);
}

const invitations = (rig: Rig) => listInvitations(rig.sql, Number.MAX_SAFE_INTEGER, 100).reverse();
const mails = (rig: Rig) => rig.mail.accepted.filter(({ subject }) => subject.startsWith('How did'));

describe('an invitation', () => {
  it('comes three days after the download, not a minute earlier, with the customer in its link', async () => {
    const rig = inviting();
    const at = rig.now;
    await happen(rig);
    await rig.until(at + 3 * day - minute);
    expect(mails(rig)).toEqual([]);
    await rig.until(at + 3 * day);
    expect(mails(rig)).toMatchObject([
      { to: 'k-1@customer.example', subject: 'How did the upgrade go, Ada?' },
    ]);
    expect(mails(rig)[0]?.text).toContain('https://form.example/to/abc#customer=k+1');
    expect(mails(rig)[0]?.headers['List-Unsubscribe']).toMatch(/^<https:\/\/caselite\.test\/u\/.+>$/);
    expect(invitations(rig)).toMatchObject([{ state: 'sent', why: '72 hours after upgrade.downloaded' }]);
  });

  it('comes after a milestone of the customer’s own, which is none of a product', async () => {
    const rig = inviting((text) => text.replace('event: upgrade.downloaded', 'event: milestone'));
    await happen(rig, { event: 'milestone' });
    expect(invitations(rig)).toMatchObject([{ state: 'due' }]);
  });

  it('comes once, however often the event is delivered', async () => {
    const rig = inviting();
    await happen(rig);
    await happen(rig);
    await rig.pass(4 * day);
    await happen(rig);
    await rig.pass(4 * day);
    expect(mails(rig)).toHaveLength(1);
    expect(rig.deliveries().map(({ outcome }) => outcome)).toEqual(['stored', 'duplicate', 'duplicate']);
  });

  it('is all that keeps whom an event names: told again, or for nobody, its bytes go', async () => {
    const rig = inviting();
    await happen(rig);
    await happen(rig);
    await happen(rig, { id: 'e-2', event: 'invoice.paid', key: 'k 2', email: 'k-2@customer.example' });
    await happen(rig, { id: 'e-3', event: 'release', key: 'k 2', email: 'k-2@customer.example' });
    const bodies = () =>
      rig.sql
        .all<{ body: Uint8Array }>('SELECT body FROM deliveries ORDER BY seq')
        .map(({ body }) => new TextDecoder().decode(body));
    expect(bodies()).toEqual([expect.stringContaining('k-1@customer.example'), '', '', '']);
    rig.sql.transaction(() => erasePerson(rig.core, 'k 1', 'dana'));
    expect(bodies()).toEqual(['', '', '', '']);
  });

  it('does not come for other events, nor for one that names nobody', async () => {
    const rig = inviting();
    await happen(rig, { event: 'invoice.paid' });
    await happen(rig, { id: 'e-2', key: '', email: null });
    await rig.pass(4 * day);
    expect(invitations(rig)).toEqual([]);
  });

  it.each([
    ['no e-mail address is known', { email: null }],
    ['it would have come more than a week late', { at: Date.UTC(2026, 10, 1) }],
  ])('is skipped and says why: %s', async (why, told) => {
    const rig = inviting();
    await happen(rig, told);
    await rig.pass(4 * day);
    expect(invitations(rig)).toMatchObject([{ state: 'skipped', why }]);
    expect(mails(rig)).toEqual([]);
  });

  it('waits for nobody who was asked something within the quarantine, under any key of the address', async () => {
    const rig = inviting();
    await happen(rig);
    await happen(rig, { id: 'e-2', key: 'another key' });
    await rig.pass(4 * day);
    expect(invitations(rig).map(({ state }) => state)).toEqual(['sent', 'skipped']);
    expect(invitations(rig)[1]?.why).toBe('the customer was asked something less than 30 days ago');
  });

  it('holds no follow-up back', async () => {
    const rig = inviting();
    await happen(rig, { key: 'k-1' });
    await rig.pass(4 * day);
    await rig.receive({ completed: false });
    rig.trackers.support.close(0, 'completed', sam);
    await rig.poll();
    await rig.pass(day + hour);
    expect(rig.customerFollowUp().state).toBe('sent');
  });

  it('is the last one for whoever asks for no more mail by its link', async () => {
    const rig = inviting();
    await happen(rig);
    await rig.pass(4 * day);
    expect(unsubscribe(rig.core, invitations(rig)[0]?.id ?? '')).toBe(true);
    await happen(rig, { id: 'e-2', at: rig.now + 40 * day });
    await rig.pass(50 * day);
    expect(invitations(rig)[1]).toMatchObject({
      state: 'skipped',
      why: 'the customer asked for no more mail',
    });
  });

  it('of somebody who was erased leaves nothing, and is not sent', async () => {
    const rig = inviting();
    await happen(rig);
    rig.sql.transaction(() => erasePerson(rig.core, 'k-1@customer.example', 'dana'));
    await rig.pass(4 * day);
    expect(mails(rig)).toEqual([]);
    const rows = [...rig.sql.all('SELECT * FROM invitations'), ...rig.sql.all('SELECT * FROM customers')];
    expect(JSON.stringify(rows)).not.toMatch(/k 1|k-1@|Ada/);
    expect(rig.sql.all('SELECT length(body) AS bytes FROM deliveries')).toMatchObject([{ bytes: 0 }]);
  });
});

describe('the rules of invitations', () => {
  it.each([
    ['event: upgrade.downloaded', 'event: ""', /invitations\.upgrade\.on\.event/],
    ['source: events, event', 'source: upgrade-survey, event', /is no source of kind events/],
    ['https://form', 'http://form', /must be an address that begins with https/],
    ['url_encode }}', 'no_such_filter }}', /invitations\.upgrade\.link.*undefined filter/],
  ])('%s as %s is refused with the field', (was, invalidField, problem) => {
    expect(() => inviting((text) => text.replace(was, invalidField))).toThrow(problem);
  });
});
