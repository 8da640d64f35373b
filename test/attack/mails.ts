import { renderReply } from '#test/harness/replies.ts';
import { genuineMail, hostileMails, hostileReplies } from './hostile-mails.ts';
import type { Running } from './running.ts';

const hook = '/hooks/acme/alerts';

/** Forged, looping and oversized mails are refused or set aside, nobody gets an answer, and the next alert is read. */
export async function* hostileAlerts(running: Running): AsyncGenerator<string | null> {
  const mailsBefore = (await running.client.list('mails')).length;
  for (const authorization of ['', 'Bearer guessed', 'Bearer ']) {
    const { status } = await running.ask(hook, {
      method: 'POST',
      headers: { authorization },
      body: new Uint8Array(genuineMail()),
    });
    yield status === 401 ? null : `a mail without the secret was answered with ${status}`;
  }
  for (const [name, body] of hostileMails) {
    const { status } = await running.deliver('alerts', body);
    yield status === 202 || status === 413 ? null : `${name} was answered with ${status}`;
  }
  const { status } = await running.deliver('alerts', genuineMail());
  yield status === 202 ? null : `the alert after them was answered with ${status}`;
  await running.settle();
  const own = (await running.client.list('deliveries')).filter(({ source }) => source === 'alerts');
  const stored = own.filter(({ outcome }) => outcome === 'stored').length;
  yield stored === 1 ? null : `${stored} mails became responses instead of 1`;
  const sent = (await running.client.list('mails'))
    .slice(mailsBefore)
    .filter(({ to }) => /survey|evil|victim/.test(to));
  yield sent.length === 0 ? null : `${sent.length} mails were sent to a forged sender`;
}

/** Replies with a guessed address are refused, and no forged or automatic one counts as the customer's or is answered. */
export async function* hostileCaseReplies(running: Running): AsyncGenerator<string | null> {
  const victim = 'victim@customer.example';
  const customer = { key: 'victim', email: victim, name: null, tier: null, revenue: null };
  const given = { template: 'upgrade-not-installed', customer, reason: 'an attack', who: 'dana' };
  const { id } = await running.client.call('POST cases', {}, given);
  const message = { subject: 'Hello', text: 'We look into it.', who: 'dana' };
  await running.client.call('POST cases/:id/messages', { id }, message);
  await running.settle();
  const address = await running.findReplyAddress(victim);
  const guesses = [
    address.replace(/[0-9a-v]{20}@/, `${'0'.repeat(20)}@`),
    address.replace(/\.c\d+\./, '.c999.'),
    address.replace(/^acme/, 'other'),
    address.replace(/.@/, '@'),
  ];
  for (const guess of guesses) {
    const outcome = await running.bring(guess, renderReply(victim, 'guessed'));
    yield outcome === 'refused' ? null : `a reply to ${guess} was ${outcome}`;
  }
  const mailsBefore = (await running.client.list('mails')).length;
  for (const [name, mail] of [...hostileReplies(victim), ...hostileMails]) {
    const began = performance.now();
    const outcome = await running.bring(address, new Uint8Array(mail));
    yield outcome === 'later' ? `${name} was not taken` : null;
    await running.settle();
    const ms = performance.now() - began;
    yield ms < 5000 ? null : `${name} took ${Math.round(ms)} ms`;
  }
  const messages = await running.client.call('GET cases/:id/messages', { id });
  const own = messages.items.filter(({ kind }) => kind === 'reply');
  yield own.length === 0 ? null : `${own.length} hostile mails count as the customer's`;
  yield (await running.bring(address, renderReply(victim, 'Thank you'))) === 'stored' ? null : 'a reply was refused';
  await running.settle();
  const sent = (await running.client.list('mails')).slice(0, -mailsBefore || undefined);
  const outside = sent.filter(({ to }) => !to.endsWith('@acme.example'));
  yield outside.length === 0 ? null : `${outside.length} mails went out for replies`;
}
