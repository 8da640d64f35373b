import { describe, expect, it } from 'vitest';
import { handleOf } from '#domain/cases/case-record.ts';
import { mostMailBytes } from '#src/deliver-mail.ts';
import { decideAddress, writeToCustomer } from '#src/workspace/loop/write-to-customer.ts';
import { hideMessages } from '#src/workspace/masks.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { exportPerson } from '#src/workspace/queries/customer.ts';
import { listMessagesOfCase } from '#src/workspace/queries/lists.ts';
import { searchCases } from '#src/workspace/store/search.ts';
import { caseAddresses } from '#src/workspace/store/case-links.ts';
import { listTimelineEntries } from '#src/workspace/store/cases.ts';
import { comments } from '#src/workspace/store/comments.ts';
import { Harness } from '#test/harness/harness.ts';
import { acmeWithReplies, markReply, receiveReply, renderReply } from '#test/harness/replies.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour } from '#test/harness/times.ts';

const customer = 'k-1@customer.example';
const sam = '5b10ac8d82e05b22cc7d4ef2';

async function opened(settings = acmeWithReplies('false')): Promise<Harness> {
  const harness = new Harness(settings);
  await harness.receive({ completed: false });
  const { id } = harness.case();
  harness.sql.transaction(() =>
    writeToCustomer(harness.core, id, { subject: 'Hello', text: 'We look into it.', who: 'sam' }),
  );
  await harness.pass(0);
  return harness;
}

const toCustomer = (harness: Harness) => harness.mail.accepted.filter(({ to }) => to === customer);
const addressOf = (harness: Harness) => toCustomer(harness).at(-1)?.replyTo ?? '';
const waitingOf = (harness: Harness) =>
  caseAddresses.list(harness.sql, { caseId: harness.case().id, state: 'waiting' });
const repliesOf = (harness: Harness) =>
  listMessagesOfCase(harness.core, harness.case().id).filter(({ kind }) => kind.endsWith('reply'));

async function reply(harness: Harness, mail: Uint8Array<ArrayBuffer>, address = addressOf(harness)): Promise<string> {
  const outcome = await receiveReply(harness.core, address, mail);
  await harness.pass(0);
  return outcome;
}

describe('the address of a case', () => {
  it('takes replies of a customer whose key begins as those of the erased do', async () => {
    const harness = new Harness(acmeWithReplies('true'));
    await harness.receive({ completed: false, customer: 'erased-files-4', email: customer });
    await harness.pass(hour);
    expect(await reply(harness, renderReply(customer, 'It works now'))).toBe('stored');
  });

  it('is signed, short enough, and of this case alone', async () => {
    const harness = await opened();
    await harness.receive({ completed: false, token: 'other', customer: 'k-2' });
    const address = addressOf(harness);
    expect(address).toMatch(/^acme\.c\d+\.[0-9a-v]{20}@in\.acme\.example$/);
    const other = address.replace(/\.c\d+\./, `.c${harness.case(1).number}.`);
    expect(await reply(harness, renderReply(customer, 'x'), other)).toBe('refused');
    const guessed = address.replace(/[0-9a-v]{20}@/, `${'0'.repeat(20)}@`);
    expect(await reply(harness, renderReply(customer, 'x'), guessed)).toBe('refused');
    expect(await reply(harness, renderReply(customer, 'In capitals'), address.toUpperCase())).toBe('stored');
    expect(repliesOf(harness)).toHaveLength(1);
  });

  it('stands in the follow-up and its reminder, and never in a closer’s survey', async () => {
    const harness = await opened();
    harness.trackers.support.close(0, 'completed', sam);
    await harness.poll();
    await harness.pass(8 * day);
    const kinds = toCustomer(harness).map(({ replyTo }) => replyTo?.endsWith('@in.acme.example'));
    expect(kinds).toEqual([true, true, true]);
    expect(
      harness.mail.accepted.filter(({ to }) => to === 'sam@acme.example').map(({ replyTo }) => replyTo),
    ).not.toContain(addressOf(harness));
  });

  it('is the loop owner’s without an inbound domain, and nothing is taken then', async () => {
    const harness = await opened(slowAcme());
    expect(addressOf(harness)).toBe('dana@acme.example');
    expect(await reply(harness, renderReply(customer, 'x'), 'acme.c1.00000000000000000000@in.acme.example')).toBe(
      'refused',
    );
  });

  it('takes nothing without the secret of the door', async () => {
    const harness = await opened();
    expect(await receiveReply(harness.core, addressOf(harness), renderReply(customer, 'x'), 'guessed')).toBe('refused');
  });
});

