import { signToken } from '#domain/base/token.ts';
import { type FixedTexts, filled } from '#domain/text/fixed-texts.ts';
import type { Core } from '../core.ts';

/**
 * Sender line, unsubscribe link and headers of RFC 8058, with which a mail program unsubscribes in one click.
 *
 * @param id the follow-up, re-survey or invitation
 * @param from line that says why the mail comes
 */
export function unsubscribing(core: Core, id: string, texts: FixedTexts, from?: string) {
  const { name } = core.settings.workspace;
  const url = `${core.publicUrl}/u/${signToken(core.keys, 'unsubscribe', core.workspace, id)}`;
  return {
    footer: [from ?? filled(texts.why, { name }), `${texts.optOutLinkText}: ${url}`],
    headers: { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  };
}
