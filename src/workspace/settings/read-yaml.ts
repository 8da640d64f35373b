import { type Document, isAlias, isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type * as z from 'zod';
import { parseWithPlainFindings } from '#domain/base/plain-words.ts';
import type { SettingsFile } from '#domain/templates/settings.ts';
import type { Complaint } from './file-problem.ts';

const remedies: Partial<Record<string, string>> = {
  MULTILINE_IMPLICIT_KEY: 'is no setting; write name: value, with a colon and a space after it',
  BAD_INDENT: 'is moved in too far or not far enough; begin below the setting that it belongs beside',
  TAB_AS_INDENT: 'begins with a tab; move it in with spaces',
  DUPLICATE_KEY: 'is a name that stands here already; keep one of the two',
  BLOCK_AS_IMPLICIT_KEY: 'has a second colon; put a text with a colon into quotes',
  MISSING_CHAR: 'lacks a closing quote or bracket, or a colon after a name',
};

/** A file read by its schema, or its problems. */
export function readYaml<Value>(
  file: SettingsFile,
  schema: z.ZodType<Value>,
): { value: Value | null; complaints: Complaint[]; lineOf: (path: PropertyKey[]) => number | undefined } {
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines });
  const lineOf = (path: PropertyKey[]) => {
    const at = findPositionOfSetting(document, path);
    return at === null ? undefined : lines.linePos(at).line;
  };
  const bad = (complaints: Complaint[]) => ({ value: null, complaints, lineOf });
  if (document.errors.length > 0)
    return bad(
      document.errors.map(({ code, message, pos }) => ({
        file,
        path: [],
        line: lines.linePos(pos[0]).line,
        message: explainYamlError(code, message),
      })),
    );
  const { content, message } = readYamlContent(document);
  if (message !== undefined) return bad([{ file, path: [], message }]);
  if (content === null) return bad([{ file, path: [], message: 'is empty' }]);
  const { value, findings } = parseWithPlainFindings(schema, content);
  if (findings) return bad(findings.map((finding) => ({ file, ...finding })));
  return { value, complaints: [], lineOf };
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
