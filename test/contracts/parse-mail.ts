import PostalMime from 'postal-mime';
import type { ArrivedMail } from '#test/contracts/mail.ts';

/** Reads a mail in its transfer format with an independent parser. */
export async function parseMail(raw: string | Uint8Array): Promise<Omit<ArrivedMail, 'to'>> {
  const { from, replyTo, subject, text, html, headers } = await PostalMime.parse(raw);
  return {
    from: from?.address ?? '',
    replyTo: replyTo?.[0]?.address ?? null,
    subject: subject ?? '',
    text: text ?? '',
    html: html ?? '',
    headers: Object.fromEntries(headers.map(({ key, value }) => [key.toLowerCase(), value])),
  };
}
