import * as z from 'zod';
import { nearest, suggestKnownNames } from './nearest.ts';

export type Finding = { path: PropertyKey[]; message: string };

type Issue = z.core.$ZodIssue;

const kinds = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list, such as [one, two]'],
  ['tuple', 'a list, such as [one, two]'],
  ['object', 'a group of settings, such as { name: value }'],
  ['record', 'a group of settings, such as { name: value }'],
]);
const kindOf = (expected: string): string => kinds.get(expected) ?? expected;

/** How findings of settings that are not known begin. */
export const unknownSetting = 'is no setting here';

/** Reads an input, and reports each problem with its field. */
export function parseWithPlainFindings<Value>(
  schema: z.ZodType<Value>,
  content: unknown,
  unknown = unknownSetting,
): { value: Value; findings: null } | { value: null; findings: Finding[] } {
  const parsed = schema.safeParse(content, { error: words, reportInput: true });
  if (parsed.success) return { value: parsed.data, findings: null };
  return { value: null, findings: parsed.error.issues.flatMap((issue) => explain(issue, [], { schema, unknown })) };
}

/** Unions and unknown settings are explained by `explain`. */
const words: z.core.$ZodErrorMap = (issue) => {
  const { code, input } = issue;
  if (code === 'invalid_union' || code === 'unrecognized_keys') return '';
  if (code === 'invalid_type') {
    const wanted = kindOf(String(issue.expected));
    if (input === undefined) return `is missing; it wants ${wanted}`;
    const isBare = issue.expected === 'string' && ['number', 'boolean'].includes(typeof input);
    // The input is not repeated, because it may be a customer's.
    return `must be ${wanted}${isBare ? '; write it in quotes' : ''}`;
  }
  if (code === 'invalid_value') {
    const values = issue.values.map(String);
    const near = typeof input === 'string' ? nearest(input, values) : null;
    const choice = values.length === 1 ? `must be ${values[0]}` : `must be one of ${values.join(', ')}`;
    return input === undefined ? `is missing; it ${choice}` : `${choice}${near ? `; did you mean ${near}?` : ''}`;
  }
  if (code === 'invalid_format' && issue.format === 'datetime') return 'must be a time such as 2026-11-24T09:30:00Z';
  const unit = 'origin' in issue && issue.origin === 'string' ? ' characters' : '';
  const count = 'origin' in issue && issue.origin === 'array' ? ' entries' : unit;
  if (code === 'too_small')
    return issue.minimum === 1 && count ? 'is empty' : `must be ${issue.minimum}${count} or more`;
  if (code === 'too_big') return `must be ${issue.maximum}${count} or less`;
  return undefined;
};

/** Unknown names in one place that get a remedy; more are a mistake of another kind. */
const mostSuggestions = 50;

type Reading = { schema: z.ZodType; unknown: string };

function explain(issue: Issue, above: PropertyKey[], reading: Reading): Finding[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys' && issue.message === '') {
    const known = listSettingNames(reading.schema, path);
    return issue.keys.map((key, index) => {
      const remedy = index < mostSuggestions ? suggestKnownNames(key, known) : '';
      return { path: [...path, key], message: [reading.unknown, remedy].filter(Boolean).join('; ') };
    });
  }
  if (issue.code === 'invalid_key') {
    const [first] = issue.issues;
    return [{ path, message: first?.message ?? issue.message }];
  }
  if (issue.code === 'invalid_union' && issue.message === '') return explainUnionMistake(issue.errors, path, reading);
  return [{ path, message: issue.message }];
}

/** Picks the form of a union that the author meant; without a near one, lists all forms. */
function explainUnionMistake(branches: Issue[][], path: PropertyKey[], reading: Reading): Finding[] {
  const meant = branches
    .filter((issues) => issues.some((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys'))
    .sort((a, b) => a.length - b.length)[0];
  if (meant) return meant.flatMap((issue) => explain(issue, path, reading));
  const all = branches.flatMap((issues) => issues.flatMap((issue) => flat(issue)));
  const literals = all.flatMap((issue) => (issue.code === 'invalid_value' ? issue.values.map(String) : []));
  const problems = all.filter(({ code, message }) => code !== 'invalid_value' && !isOnlyTypeMessage(code, message));
  const types = all.flatMap((issue) => (issue.code === 'invalid_type' ? [kindOf(String(issue.expected))] : []));
  const parts =
    problems.length > 0
      ? [...new Set(problems.map(({ message }) => message)), ...literals]
      : [...new Set([...literals, ...types])];
  return [{ path, message: problems.length > 0 ? parts.join(', or ') : `must be ${parts.join(', or ')}` }];
}

const isOnlyTypeMessage = (code: string | undefined, message: string): boolean =>
  code === 'invalid_type' && /^(must be|is missing)/.test(message);

const flat = (issue: Issue): Issue[] =>
  issue.code === 'invalid_union' && issue.message === '' ? issue.errors.flat().flatMap(flat) : [issue];

function listSettingNames(schema: z.ZodType, path: PropertyKey[]): string[] {
  let places: z.core.$ZodType[] = [schema];
  for (const step of path) places = places.flatMap((place) => inner(place, step));
  return [...new Set(places.flatMap(forms).flatMap(listPropertyNames))];
}

const inner = (place: z.core.$ZodType, step: PropertyKey): z.core.$ZodType[] =>
  forms(place).flatMap((form) => {
    if (form instanceof z.ZodArray) return [form.element];
    if (form instanceof z.ZodRecord) return [form.valueType];
    const next = readPropertySchemas(form)?.[String(step)];
    return next ? [next] : [];
  });

function listPropertyNames(form: z.core.$ZodType): string[] {
  if (form instanceof z.ZodRecord) return form.keyType instanceof z.ZodEnum ? form.keyType.options.map(String) : [];
  return Object.keys(readPropertySchemas(form) ?? {});
}

const readPropertySchemas = (form: z.core.$ZodType): Record<string, z.core.$ZodType> | null =>
  form instanceof z.ZodObject ? form.shape : null;

function forms(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(forms);
  if (schema instanceof z.ZodPipe) return forms(schema.in);
  if (schema instanceof z.ZodLazy) return forms(schema.unwrap());
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable
  )
    return forms(schema.unwrap());
  return [schema];
}
