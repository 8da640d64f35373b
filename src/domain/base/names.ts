import * as z from 'zod';

/** Names of people, teams, trackers and files in a workspace. */
export const Slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and dashes');

export const Email = z.email('is not an e-mail address');

export const Names = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((entry) => (Array.isArray(entry) ? entry : [entry]));

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
