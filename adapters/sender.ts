import { findAddressOfSender, isMailAddress } from '#domain/base/mail-address.ts';
import { Line } from '#domain/base/names.ts';

export const Sender = Line.refine(
  (text) => isMailAddress(findAddressOfSender(text)),
  'has no address at its end; write for example "Acme feedback <feedback@acme.example>"',
).describe('The sender, such as "Acme feedback <feedback@acme.example>"');

/** Domain of a sender such as `Acme <feedback@acme.example>`. */
export const readSenderDomain = (from: string): string =>
  /@([^\s>@]+)>?\s*$/.exec(from)?.[1]?.toLowerCase() ?? 'caselite.invalid';
