import { toShownLine } from './safe-text.ts';

const joiner = '\u2060';
const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '@': `&#64;${joiner}`,
  '#': `&#35;${joiner}`,
};

/**
 * Escapes text of a delivery, such as a choice or a question's title, for the Markdown of every tracker and its
 * plain-text copy: no mention, reference, link, HTML, command or line break survives.
 */
export function escapeMarkdown(text: string, most = 200): string {
  return breakExpressions(toShownLine(text, most))
    .replace(/[&<>@#]/g, (character) => entities[character] ?? '')
    .replace(/:(?=\/\/|\p{L}[\w+-]*:)/gu, `&#58;${joiner}`)
    .replace(/\b(mailto|xmpp|tel|sms|callto|javascript|data):(?=\S)/gi, `$1&#58;${joiner}`)
    .replace(/www\./gi, `www&#46;${joiner}`)
    .replace(/(?<=[\p{L}\d])\.(?=\p{L}{2})/gu, `.${joiner}`)
    .replace(/(?<=\b(?=\w*[a-z])\w{1,40})-(?=\d)|(?<=\bGHSA)-/gi, `&#45;${joiner}`)
    .replace(/[0-9a-f]{7,}/gi, (hash) => hash.replace(/.{6}(?=.)/g, `$&${joiner}`))
    .replace(/([\\`*_{}[\]()!|~$])/g, '\\$1')
    .replace(/^([/!+\-\d.])/, `${joiner}$1`);
}

/** Breaks up the openers of expression and template languages, which machines that read an issue may fill in. */
export const breakExpressions = (text: string): string =>
  text.replace(/[$#%@{]\{|\{(?=[{%#])|<[%?#]|\$\(/g, (opener) => [...opener, ''].join(joiner));