describe('a reply', () => {
  it('stands in the case without what it quotes, and its owner gets a copy; nothing is answered', async () => {
    const harness = await opened();
    const before = harness.mail.accepted.length;
    await reply(
      harness,
      renderReply(
        customer,
        'It still stops at 80 %.\n\nOn Tue, Acme <feedback@acme.example> wrote:\n\n> We look into it.\n',
      ),
    );
    expect(repliesOf(harness)).toMatchObject([
      { kind: 'reply', who: customer, text: 'It still stops at 80 %.', state: null },
    ]);
    expect(harness.timeline()).toContain('customer replied');
    const mails = harness.mail.accepted.slice(before);
    expect(mails).toMatchObject([{ to: 'dana@acme.example' }]);
    expect(mails[0]?.text).toContain('It still stops at 80 %.');
    expect(harness.case()).toMatchObject({ loop: 'working', needsPerson: null });
    expect(JSON.stringify(harness.trackers.support.issues)).not.toContain('80 %');
    expect(JSON.stringify(listTimelineEntries(harness.sql, harness.case().id))).not.toContain('80 %');
    expect(harness.deliveries().find(({ source }) => source === 'mail')?.body).toHaveLength(0);
  });

  it.each([
    ['below its quotation', '<blockquote type="cite">We look into it.</blockquote><div>It works.</div>'],
    [
      'between quotations',
      '<div class="gmail_quote">Am Di schrieb Acme:<blockquote>We look<blockquote>Hi</blockquote></blockquote></div>It<br><blockquote>into it.</blockquote>works.',
    ],
  ])('in HTML alone is read where it stands %s', async (_, text) => {
    const harness = await opened();
    await reply(harness, renderReply(customer, '', { parts: [{ type: 'text/html', text }] }));
    expect(repliesOf(harness)[0]?.text?.replaceAll('\n', ' ')).toMatch(/^It works\.$/);
  });

  it('whose text nobody here can open is set aside, and not erased', async () => {
    const harness = await opened();
    const sealed = { type: 'application/pkcs7-mime; name=smime.p7m', text: 'MIIB', encoding: 'base64' } as const;
    await reply(harness, renderReply(customer, '', { parts: [sealed] }));
    expect(repliesOf(harness)).toEqual([]);
    const [delivery] = harness.deliveries().filter(({ source }) => source === 'mail');
    expect(delivery).toMatchObject({ outcome: 'set-aside', error: expect.stringContaining('smime.p7m') });
    expect(delivery?.body).not.toHaveLength(0);
  });

  it('that comes twice stands once', async () => {
    const harness = await opened();
    const mail = renderReply(customer, 'Twice');
    await reply(harness, mail);
    await reply(harness, mail);
    expect(repliesOf(harness)).toHaveLength(1);
    expect(harness.mail.accepted.filter(({ subject }) => subject.startsWith('Replied'))).toHaveLength(1);
  });

  it('is no answer to the survey, and reopens nothing', async () => {
    const harness = await opened();
    harness.trackers.support.close(0, 'completed', sam);
    await harness.poll();
    await harness.pass(day + hour);
    await reply(harness, renderReply(customer, 'No, it is not solved.'));
    expect(harness.customerFollowUp()).toMatchObject({ state: 'sent', answers: null });
    expect(harness.case().loop).toBe('asked');
  });

  it('lists attachments by name and size, and tells of what was cut off', async () => {
    const harness = await opened();
    const photo = { type: 'image/jpeg', text: 'x'.repeat(2000), encoding: '8bit' as const };
    const parts = [
      { type: 'text/plain', text: 'See the photo.' },
      { ...photo, disposition: 'attachment; filename="screen \u202e.jpg"' },
    ];
    await reply(harness, renderReply(customer, '', { multipart: 'mixed', parts }));
    expect(repliesOf(harness)[0]?.text).toMatch(/^See the photo\.\nAttached: screen .*\.jpg, 2 kB$/);
    const large = [
      parts[0] ?? photo,
      { ...photo, text: 'y'.repeat(1_500_000), disposition: 'attachment; filename=b.jpg' },
    ];
    expect(await reply(harness, renderReply(customer, '', { id: 'large', multipart: 'mixed', parts: large }))).toBe(
      'stored',
    );
    expect(
      repliesOf(harness)
        .map(({ text }) => text)
        .join('\n'),
    ).toContain('larger than 1 MiB');
  });

  it('is marked as cut as soon as a byte is missing', async () => {
    const harness = await opened();
    for (const room of [0, 10, 200]) {
      const marked = await markReply(addressOf(harness), new Uint8Array(mostMailBytes - room));
      const head = new TextDecoder().decode(marked).split('\r\n')[0] ?? '';
      expect(marked.length).toBeLessThanOrEqual(mostMailBytes);
      expect(head.endsWith('whole')).toBe(marked.length - head.length - 2 === mostMailBytes - room);
    }
  });

  it('in HTML alone is read without the quotation at its end', async () => {
    const harness = await opened();
    const html =
      '<div>Danke!</div><div>Es <b>geht</b>.</div><div class="gmail_quote">Am Di schrieb Acme<blockquote>Hallo</blockquote></div>';
    await reply(harness, renderReply(customer, '', { parts: [{ type: 'text/html', text: html }] }));
    expect(repliesOf(harness)[0]?.text).toBe('Danke!\nEs geht.');
  });
});

