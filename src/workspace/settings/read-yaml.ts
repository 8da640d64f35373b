import { type Document, isAlias, isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type * as z from 'zod';
import type { Problem } from '#domain/base/errors.ts';
import type { Report } from '#domain/base/nearest.ts';
import { parseWithPlainFindings } from '#domain/base/plain-words.ts';
import type { SettingsFile } from '#domain/templates/settings.ts';

const remedies: Partial<Record<string, string>> = {
  MULTILINE_IMPLICIT_KEY: 'is no setting; write name: value, with a colon and a space after it',
  BAD_INDENT: 'is moved in too far or not far enough; begin below the setting that it belongs beside',
  TAB_AS_INDENT: 'begins with a tab; move it in with spaces',
  DUPLICATE_KEY: 'is a name that stands here already; keep one of the two',
  BLOCK_AS_IMPLICIT_KEY: 'has a second colon; put a text with a colon into quotes',
  MISSING_CHAR: 'lacks a closing quote or bracket, or a colon after a name',
};

/** A file read by its schema. `report` adds a problem of one of its settings, with the line. */
export interface Read<Value> {
  value: Value;
  report: Report;
}

/** Reads a file by its schema, or adds its problems and returns null. */
export function readYaml<Value>(file: SettingsFile, schema: z.ZodType<Value>, problems: Problem[]): Read<Value> | null {
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines, merge: true });
  const report = (path: PropertyKey[], message: string, at = findPositionOfSetting(document, path)) => {
    const field = [file.name, path.join('.')].filter(Boolean).join(': ');
    problems.push({ field, message, ...(at !== null && { line: lines.linePos(at).line }) });
  };
  for (const { code, message, pos } of document.errors) report([], explainYamlError(code, message), pos[0]);
  if (document.errors.length > 0) return null;
  const { content, message } = readYamlContent(document);
  if (message !== undefined || content === null) {
    report([], message ?? 'is empty');
    return null;
  }
  const { value, findings } = parseWithPlainFindings(schema, content);
  for (const finding of findings ?? []) report(finding.path, finding.message);
  return findings ? null : { value, report };
}

function explainYamlError(code: string, message: string): string {
  if (/^Flow /.test(message)) return 'opens a bracket, [ or {, that is not closed below; close it';
  return remedies[code] ?? message.split(' at line ')[0] ?? 'is not YAML';
}

function readYamlContent(document: Document): { content?: unknown; message?: string } {
  try {
    return { content: document.toJS({ maxAliasCount: 100 }) };
  } catch {
    return { message: 'has too many aliases (*name), or one without an anchor (&name); write them out' };
  }
}

/** Position of a setting's name in the text; for a missing setting, of its parent. */
function findPositionOfSetting(document: Document, path: PropertyKey[]): number | null {
  let node = document.contents as Node | null | undefined;
  let at = node?.range?.[0] ?? null;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap<Node, Node>(node)) {
      const pair = node.items.find(({ key }) => String(key) === String(step));
      if (!pair) break;
      at = pair.key.range?.[0] ?? at;
      node = pair.value;
    } else if (isSeq<Node>(node)) {
      node = node.items[Number(step)];
      at = node?.range?.[0] ?? at;
    } else break;
  }
  return at;
}
