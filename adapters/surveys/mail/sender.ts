import type { Sent } from './message.ts';

/* Who sent a message, by the verdict of the one relay that a source names: everything else in a message can be forged. */

/** Why a message is no alert of the source, as a sentence; null for a genuine one. */
export function findSenderProblem(message: Sent, senders: string[], relay: string): string | null {
  const automatic = findAutomaticKind(message);
  if (automatic) return `This is ${automatic}, and no alert.`;
  const from = findOnlySender(message);
  if (from === '') return 'The mail names no single sender (From).';
  const domain = from.slice(from.lastIndexOf('@'));
  const isAllowed = senders.some((sender) => [from, domain].includes(sender.toLowerCase()));
  if (!isAllowed) return 'Its sender is not among senders of the source.';
  if (!listVerdicts(message, relay))
    return `The mail carries no Authentication-Results of ${relay}, which has to check its sender.`;
  if (isSenderProved(message, relay)) return null;
  return `${relay} could not prove its sender: neither DMARC nor an aligned DKIM signature passed.`;
}

/** Whether the relay proved the only sender of a message. */
export function isSenderProved(message: Sent, relay: string): boolean {
  const from = findOnlySender(message);
  return from !== '' && isProved(listVerdicts(message, relay) ?? [], from.slice(from.lastIndexOf('@') + 1));
}

/** In small letters; empty for none or several. */
const findOnlySender = ({ from: [from = '', ...more] }: Sent): string => (more.length > 0 ? '' : from.toLowerCase());

/** A header in lower case; empty without one. */
export const readHeader = ({ headers }: Sent, wanted: string): string =>
  headers
    .find(([name]) => name === wanted)?.[1]
    .trim()
    .toLowerCase() ?? '';

/** What a message is that a program sent; null for one that a person may have written. */
export function findAutomaticKind(sent: Sent): string | null {
  const read = (name: string) => readHeader(sent, name);
  const isReport = read('content-type').startsWith('multipart/report') || read('return-path') === '<>';
  const isReply = ['x-autoreply', 'x-autorespond', 'x-autoresponder'].some((name) => read(name) !== '');
  if (read('x-caselite') !== '') return 'a mail of Caselite';
  if (isReport || /^(mailer-daemon|postmaster)@/i.test(sent.from[0] ?? '')) return 'a bounce';
  const isAnswer = read('auto-submitted').startsWith('auto-replied') || read('precedence') === 'auto_reply';
  return isReply || isAnswer ? 'an automatic reply' : null;
}

const longestVerdict = 4000;

/**
 * Verdicts of the topmost header of the relay, which adds its own above all that arrived (RFC 8601 §5); null without
 * one. A header of another name, or further down, may be the sender's.
 */
function listVerdicts({ headers }: Sent, relay: string): string[] | null {
  for (const [name, value] of headers) {
    if (name !== 'authentication-results') continue;
    if (value.length > longestVerdict) return null;
    const [id = '', ...verdicts] = blankComments(value).split(';');
    if (id.trim().split(/\s/)[0]?.toLowerCase() === relay.toLowerCase()) return verdicts;
  }
  return null;
}

/**
 * A header without its comments and quoted texts (RFC 5322 §3.2), in which no verdict stands. A text that is never closed
 * blanks the rest, and so does a mark that stands in none.
 */
function blankComments(value: string): string {
  let [depth, isQuoted] = [0, false];
  return value.replaceAll(/\\.?|["()]|[^\\"()]+/gs, (part) => {
    if (part === '"' && depth === 0) isQuoted = !isQuoted;
    else if (isQuoted) return '';
    else if (part === '(') depth += 1;
    else if (part === ')') depth = depth > 0 ? depth - 1 : Infinity;
    else if (depth === 0 && part.startsWith('\\')) depth = Infinity;
    else if (depth === 0) return part;
    // A quotation mark stays, because a blank would end the name that the quoted text is a part of.
    return part === '"' && depth === 0 ? part : ' ';
  });
}

const isProved = (verdicts: string[], domain: string): boolean =>
  verdicts.some((verdict) => {
    const [, method = '', properties = ''] = /^\s*(dmarc|dkim)\s*=\s*pass(?=\s|$)(.*)$/i.exec(verdict) ?? [];
    const read = (name: string) => new RegExp(`\\s${name}\\s*=\\s*(\\S+)`, 'i').exec(properties)?.[1]?.toLowerCase();
    if (method.toLowerCase() === 'dmarc') return read('header\\.from') === domain;
    const signer = read('header\\.d') ?? read('header\\.i')?.split('@').at(-1) ?? '';
    return method !== '' && signer.includes('.') && `.${domain}`.endsWith(`.${signer}`);
  });