describe('a mail of a program', () => {
  it.each([
    ['Auto-Submitted: auto-replied'],
    ['Auto-Submitted: auto-generated'],
    ['Precedence: bulk'],
    ['Precedence: auto_reply'],
    ['X-Autoreply: yes'],
    ['X-Auto-Response-Suppress: All'],
    ['Return-Path: <>'],
    ['X-Caselite: acme'],
    ['List-Id: <all.customer.example>'],
  ])('with %s stands in the case, and nobody gets a mail', async (header) => {
    const harness = await opened();
    const before = harness.mail.accepted.length;
    await reply(harness, renderReply(customer, 'I am away until Monday.', { headers: [header] }));
    await harness.pass(day);
    expect(repliesOf(harness)).toMatchObject([{ kind: 'automatic-reply' }]);
    expect(harness.mail.accepted.slice(before).filter(({ subject }) => /Replied|replied/.test(subject))).toEqual([]);
    expect(toCustomer(harness)).toHaveLength(1);
  });

  it('that never ends fills no case: more than 50 a day are set aside', async () => {
    const harness = await opened();
    for (let number = 0; number < 55; number += 1)
      await reply(harness, renderReply(customer, `${number}`, { id: `loop-${number}`, headers: ['Precedence: bulk'] }));
    expect(repliesOf(harness)).toHaveLength(50);
    expect(harness.deliveries().filter(({ outcome }) => outcome === 'set-aside')).toHaveLength(5);
  });
});

