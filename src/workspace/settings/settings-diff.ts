import { parse } from 'yaml';
import type { SettingsFileDiff } from '#domain/json/settings-json.ts';
import { casework, listOptions, type Settings, type SettingsFile } from '../kit.ts';

export function diffSettings(before: SettingsFile[], after: SettingsFile[]): SettingsFileDiff[] {
  const keyOf = ({ kind, name }: SettingsFile) => `${kind} ${name}`;
  const old = new Map(before.map((file) => [keyOf(file), file]));
  const now = new Map(after.map((file) => [keyOf(file), file]));
  return listPairs(old, now).flatMap(([, was, is]) => {
    const file = is ?? was;
    if (!file || was?.text === is?.text) return [];
    return [{ kind: file.kind, name: file.name, lines: describeFileChanges(was, is) }];
  });
}

const listPairs = <Value>(old: Map<string, Value>, now: Map<string, Value>) =>
  [...new Set([...old.keys(), ...now.keys()])].map((key) => [key, old.get(key), now.get(key)] as const);

function describeFileChanges(was: SettingsFile | undefined, is: SettingsFile | undefined): string[] {
  if (!was) return ['new'];
  if (!is) return ['removed'];
  const old = flattenSettingsByPath(was.text);
  const now = flattenSettingsByPath(is.text);
  if (!old || !now) return ['cannot be compared, since one of the two is not YAML'];
  const lines = listPairs(old, now).flatMap(([path, value, other]) => {
    if (value === other) return [];
    if (value === undefined || other === undefined)
      return [`${path}: ${show(value ?? other)} (${other === undefined ? 'removed' : 'new'})`];
    const [from, to] = [value, other].map(show);
    return [`${path}: ${from === to ? `${value} → ${other}` : `${from} → ${to}`}`];
  });
  return lines.length > 0 ? lines : ['only comments, order or layout'];
}

/** Each setting as JSON, which tells the text "5" from the number. */
function flattenSettingsByPath(text: string): Map<string, string> | null {
  const result = new Map<string, string>();
  const walk = (value: unknown, path: string) => {
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
    const inside = isGroup ? Object.entries(value) : [];
    if (inside.length === 0) result.set(path, JSON.stringify(value));
    for (const [name, inner] of inside) walk(inner, path ? `${path}.${name}` : name);
  };
  try {
    walk(parse(text, { maxAliasCount: 100, uniqueKeys: false, logLevel: 'error' }), '');
    return result;
  } catch {
    return null;
  }
}

function show(json = ''): string {
  const value: unknown = JSON.parse(json);
  const format = (entry: unknown) => (typeof entry === 'object' ? JSON.stringify(entry) : String(entry));
  return Array.isArray(value) ? `[${value.map(format).join(', ')}]` : format(value);
}

/** One line per setting, after its file's name. */
export const formatDiffLines = (diffs: SettingsFileDiff[]): string[] =>
  diffs.flatMap(({ kind, name, lines }) => lines.map((line) => `${kind} ${name}: ${line}`));

/** Labels that the limits of trackers change, and labels that two names share, one readable line each. */
export function describeChangedLabels({ workspace, templates }: Pick<Settings, 'workspace' | 'templates'>): string[] {
  const { statuses } = workspace['case-options'];
  const isLabelled = (status: string) =>
    casework.findStatusClass(workspace, status) === 'pending' ||
    (casework.findStatusClass(workspace, status) === 'open' &&
      status !== casework.findStatusOfClass(workspace, 'open'));
  const names = {
    category: [...listOptions(workspace, 'categories'), ...[...templates.values()].map(({ category }) => category)],
    severity: listOptions(workspace, 'severities'),
    status: Object.keys(statuses).filter(isLabelled),
    tier: Object.keys(workspace.tiers),
  };
  const ofCases = Object.entries(names).flatMap(([kind, texts]) => {
    const byLabel = Map.groupBy(new Set(texts), (text) => casework.toLabelName(kind, text));
    return [...byLabel].flatMap(([label, [first = '', ...others]]) => {
      if (others.length > 0)
        return [`${kind} ${[first, ...others].map(quote).join(' and ')} share the label ${label}; rename one of them`];
      return label === `${kind}:${casework.slug(first)}` ? [] : [`${kind} ${quote(first)} becomes the label ${label}`];
    });
  });
  const fixed = [...templates].flatMap(([name, { issue }]) =>
    [issue?.labels ?? []].flat().map((label) => ({ name, label: String(label) })),
  );
  const tooLong = `is longer than ${casework.longestLabel} characters, which not every tracker takes; shorten it`;
  const long = fixed.filter(({ label }) => label.length > casework.longestLabel);
  return [...ofCases, ...long.map(({ name, label }) => `template ${name}: the label ${quote(label)} ${tooLong}`)];
}

const quote = (text: string): string => `“${text}”`;
