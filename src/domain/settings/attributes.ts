import * as z from 'zod';
import { MailAddress } from '../base/mail-address.ts';
import { Slug } from '../base/names.ts';
import { suggestKnownNames } from '../base/nearest.ts';
import { cut } from '../text/safe-text.ts';

export type AttributeValue = string | number;
export type AttributeValues = Record<string, AttributeValue>;

const largestAttributeNumber = 1e12;
const numberErrorMessage = 'must be a number, without a currency';
const Num = z.number(numberErrorMessage).min(-largestAttributeNumber).max(largestAttributeNumber);
const yesNo = new Map([
  ...['yes', 'y', 'true', '1'].map((word): [string, string] => [word, 'yes']),
  ...['no', 'n', 'false', '0'].map((word): [string, string] => [word, 'no']),
]);

const readers = {
  text: z.string().trim().min(1).max(500),
  choice: z.string().trim().min(1).max(100),
  number: Num,
  date: z.iso.date('must be a day such as 2027-03-31'),
  'yes-no': z
    .union([z.string(), z.boolean(), z.number()], 'must be yes or no')
    .transform((given) => yesNo.get(String(given).trim().toLowerCase()))
    .pipe(z.string('must be yes or no')),
  email: MailAddress,
  slug: z.string().trim().toLowerCase().min(1).max(100),
  amount: Num.nonnegative('must be 0 or more'),
} satisfies Record<string, z.ZodType<AttributeValue>>;

export interface Attribute {
  title: string;
  type: keyof typeof readers;
  values: readonly string[] | null;
  /** Whether a value may tell who somebody is. Such values stay out of trackers, and hidden from most people. */
  isPersonal: boolean;
}
export type Attributes = ReadonlyMap<string, Attribute>;

const defineBuiltInAttribute = (title: string, type: Attribute['type'], isPersonal = false): Attribute => ({
  title,
  type,
  values: null,
  isPersonal,
});

export const builtInAttributes: Attributes = new Map([
  ['email', defineBuiltInAttribute('Address', 'email', true)],
  ['name', defineBuiltInAttribute('Name', 'text', true)],
  ['tier', defineBuiltInAttribute('Tier', 'slug')],
  ['revenue', defineBuiltInAttribute('Revenue', 'amount')],
  ['language', defineBuiltInAttribute('Language', 'text')],
  ['renewal', defineBuiltInAttribute('Renewal', 'date')],
]);

const Declared = z
  .strictObject({
    type: z.enum(['text', 'choice', 'number', 'date', 'yes-no']).optional(),
    values: z.array(z.string().trim().min(1).max(60)).min(1).max(100).optional(),
    title: z.string().trim().min(1).max(40).optional(),
  })
  .superRefine(({ type, values }, context) => {
    const report = (message: string) => context.addIssue({ code: 'custom', path: ['values'], message });
    if (type === 'choice' && !values) report('is missing; list what can be chosen, such as [emea, apac]');
    if (type !== undefined && type !== 'choice' && values) report(`belongs to type choice, not to ${type}`);
    const folded = (values ?? []).map((value) => value.toLowerCase());
    const repeated = folded.find((value, index) => folded.indexOf(value) < index);
    if (repeated !== undefined) report(`names ${repeated} twice`);
  });

export const DeclaredAttributes = z.record(Slug, Declared);

/** Where a source finds each attribute: `hidden.NAME`, or a question. */
export const Respondent = z
  .object(Object.fromEntries(['key', ...builtInAttributes.keys()].map((name) => [name, z.string().optional()])))
  .catchall(z.string())
  .meta({ id: 'respondent' });

type AttributeSettings = { attributes: z.output<typeof DeclaredAttributes>; tiers: Record<string, unknown> };

/** All attributes of a workspace's customers, in the order of pages. */
export function collectAttributes({ attributes, tiers }: AttributeSettings): Attributes {
  const all = new Map(builtInAttributes);
  const names = Object.keys(tiers);
  if (names.length > 0) all.set('tier', { ...defineBuiltInAttribute('Tier', 'slug'), values: names });
  for (const [name, { type, values, title }] of Object.entries(attributes)) {
    const kind = type ?? (values ? 'choice' : 'text');
    all.set(name, {
      title: title ?? name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' '),
      type: kind,
      values: kind === 'yes-no' ? ['yes', 'no'] : (values ?? null),
      isPersonal: kind !== 'choice' && kind !== 'yes-no',
    });
  }
  return all;
}

/** A value as it is kept, or what is wrong with it. The message never repeats what was given. */
export function readAttributeValue(
  { type, values }: Attribute,
  given: unknown,
): { value: AttributeValue; problem: null } | { value: null; problem: string } {
  const read = readers[type].safeParse(given);
  if (!read.success) return { value: null, problem: read.error.issues[0]?.message ?? 'cannot be read' };
  if (type !== 'choice') return { value: read.data, problem: null };
  const text = String(read.data);
  const value = values?.find((known) => known.toLowerCase() === text.toLowerCase());
  if (value !== undefined) return { value, problem: null };
  return { value: null, problem: `must be one of its values; ${suggestKnownNames(text, values ?? [])}` };
}

/** A value out of text from outside; null where the text says nothing that fits. */
export function parseAttributeText(attribute: Attribute, text: string | null): AttributeValue | null {
  const line = toShortLine(text);
  return line === null ? null : readAttributeValue(attribute, typed(attribute, line)).value;
}

/** Text as the JSON value that an attribute reads. */
export const typed = ({ type }: Attribute, text: string): AttributeValue =>
  type === 'number' || type === 'amount' ? Number(text) : text;

/** Whether events and forms give it beside `email` and `tier`, and not under `attributes`. */
export const hasOwnField = (name: string): boolean => ['email', 'name', 'tier', 'revenue', 'language'].includes(name);

/** At most 200 characters on one line. */
export const toShortLine = (text: string | null): string | null =>
  cut((text ?? '').replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim(), 200, '') || null;

/** Why an attribute is unknown, with a remedy. */
export const explainUnknownAttribute = (name: string, attributes: Attributes, more: string[] = []): string =>
  `is not under attributes of the workspace file: ${name}; ${suggestKnownNames(name, [...more, ...attributes.keys()])}`;
