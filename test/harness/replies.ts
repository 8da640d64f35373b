import type { Settings } from '#domain/templates/template.ts';
import { deliverMail, readMailbox } from '#src/deliver-mail.ts';
import type { Core } from '#src/workspace/core.ts';
import { isGenuineDelivery, storeDeliveries } from '#src/workspace/intake/receive.ts';
import { acme } from '#test/domain/samples.ts';
import { renderMail } from './alert-mails.ts';

/** Settings by which replies of customers stand in their cases. */
export const inbound = 'inbound: { domain: in.acme.example, relay: mx.acme.example }\n';

/** Acme with replies and receipts, polled once a day. */
export const acmeWithReplies = (receipt = 'true'): Settings =>
  acme(({ name, text }) => {
    if (name === 'acme') return `${text.replace('every: 2 minutes', 'every: 1 day')}\n${inbound}`;
    return name === 'upgrade-not-installed' ? `${text}\nreceipt: ${receipt}\n` : text;
  });

/** A customer's reply as the relay hands it on. */
export const renderReply = (
  from: string,
  text: string,
  more: Partial<Parameters<typeof renderMail>[0]> = {},
): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    renderMail({
      from,
      id: `reply-${text.length}`,
      subject: 'Re: your case',
      parts: [{ type: 'text/plain', text }],
      ...more,
    }),
  );

/** The body under which the door hands on a mail. */
export async function markReply(address: string, mail: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  let marked = mail;
  await deliverMail(
    readMailbox(address),
    mail,
    () => '',
    (_path, { body }) => {
      marked = body as Uint8Array<ArrayBuffer>;
      return new Response(null, { status: 202 });
    },
  );
  return marked;
}

/** Brings a mail to an address, as the mail server does. */
export function receiveReply(core: Core, address: string, mail: Uint8Array<ArrayBuffer>, secret = 'secret-of-mail') {
  const post = async (_path: string, { body, headers }: RequestInit): Promise<Response> => {
    const given = headers as Record<string, string>;
    const raw = { body: body as Uint8Array<ArrayBuffer>, headers: given, receivedAt: core.clock.now() };
    if (!(await isGenuineDelivery(core, { source: 'mail', raw }))) return new Response(null, { status: 401 });
    storeDeliveries(core, [{ source: 'mail', raw }]);
    return new Response(null, { status: 202 });
  };
  return deliverMail(readMailbox(address), mail, () => secret, post);
}
