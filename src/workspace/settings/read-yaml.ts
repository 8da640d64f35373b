import * as yaml from 'yaml';
import type * as z from 'zod';
import { mostProblemsShown } from '#domain/base/errors.ts';
import { parseWithPlainFindings, unknownSetting } from '#domain/base/plain-words.ts';
import { InvalidInputError, type Problem, type Report, type SettingsFile } from '../kit.ts';

const remedies: Partial<Record<string, string>> = {
  MULTILINE_IMPLICIT_KEY: 'is no setting; write name: value, with a colon and a space after it',
  BAD_INDENT: 'is moved in too far or not far enough; begin below the setting that it belongs beside',
  TAB_AS_INDENT: 'begins with a tab; move it in with spaces',
  DUPLICATE_KEY: 'is a name that stands here already; keep one of the two',
  BLOCK_AS_IMPLICIT_KEY: 'has a second colon; put a text with a colon into quotes',
  MISSING_CHAR: 'lacks a closing quote or bracket, or a colon after a name',
  MULTIPLE_DOCS: 'begins a second document after ---; leave out all but the first',
  RESOURCE_EXHAUSTION: 'is nested too deeply; leave out levels',
};

const mostLevels = 64;
const [mostEntries, mostCharacters] = [20_000, 1024 * 1024];
const longestFieldShown = 200;
const losesDigits = /^[-+]?(0\d|\d{16})/;

/** A file read by its schema. `report` adds a problem of one of its settings, with the line. */
export type Read<Value> = { value: Value; report: Report };

// The library looks for repeated names in quadratic time, and writes its warnings with the text to the console.
const options = { uniqueKeys: false, logLevel: 'error', merge: true } as const;

/**
 * Reads a file by its schema, or adds its problems and returns null.
 * @param accepted its text when it was accepted; settings that stood there and are gone since are left out
 */
export function readYaml<Value>(
  file: SettingsFile,
  schema: z.ZodType<Value>,
  problems: Problem[],
  { isNew, accepted }: { isNew: boolean; accepted: string | undefined },
) {
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(file.text, { ...options, lineCounter: lines });
  const report = (path: PropertyKey[], message: string, position?: number | null) => {
    const field = [file.name, path.join('.').slice(0, longestFieldShown)].filter(Boolean).join(': ');
    // Each search takes as long as the file, and no further problem is shown.
    const at = position === undefined && problems.length < mostProblemsShown ? findPosition(document, path) : position;
    const line = typeof at === 'number' ? { line: lines.linePos(at).line } : {};
    problems.push({ field, message, ...line });
  };
  const earlier = problems.length;
  for (const { code, message, pos } of document.errors) report([], explainYamlError(code, message), pos[0]);
  if (problems.length === earlier) checkStructure(document, isNew, (message, at) => report([], message, at));
  if (problems.length > earlier) return null;
  const content = readContent(document);
  if (content === undefined || content === null) {
    report([], content === null ? 'is empty' : 'has too many aliases (*name); write them out');
    return null;
  }
  let read = parseWithPlainFindings(schema, content);
  const before = read.findings && accepted !== undefined && readContent(yaml.parseDocument(accepted, options));
  while (read.findings && before) {
    const gone = read.findings.filter(({ path, message }) => message.startsWith(unknownSetting) && find(before, path));
    if (gone.length === 0) break;
    for (const { path } of gone) delete find(content, path)?.[path.at(-1) ?? ''];
    read = parseWithPlainFindings(schema, content);
  }
  const { value, findings } = read;
  for (const finding of findings ?? []) report(finding.path, finding.message);
  return findings ? null : { value, report };
}

type Group = Record<PropertyKey, unknown>;

/** The group in which a setting stands, or null where it does not. */
function find(content: unknown, path: PropertyKey[]): Group | null {
  let group = content as Group | null | undefined;
  for (const step of path.slice(0, -1)) group = group?.[step] as Group | null | undefined;
  return group && Object.hasOwn(group, path.at(-1) ?? '') ? group : null;
}

function explainYamlError(code: string, message: string): string {
  if (/^Flow /.test(message)) return 'opens a bracket, [ or {, that is not closed below; close it';
  return remedies[code] ?? message.split(' at line ')[0] ?? 'is not YAML';
}

