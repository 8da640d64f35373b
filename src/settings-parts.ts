import { parse, stringify } from 'yaml';
import { mostSentences, readSentences, type Sentences, writeSentences } from '#domain/templates/sentences.ts';
import type { SettingsFile } from '#domain/templates/template.ts';
import parts from '../templates/settings-parts.json' with { type: 'json' };
import { refuseField } from './workspace/basics/case-operation.ts';
import { changeDocument, parseToChange, writeDocument } from './workspace/settings/read-yaml.ts';

export interface SettingField {
  name: string;
  /** The vendor's own spelling; without one the name is made readable. */
  title?: string | undefined;
  meaning: string;
  example: string;
  /** A line, a longer text, a number, one of `options`, a text a line, or YAML for what is nested. */
  input: 'line' | 'text' | 'number' | 'choice' | 'list' | 'yaml';
  isRequired: boolean;
  options?: string[];
}

export type SettingsPart = { meaning: string; example: string; hasEntries: boolean; fields: SettingField[] };

export type Values = Record<string, unknown>;

/** Parts of the workspace file by name; `general` holds what stands above them. */
export const settingsParts = parts.workspace as Record<string, SettingsPart>;

export const templateFields = parts.template as SettingField[];

export const readWorkspaceFile = (files: SettingsFile[]): Values =>
  parse(files.find(({ kind }) => kind === 'workspace')?.text ?? '', { merge: true }) ?? {};

/** Settings of a part of the file: by entry, or of `general` and other parts alone under an empty name. */
export function readPart(file: Values, part: string): Record<string, Values> {
  if (part === 'general') return { '': file };
  const own = file[part] ?? {};
  return settingsParts[part]?.hasEntries ? (own as Record<string, Values>) : { '': own as Values };
}

export function writeField({ input }: SettingField, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (input === 'yaml') return stringify(value, { lineWidth: 0 }).trim();
  return input === 'list' ? [value].flat().join('\n') : String(value).trim();
}

/**
 * The value of a field's text; null for an empty one, which leaves the setting out.
 * @throws InvalidInputError for text that is no YAML
 */
export function readField({ name, input, options }: SettingField, text: string): unknown {
  if (text === '') return null;
  if (input === 'number') return Number.isNaN(Number(text)) ? text : Number(text);
  if (input === 'choice') return options?.includes('true') ? text === 'true' : text;
  if (input === 'list') return text.split('\n').flatMap((item) => item.trim() || []);
  if (input !== 'yaml') return text;
  try {
    return parse(text, { maxAliasCount: 100, logLevel: 'error', merge: true });
  } catch {
    refuseField(name, 'cannot be read; write it as in the example');
  }
}

type Posted = (name: string) => string;

/** The sentences that a form posted; those without a value are left out. */
export const readPostedSentences = (field: Posted): Sentences => ({
  join: field('join') === 'any' ? 'any' : 'all',
  rows: Array.from({ length: mostSentences }, (_, index) => ({
    about: field(`about${index}`),
    comparison: field(`comparison${index}`),
    value: field(`value${index}`),
  })).filter(({ about, value }) => about !== '' && value !== ''),
});

/** A template's file with what a form changed; comments and the order of everything else stay. */
export function changeTemplateText(text: string, field: Posted): string {
  const document = parseToChange(text);
  const values = (document.toJS() ?? {}) as Values;
  for (const each of templateFields) {
    const posted = field(each.name).replaceAll('\r\n', '\n');
    if (posted === writeField(each, values[each.name])) continue;
    const value = readField(each, posted);
    changeDocument(document, [each.name], value);
  }
  const when = (values.when ?? {}) as Values;
  const posted = readPostedSentences(field);
  if (field('join') !== '' && JSON.stringify(posted) !== JSON.stringify(readSentences(when)))
    document.set('when', document.createNode(writeSentences(when, posted), { flow: true }));
  return writeDocument(document, text);
}

/** Tells a text from one that somebody changed. */
export const markText = (text: string): string => String([...text.replaceAll('\r\n', '\n').trim()].reduce(mix, 0));

const mix = (sum: number, letter: string): number => (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;

/** Settings and sentences of a template's file; null for a text that is no YAML. */
export function readTemplateForm(text: string): { values: Values; sentences: Sentences | null } | null {
  try {
    const values = parse(text, { logLevel: 'error', merge: true }) as Values;
    return typeof values === 'object' && values
      ? { values, sentences: readSentences((values.when ?? {}) as Values) }
      : null;
  } catch {
    return null;
  }
}
