import { describe, expect, it } from 'vitest';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { unsubscribe } from '#src/workspace/loop/answer.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { invitations as ofInvitations } from '#src/workspace/store/asks.ts';
import { findCustomer, storeListedCustomer } from '#src/workspace/store/customers.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, minute } from '#test/harness/times.ts';
import { storedLines } from '#test/workspace/store/rows.ts';

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
  new Harness(
    slowAcme((text) =>
      change(`${text.replace('sources:\n', 'sources:\n  events: { kind: events, secret: EVENTS_SECRET }\n')}${rules}`),
    ),
  );

interface Event {
  id?: string;
  event?: string;
  at?: number;
  key?: string;
  email?: string | null;
  attributes?: Record<string, unknown>;
}

async function happen(harness: Harness, told: Event = {}): Promise<void> {
  const {
    id = 'e-1',
    event = 'upgrade.downloaded',
    at = harness.now,
    key = 'k 1',
    email = 'k-1@customer.example',
    attributes,
  } = told;
  const body = new TextEncoder().encode(
    JSON.stringify({ id, event, at: new Date(at).toISOString(), customer: { key, email, name: 'Ada', attributes } }),
  );
  storeDeliveries(harness.core, [{ source: 'events', raw: { body, headers: {}, receivedAt: harness.now } }]);
  await harness.pass(0);
}

const invitations = (harness: Harness) => ofInvitations.page(harness.sql, { kind: 'invitation' }, 100).reverse();
const mails = (harness: Harness) => harness.mail.accepted.filter(({ subject }) => subject.startsWith('How did'));

