import { genuineMail, hostileMails } from './hostile-mails.ts';
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
