import { buildSecretVariableName, type Variables } from './reach.ts';

/** What became of a mail: `later` asks the mail server to keep it. */
export type MailOutcome = 'stored' | 'later' | 'refused';

/** Workspace and source of a recipient such as `acme.alerts@feedback.example`; null for others. */
export const readMailbox = (address: string): string[] | null =>
  /^([a-z0-9-]{1,63})\.([a-z0-9-]{1,63})@/i
    .exec(address)
    ?.slice(1)
    .map((name) => name.toLowerCase()) ?? null;

/** Posts a mail to its source, as every way in does. @param post sends a request to an address of the deployment */
export async function deliverMail(
  mailbox: string[] | null,
  body: Uint8Array<ArrayBuffer>,
  variables: Variables,
  post: (path: string, init: RequestInit) => Response | Promise<Response>,
): Promise<MailOutcome> {
  if (!mailbox) return 'refused';
  const [workspace = '', source = ''] = mailbox;
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