describe('a reply from another address', () => {
  it('that is proved waits for a manager, whose yes makes later ones the customer’s', async () => {
    const harness = await opened();
    await reply(harness, renderReply('ann@home.example', 'From home'));
    expect(repliesOf(harness)).toMatchObject([{ kind: 'other-reply', who: 'ann@home.example' }]);
    const [waiting] = waitingOf(harness);
    expect(waiting).toMatchObject({ address: 'ann@home.example' });
    expect(harness.mail.accepted.at(-1)?.text).not.toContain('From home');
    harness.sql.transaction(() =>
      decideAddress(harness.core, harness.case().id, { address: waiting?.seq ?? 0, accept: true, who: 'dana' }),
    );
    await reply(harness, renderReply('ann@home.example', 'Once more from home'));
    expect(repliesOf(harness).map(({ kind }) => kind)).toContain('reply');
  });

  it('stands once although the mail comes again after the address was accepted', async () => {
    const harness = await opened();
    const mail = renderReply('ann@home.example', 'From home');
    await reply(harness, mail);
    const address = waitingOf(harness)[0]?.seq ?? 0;
    harness.sql.transaction(() =>
      decideAddress(harness.core, harness.case().id, { address, accept: true, who: 'dana' }),
    );
    await reply(harness, mail);
    expect(repliesOf(harness)).toHaveLength(1);
  });

  it('or with a forged sender makes nothing the customer’s, and no address waits', async () => {
    const harness = await opened();
    await reply(
      harness,
      renderReply(customer, 'Forged', {
        verdict: 'Authentication-Results: mx.evil.example; dmarc=pass header.from=customer.example',
      }),
    );
    await reply(harness, renderReply('mallory@evil.example', 'Unproved', { verdict: '' }));
    expect(repliesOf(harness).map(({ kind, state }) => [kind, state])).toEqual([
      ['other-reply', 'The sender is not proved to be the customer.'],
      ['other-reply', 'The sender is not proved to be the customer.'],
    ]);
    expect(waitingOf(harness)).toEqual([]);
  });

  it('of a colleague is no address of the customer', async () => {
    const harness = await opened();
    await reply(harness, renderReply('sam@acme.example', 'I answer to all'));
    expect(waitingOf(harness)).toEqual([]);
  });
});

describe('personal data of replies', () => {
  it('is exported, found by those who see customers, hidden from others, and erased', async () => {
    const harness = await opened();
    await reply(harness, renderReply(customer, 'My number is in the zebra book.'));
    const { id, number } = harness.case();
    const key = harness.case().customerKey ?? '';
    expect(exportPerson(harness.core, key).replies).toMatchObject([
      { case: id, text: 'My number is in the zebra book.' },
    ]);
    expect(searchCases(harness.sql, 'zebra', true)).toEqual([number]);
    expect(searchCases(harness.sql, 'zebra', false)).toEqual([]);
    const messages = listMessagesOfCase(harness.core, id);
    const shown = hideMessages(harness.core, { kind: 'person', person: 'mette' }, messages, id);
    expect(JSON.stringify(shown)).not.toContain('zebra');
    const address = addressOf(harness);
    harness.sql.transaction(() => erasePerson(harness.core, key, 'priya'));
    await harness.pass(hour);
    expect(comments.list(harness.sql, { caseId: id }, 10)).toMatchObject([{ author: null, text: '' }]);
    expect(searchCases(harness.sql, 'zebra', true)).toEqual([]);
    expect(await reply(harness, renderReply(customer, 'Here again'), address)).toBe('refused');
    expect(handleOf(harness.case())).toBe('C-1');
  });

  it('are erased with the customer while a reply waits, whoever wrote it', async () => {
    const harness = await opened();
    const mail = renderReply('from-home@elsewhere.example', 'The zebra has it.');
    expect(await receiveReply(harness.core, addressOf(harness), mail)).toBe('stored');
    harness.sql.transaction(() => erasePerson(harness.core, harness.case().customerKey ?? '', 'priya'));
    await harness.pass(hour);
    const [, waiting] = harness.deliveries();
    expect(waiting).toMatchObject({ outcome: 'test', error: 'its customer was erased', body: new Uint8Array() });
  });
});
