import { signToken } from '#domain/base/token.ts';
import { type FixedTexts, filled } from '#domain/text/fixed-texts.ts';
import type { Core } from '../core.ts';

/**
 * How a mail that asks says whom it comes from and how to get no more: a link at its foot, and the headers of RFC 8058
 * by which a mail program unsubscribes in one click.
 *
 * @param id what the mail asks by: a follow-up, a re-survey or an invitation
 * @param from a line that says why the mail comes
 */
export function unsubscribing(core: Core, id: string, texts: FixedTexts, from?: string) {
  const { name } = core.settings.workspace;
  const url = `${core.publicUrl}/u/${signToken(core.keys, 'unsubscribe', core.workspace, id)}`;
  return {
    footer: [from ?? filled(texts.why, { name }), `${texts.noMoreMail}: ${url}`],
    headers: { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  };
}