/** Undefined for a document with too many aliases. */
function readContent(document: yaml.Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

type ReportAt = (message: string, at: number | null) => void;

function checkStructure(document: yaml.Document, isNew: boolean, report: ReportAt): void {
  const anchors = new Set<string | undefined>();
  const startOf = (node: yaml.Node) => node.range?.[0] ?? null;
  yaml.visit(document, {
    Alias(_, node) {
      const name = node.source.slice(0, 60);
      const remedy = `mark one with &${name}, or write it out`;
      if (!anchors.has(node.source)) report(`is *${name}, which stands for no setting above; ${remedy}`, startOf(node));
    },
    Scalar(_, node) {
      anchors.add(node.anchor);
      if (isNew && typeof node.value === 'number' && losesDigits.test(node.source ?? ''))
        report(`is read as the number ${node.value}; put it into quotes to keep its digits`, startOf(node));
    },
    Collection(_, node, above) {
      anchors.add(node.anchor);
      if (above.filter(yaml.isCollection).length >= mostLevels) {
        report(`is nested deeper than ${mostLevels} levels; leave out levels`, startOf(node));
        return yaml.visit.BREAK;
      }
      const names = new Set<string>();
      for (const item of node.items) {
        if (!yaml.isPair<yaml.Node>(item)) continue;
        const name = String(item.key);
        const at = startOf(item.key);
        if (!yaml.isScalar(item.key)) report('has a list or a group in place of a name; write name: value', at);
        else if (name === '__proto__') report('is a name that no setting can have; choose another', at);
        else if (names.has(name)) report(remedies.DUPLICATE_KEY ?? '', at);
        names.add(name);
      }
      return undefined;
    },
  });
}

/** Position of a setting's name in the text; for a missing setting, of its parent. */
function findPosition(document: yaml.Document, path: PropertyKey[]): number | null {
  let node = document.contents as yaml.Node | null | undefined;
  let at = node?.range?.[0] ?? null;
  for (const step of path) {
    if (yaml.isAlias(node)) node = node.resolve(document);
    if (yaml.isMap<yaml.Node, yaml.Node>(node)) {
      const pair = node.items.find(({ key }) => String(key) === String(step));
      if (!pair) break;
      at = pair.key.range?.[0] ?? at;
      node = pair.value;
    } else if (yaml.isSeq<yaml.Node>(node)) {
      node = node.items[Number(step)];
      at = node?.range?.[0] ?? at;
    } else break;
  }
  return at;
}

/** @throws InvalidInputError for files that take too long to read */
export function demandFairSize(files: SettingsFile[]): void {
  if (files.reduce((sum, { text }) => sum + text.length, 0) > mostCharacters)
    throw new InvalidInputError('files: have more than 1 MiB of text in all; leave out what is not used');
  let entries = 0;
  for (const { text } of files) for (const _ of text.matchAll(/[\n,]/g)) if (++entries > mostEntries) break;
  if (entries <= mostEntries) return;
  const most = mostEntries.toLocaleString('en');
  throw new InvalidInputError(`files: have more than ${most} lines and commas in all; leave out what is not used`);
}

/** Files whose workspace file lists a template, so that a new draft can be tried. */
export const addTemplateToWorkspaceFile = (files: SettingsFile[], name: string, place: object = {}): SettingsFile[] =>
  files.map((file) => {
    if (file.kind !== 'workspace') return file;
    const document = parseToChange(file.text);
    const listed = document.get('templates');
    const isListed = yaml.isSeq(listed) && listed.items.some((item) => String(item) === name);
    if (isListed || (yaml.isMap(listed) && listed.has(findKeys(document, ['templates', name])[1]))) return file;
    if (yaml.isMap(listed)) listed.set(name, document.createNode(place, { flow: true }));
    else if (yaml.isSeq(listed) && Object.keys(place).length === 0) listed.add(name);
    else if (yaml.isSeq(listed)) {
      const named = listed.items.map((item): [string, object] => [String(item), {}]);
      document.set('templates', document.createNode(Object.fromEntries([...named, [name, place]])));
    } else return file;
    return { ...file, text: writeDocument(document, file.text) };
  });

/** A changed setting of the workspace file. `null` removes it. */
export type SettingChange = { path: string[]; value: unknown };

/** Files in which settings of the workspace file are changed. Comments and the order of everything else stay. */
export const changeWorkspaceFile = (files: SettingsFile[], changes: SettingChange[]): SettingsFile[] =>
  files.map((file) => {
    if (file.kind !== 'workspace' || changes.length === 0) return file;
    const document = parseToChange(file.text);
    for (const { path, value } of changes) changeDocument(document, path, value);
    return { ...file, text: writeDocument(document, file.text) };
  });

/**
 * A file whose settings a page changes. Where one setting stands for another by an anchor, each gets its own value,
 * so that a change of one changes no other; comments are lost then.
 * @throws InvalidInputError for a text that is no YAML
 */
export function parseToChange(text: string): yaml.Document {
  const document = yaml.parseDocument(text, { logLevel: 'error', merge: true });
  const [error] = document.errors;
  if (error) throw new InvalidInputError(`The text is no YAML: ${error.message}`);
  let isShared = false;
  yaml.visit(document, {
    Alias() {
      isShared = true;
      return yaml.visit.BREAK;
    },
  });
  return isShared
    ? new yaml.Document(document.toJS({ maxAliasCount: 100 }), { aliasDuplicateObjects: false })
    : document;
}

/** The text of a changed file, with long lines and the ends of lines as they were. */
export function writeDocument(document: yaml.Document, before: string): string {
  const text = document.toString({ lineWidth: 0 });
  return before.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text;
}

/** Keys as they stand in the file, where a name such as 2026 is a number. */
function findKeys(document: yaml.Document, names: string[]): unknown[] {
  let group: unknown = document.contents;
  return names.map((name) => {
    const pair = yaml.isMap(group) ? group.items.find(({ key }) => String(key) === name) : undefined;
    group = pair?.value;
    return pair?.key ?? name;
  });
}

/** Sets one setting; null leaves it out. Comments beside it and the style of its list stay. */
export function changeDocument(document: yaml.Document, names: string[], value: unknown): void {
  const path = findKeys(document, names);
  if (value === null) {
    if (document.hasIn(path)) document.deleteIn(path);
    return;
  }
  const node = document.getIn(path, true);
  if (yaml.isScalar(node) && typeof value !== 'object') {
    node.value = value;
    return;
  }
  if (yaml.isSeq(node) && Array.isArray(value) && changeList(document, node, value)) return;
  document.setIn(path, document.createNode(value));
}

/** Removes and adds items of a list. @returns whether the list then has these values in this order */
function changeList(document: yaml.Document, list: yaml.YAMLSeq, values: unknown[]): boolean {
  const readItem = (item: unknown) => (yaml.isScalar(item) ? item.value : item);
  const kept = list.items.filter((item) => values.includes(readItem(item)));
  const isInOrder = kept.every((item, index) => readItem(item) === values[index]);
  if (!isInOrder || values.some((value) => typeof value === 'object')) return false;
  list.items = [...kept, ...values.slice(kept.length).map((value) => document.createNode(value))];
  return true;
}