describe('an invitation', () => {
  it('comes three days after the download, not a minute earlier, with the customer in its link', async () => {
    const harness = inviting();
    const at = harness.now;
    await happen(harness);
    await harness.until(at + 3 * day - minute);
    expect(mails(harness)).toEqual([]);
    await harness.until(at + 3 * day);
    expect(mails(harness)).toMatchObject([{ to: 'k-1@customer.example', subject: 'How did the upgrade go, Ada?' }]);
    expect(mails(harness)[0]?.text).toContain('https://form.example/to/abc#customer=k+1');
    expect(mails(harness)[0]?.headers['List-Unsubscribe']).toMatch(/^<https:\/\/caselite\.test\/u\/.+>$/);
    expect(invitations(harness)).toMatchObject([{ state: 'sent', why: '72 hours after upgrade.downloaded' }]);
  });

  it('goes to the address as the event names it, whose domain may be in any script', async () => {
    const harness = inviting();
    await happen(harness, { email: 'K.One@Bücher.Example' });
    await harness.pass(4 * day);
    expect(mails(harness)).toMatchObject([{ to: 'K.One@xn--bcher-kva.example' }]);
  });

  it('comes after a milestone of the customer’s own, which is none of a product', async () => {
    const harness = inviting((text) => text.replace('event: upgrade.downloaded', 'event: milestone'));
    await happen(harness, { event: 'milestone' });
    expect(invitations(harness)).toMatchObject([{ state: 'due' }]);
  });

  it('comes once, however often the event is delivered', async () => {
    const harness = inviting();
    await happen(harness);
    await happen(harness);
    await harness.pass(4 * day);
    await happen(harness);
    await harness.pass(4 * day);
    expect(mails(harness)).toHaveLength(1);
    expect(harness.deliveries().map(({ outcome }) => outcome)).toEqual(['stored', 'duplicate', 'duplicate']);
  });

  it('alone keeps the person of an event: the bytes of a repeated event, or of one without an invitation, are deleted', async () => {
    const harness = inviting();
    await happen(harness);
    await happen(harness);
    await happen(harness, { id: 'e-2', event: 'invoice.paid', key: 'k 2', email: 'k-2@customer.example' });
    await happen(harness, { id: 'e-3', event: 'release', key: 'k 2', email: 'k-2@customer.example' });
    const bodies = () => harness.deliveries().map(({ body }) => new TextDecoder().decode(body));
    expect(bodies()).toEqual([expect.stringContaining('k-1@customer.example'), '', '', '']);
    harness.sql.transaction(() => erasePerson(harness.core, 'k 1', 'dana'));
    expect(bodies()).toEqual(['', '', '', '']);
  });

  it('does not come for other events, nor for one that names nobody', async () => {
    const harness = inviting();
    await happen(harness, { event: 'invoice.paid' });
    await happen(harness, { id: 'e-2', key: '', email: null });
    await harness.pass(4 * day);
    expect(invitations(harness)).toEqual([]);
  });

  it.each([
    ['no e-mail address is known', { email: null }],
    ['it would have come more than 7 days late', { at: Date.UTC(2026, 10, 1) }],
  ])('is skipped and says why: %s', async (why, told) => {
    const harness = inviting();
    await happen(harness, told);
    await harness.pass(4 * day);
    expect(invitations(harness)).toMatchObject([{ state: 'skipped', why }]);
    expect(mails(harness)).toEqual([]);
  });

  it('is skipped within the quarantine of the address, under any key', async () => {
    const harness = inviting();
    await happen(harness);
    await happen(harness, { id: 'e-2', key: 'another key' });
    await harness.pass(4 * day);
    expect(invitations(harness).map(({ state }) => state)).toEqual(['sent', 'skipped']);
    expect(invitations(harness)[1]?.why).toBe('the customer was asked less than 30 days ago');
  });

  const forged = { token: 'r-forged', customer: 'k 1', completed: true, email: 'stranger@evil.example' };

  it('goes to the address of its event, whatever a later response names', async () => {
    const harness = inviting();
    await happen(harness);
    await harness.pass(day);
    await harness.receive(forged);
    await harness.pass(3 * day);
    expect(mails(harness).map(({ to }) => to)).toEqual(['k-1@customer.example']);
  });

  it('goes to the address of the customer list before that of its event', async () => {
    const harness = inviting();
    storeListedCustomer(harness.sql, { key: 'k 1', email: 'listed@customer.example' }, harness.now);
    await happen(harness);
    await harness.pass(4 * day);
    expect(mails(harness).map(({ to }) => to)).toEqual(['listed@customer.example']);
  });

  it('brings the attributes of its event; an event with an unknown one is set aside with its name', async () => {
    const declared = 'attributes: { region: { values: [EMEA, APAC] }, seats: { type: number } }\nsources:\n';
    const harness = inviting((text) => text.replace('sources:\n', declared));
    await happen(harness, { attributes: { regio: 'emea' } });
    expect(invitations(harness)).toEqual([]);
    await happen(harness, { attributes: { seats: 'many' } });
    await happen(harness, { attributes: { region: 'emea', seats: 12 } });
    expect(harness.deliveries().map(({ outcome, error }) => [outcome, error])).toEqual([
      ['set-aside', expect.stringMatching(/^customer\.attributes\.regio: is not under .*did you mean region\?/)],
      ['set-aside', 'customer.attributes.seats: must be a number, without a currency'],
      ['stored', null],
    ]);
    expect(findCustomer(harness.sql, 'k 1')?.attributes).toEqual({ region: 'EMEA', seats: 12 });
    expect(invitations(harness)).toHaveLength(1);
  });

  it('is skipped where only a response names an address', async () => {
    const harness = inviting();
    await happen(harness, { email: null });
    await harness.receive(forged);
    await harness.pass(4 * day);
    expect(mails(harness)).toEqual([]);
    expect(invitations(harness)[0]?.why).toMatch(/^the event named no e-mail address, and another is not proven; put/);
  });

  it('holds no follow-up back', async () => {
    const harness = inviting();
    await happen(harness, { key: 'k-1' });
    await harness.pass(4 * day);
    await harness.receive({ completed: false });
    harness.trackers.support.close(0, 'completed', sam);
    await harness.poll();
    await harness.pass(day + hour);
    expect(harness.customerFollowUp().state).toBe('sent');
  });

  it('has its fixed words in one language', async () => {
    const harness = inviting();
    await harness.receive({ customer: 'k 1', language: 'de' });
    await happen(harness);
    await harness.pass(4 * day);
    expect(mails(harness)[0]?.html).toContain('lang="de"');
    expect(mails(harness)[0]?.html).not.toContain('If the button');
  });

  it('is the last one for whoever asks for no more mail by its link', async () => {
    const harness = inviting();
    await happen(harness);
    await harness.pass(4 * day);
    expect(unsubscribe(harness.core, invitations(harness)[0]?.id ?? '')).toBe(true);
    await happen(harness, { id: 'e-2', at: harness.now + 40 * day });
    await harness.pass(50 * day);
    expect(invitations(harness)[1]).toMatchObject({
      state: 'skipped',
      why: 'the customer asked for no more mail',
    });
  });

  it('of somebody who was erased leaves nothing, and is not sent', async () => {
    const harness = inviting();
    await happen(harness);
    harness.sql.transaction(() => erasePerson(harness.core, 'k-1@customer.example', 'dana'));
    await harness.pass(4 * day);
    expect(mails(harness)).toEqual([]);
    expect(storedLines(harness.sql).filter((line) => /k 1|k-1@|Ada/.test(line))).toEqual([]);
    expect(harness.deliveries().map(({ body }) => body.length)).toEqual([0]);
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
