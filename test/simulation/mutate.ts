import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** One source line with a mistake that a person might make. */
export interface Edit {
  /** Path from the project's root. */
  file: string;
  find: string;
  replace: string;
}

const root = new URL('../../', import.meta.url);

/** @throws unless the line occurs exactly once; after a change of the line its edit has to follow */
export function applyEdit({ file, find, replace }: Edit, text = readFileSync(new URL(file, root), 'utf8')): string {
  const [before, after, ...more] = text.split(find);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`"${find}" does not stand exactly once in ${file}: bring the sabotage up to date`);
  return before + replace + after;
}

/** Makes this process load files with mistakes in them. Must run before their import. */
export function mutate(edits: Edit[]): void {
  const files = new Map<string, string>();
  for (const edit of edits) {
    const url = new URL(edit.file, root).href;
    files.set(url, applyEdit(edit, files.get(url)));
  }
  registerHooks({
    load(url, context, next) {
      const source = files.get(url);
      return source === undefined ? next(url, context) : { format: 'module-typescript', source, shortCircuit: true };
    },
  });
}
