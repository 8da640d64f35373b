import * as z from 'zod';

const mostLocalCharacters = 64;
const mostLabelCharacters = 63;
const mostCharacters = 254;

/** A domain as mail servers know it: lower case, and `xn--` for other scripts. Null for what is no domain. */
const toAsciiDomain = (domain: string): string | null =>
  /[\s/?#:@\\[\]%]/.test(domain) ? null : (URL.parse(`http://${domain}`)?.hostname ?? null);

/** A mail address with its domain in ASCII and its local part as given, or why it is none. The reason never repeats it. */
export function readMailAddress(text: string): { address: string; problem: null } | { address: null; problem: string } {
  const refuse = (problem: string) => ({ address: null, problem });
  const given = text.trim();
  const at = given.lastIndexOf('@');
  const [local, domain] = [given.slice(0, Math.max(at, 0)), toAsciiDomain(given.slice(at + 1))];
  if (at < 1 || !domain) return refuse('is not an e-mail address');
  const address = `${local}@${domain}`;
  if (local.length > mostLocalCharacters) return refuse(`has more than ${mostLocalCharacters} characters before the @`);
  if (domain.split('.').some((label) => label.length > mostLabelCharacters))
    return refuse(`has more than ${mostLabelCharacters} characters between two dots of its domain`);
  if (address.length > mostCharacters) return refuse(`has more than ${mostCharacters} characters`);
  return z.email().safeParse(address).success ? { address, problem: null } : refuse('is not an e-mail address');
}

/** The address of a sender, such as that of `Acme <feedback@acme.example>`. */
export const findAddressOfSender = (from: string): string => /<([^<>]*)>$/.exec(from)?.[1] ?? from;

/** Whether a text, however long, is one mail address. */
export const isMailAddress = (text: string): boolean => readMailAddress(text).problem === null;

/** A mail address in settings and requests. */
export const MailAddress = z.string().transform((text, context) => {
  const { address, problem } = readMailAddress(text);
  if (problem === null) return address;
  context.addIssue({ code: 'custom', message: problem });
  return z.NEVER;
});

const machines = /^(mailer-daemon|postmaster|hostmaster|bounces?|no[-_.]?reply|do[-_.]?not[-_.]?reply)(\+.*)?$/i;

/** @param senders addresses that the workspace itself sends from */
export const isAddressOfPerson = (address: string, senders: string[]): boolean =>
  !machines.test(address.slice(0, address.lastIndexOf('@'))) &&
  !senders.some((sender) => sender.toLowerCase() === address.toLowerCase());
