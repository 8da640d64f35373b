import type { Message } from './message.ts';

/* Who sent a message, by the verdict of the one relay that a source names: everything else in a message can be forged. */

/** Why a message is no alert of the source; null for a genuine one. */
export function findSenderProblem(message: Message, senders: string[], relay: string): string | null {
  const automatic = findAutomaticKind(message);
  if (automatic) return `it is ${automatic}, and no alert`;
  const [from = '', ...more] = message.from.map((address) => address.toLowerCase());
  if (from === '' || more.length > 0) return 'it names no single sender (From)';
  const domain = from.slice(from.lastIndexOf('@'));
  const isAllowed = senders.some((sender) => [from, domain].includes(sender.toLowerCase()));
  if (!isAllowed) return 'its sender is not among senders of the source';
  const verdict = listVerdicts(message, relay);
  if (!verdict) return `${relay} has not checked its sender: it carries no Authentication-Results of that relay`;
  return isProved(verdict, domain.slice(1))
    ? null
    : `${relay} could not prove its sender: neither DMARC nor an aligned DKIM signature passed`;
}

/** What wrote a message, where no survey tool did. */
function findAutomaticKind({ headers, from }: Message): string | null {
  const readHeader = (name: string) => headers.find(([key]) => key === name)?.[1].toLowerCase() ?? '';
  if (readHeader('x-caselite') !== '') return 'a mail of Caselite';
  if (readHeader('content-type').startsWith('multipart/report')) return 'a bounce';
  if (readHeader('return-path') === '<>' || /^(mailer-daemon|postmaster)@/i.test(from[0] ?? '')) return 'a bounce';
  const replies = ['x-autoreply', 'x-autorespond', 'x-autoresponder'].some((name) => readHeader(name) !== '');
  return replies || readHeader('auto-submitted').startsWith('auto-replied') || readHeader('precedence') === 'auto_reply'
    ? 'an automatic reply'
    : null;
}

interface Verdict {
  method: string;
  result: string;
  properties: Map<string, string>;
}

/**
 * Verdicts of the topmost header of the relay, which adds its own above all that arrived (RFC 8601 §5); null without
 * one. A header of another name, or further down, may be the sender's.
 */
function listVerdicts({ headers }: Message, relay: string): Verdict[] | null {
  for (const [name, value] of headers) {
    if (name !== 'authentication-results') continue;
    const [id = '', ...results] = withoutComments(value).split(';');
    if (id.trim().split(/\s+/)[0]?.toLowerCase() !== relay.toLowerCase()) continue;
    return results.map((text) => {
      const pairs = [...text.matchAll(/([\w.-]+)\s*=\s*("[^"]*"|\S+)/g)];
      const [[, method = '', result = ''] = [], ...properties] = pairs;
      const read = properties.map(([, key = '', of = '']): [string, string] => [
        key,
        of.replaceAll('"', '').toLowerCase(),
      ]);
      return { method: method.toLowerCase(), result: result.toLowerCase(), properties: new Map(read) };
    });
  }
  return null;
}

/** Comments in parentheses, innermost first, so that no verdict is read out of one. */
function withoutComments(value: string): string {
  let [text, depth, isQuoted] = ['', 0, false];
  for (const character of value) {
    if (character === '"' && depth === 0) isQuoted = !isQuoted;
    if (character === '(' && !isQuoted) depth += 1;
    else if (character === ')' && depth > 0) depth -= 1;
    else if (depth === 0) text += isQuoted && character === ';' ? ' ' : character;
  }
  return text;
}

const isProved = (verdicts: Verdict[], domain: string): boolean =>
  verdicts.some(({ method, result, properties }) => {
    if (result !== 'pass') return false;
    if (method === 'dmarc') return [undefined, domain].includes(properties.get('header.from'));
    const signer = properties.get('header.d') ?? properties.get('header.i')?.split('@').at(-1) ?? '';
    return method === 'dkim' && signer.includes('.') && `.${domain}`.endsWith(`.${signer}`);
  });
