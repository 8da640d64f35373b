import { isMap, isSeq, parseDocument } from 'yaml';
import type { SettingsFile } from '#domain/templates/settings.ts';

/** Files whose workspace file lists a template, so that a new draft can be tried. */
export function addTemplateToWorkspaceFile(files: SettingsFile[], name: string): SettingsFile[] {
  return files.map((file) => {
    if (file.kind !== 'workspace') return file;
    const document = parseDocument(file.text);
    const listed = document.get('templates');
    if (isMap(listed) && !listed.has(name)) listed.set(name, {});
    else if (isSeq(listed) && !listed.items.some((item) => String(item) === name)) listed.add(name);
    else return file;
    return { ...file, text: document.toString() };
  });
}

/** Files in which an alias of a source names another question. */
export function renameQuestionInWorkspaceFile(
  files: SettingsFile[],
  { source, alias, question }: { source: string; alias: string; question: string },
): SettingsFile[] {
  return files.map((file) => {
    if (file.kind !== 'workspace') return file;
    const document = parseDocument(file.text);
    document.setIn(['sources', source, 'questions', alias], question);
    return { ...file, text: document.toString({ lineWidth: 0 }) };
  });
}
