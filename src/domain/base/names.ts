import * as z from 'zod';

/** Names of people, teams, trackers and files in a workspace. */
export const Slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and dashes');

/** A text that may become part of a header of a mail. */
export const Line = z
  .string()
  .min(1)
  .max(500)
  .refine((text) => !/[\p{Cc}\u2028\u2029]/u.test(text), {
    error: 'is more than one line, or has control characters; write one line',
    abort: true,
  });

export const Email = z.email('is not an e-mail address');

/** One entry or a list of them. */
export const oneOrMore = <Entry>(entry: z.ZodType<Entry>, error?: string) =>
  z.union([entry, z.array(entry).min(1)], error).transform((given) => [given].flat() as Entry[]);

export const Names = oneOrMore(z.string());

export const HttpsAddress = z.string().regex(/^https:\/\/\S/, 'must be an address that begins with https://');

export const TimeZone = z.string().refine(isTimeZone, 'is not a time zone; write for example Europe/Berlin');

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const Language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'is a language such as de, pt-BR or zh-Hant');

/** A text in the characters of a name. */
export const toName = (text: string, longest: number): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replace(/^-|-$/g, '');
