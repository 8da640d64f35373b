import { caseMailbox } from '#domain/base/key.ts';
import { buildSecretVariableName, type Variables } from './reach.ts';

export type MailOutcome = 'stored' | 'later' | 'refused';

/** Bytes of a mail that are kept; an alert that has more is refused. */
export const mostMailBytes = 1024 * 1024;

type Mailbox = { workspace: string; source: string; caseMailbox: string | null };

/** Mailbox of a recipient, such as `acme.alerts@feedback.example` for a source; null for others. */
export function readMailbox(address: string): Mailbox | null {
  const local = address.slice(0, Math.max(0, address.lastIndexOf('@'))).toLowerCase();
  const [, ofCase] = caseMailbox.exec(local) ?? [];
  if (ofCase) return { workspace: ofCase, source: 'mail', caseMailbox: local };
  const [, workspace, source] = /^([a-z0-9-]{1,63})\.([a-z0-9-]{1,63})$/.exec(local) ?? [];
  return workspace && source ? { workspace, source, caseMailbox: null } : null;
}

/** Posts a mail to its source, as every way in does. @param post sends a request to an address of the deployment */
export async function deliverMail(
  mailbox: Mailbox | null,
  mail: Uint8Array<ArrayBuffer>,
  variables: Variables,
  post: (path: string, init: RequestInit) => Response | Promise<Response>,
): Promise<MailOutcome> {
  if (!mailbox || (mail.length > mostMailBytes && !mailbox.caseMailbox)) return 'refused';
  const { workspace, source } = mailbox;
  const body = mailbox.caseMailbox ? markReply(mailbox.caseMailbox, mail) : mail;
  const secret = variables(buildSecretVariableName(workspace, 'MAIL_SECRET'));
  const headers = { 'content-type': 'message/rfc822', authorization: `Bearer ${secret}` };
  try {
    const { status } = await post(`/hooks/${workspace}/${source}`, { method: 'POST', headers, body });
    if (status === 202) return 'stored';
    return status >= 500 || status === 429 ? 'later' : 'refused';
  } catch {
    return 'later';
  }
}

function markReply(local: string, mail: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = (size: 'cut' | 'whole') => Buffer.from(`X-Caselite-Reply: ${local} ${size}\r\n`);
  const whole = Buffer.concat([head('whole'), mail]);
  return whole.length <= mostMailBytes ? whole : Buffer.concat([head('cut'), mail]).subarray(0, mostMailBytes);
}
