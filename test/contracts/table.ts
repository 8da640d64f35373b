import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lacks } from './tracker-native.ts';

/** The parts of a vitest test or suite that this file reads. */
interface Task {
  name: string;
  type: string;
  tasks?: Task[];
}

/** Behaviours per suite that shows them. */
export type Behaviours = Map<string, Set<string>>;

const file = join(import.meta.dirname, '..', '..', 'adapters', 'trackers', 'README.md');
const [begin, end] = ['<!-- behaviours: begin -->', '<!-- behaviours: end -->'];

/** Derives the behaviours of each tracker from the suite's titles. */
export function behavioursOf(tasks: Task[]): Behaviours {
  const under = (task: Task, path: string[]): string[] =>
    task.type === 'test'
      ? [[...path, task.name].join(': ')]
      : (task.tasks ?? []).flatMap((inner) =>
          under(inner, /as a tracker$/.test(task.name) ? path : [...path, task.name]),
        );
  return new Map(
    tasks.map(({ name, tasks: inner }) => [name, new Set((inner ?? []).flatMap((task) => under(task, [])))]),
  );
}

/** The table in the trackers' README: behaviours that not every tracker has. */
export function tableOf(behaviours: Behaviours, trackers: { kind: string; title: string }[]): string {
  const columns = trackers.map((tracker) => ({
    ...tracker,
    has: new Set([...behaviours].flatMap(([name, own]) => (name.startsWith(`${tracker.title} `) ? [...own] : []))),
  }));
  const all = [...new Set(columns.flatMap(({ has }) => [...has]))].sort();
  const rows = all.filter((row) => columns.some(({ has }) => !has.has(row)));
  const cell = (row: string, { kind, has }: (typeof columns)[number]) => {
    if (has.has(row)) return 'yes';
    const [, why] = Object.entries(lacks[kind] ?? {}).find(([name]) => row.endsWith(` ${name}`)) ?? [];
    return `no: ${why ?? 'not shown'}`;
  };
  return [
    `| a tracker | ${columns.map(({ title }) => title).join(' | ')} |`,
    `| --- | ${columns.map(() => '---').join(' | ')} |`,
    ...rows.map((row) => `| ${row} | ${columns.map((column) => cell(row, column)).join(' | ')} |`),
  ].join('\n');
}

export function readTable(): string {
  const text = readFileSync(file, 'utf8');
  return text.slice(text.indexOf(begin) + begin.length, text.indexOf(end)).trim();
}

/** Writes the table between its marks. */
export function writeTable(table: string): void {
  const text = readFileSync(file, 'utf8');
  const head = text.slice(0, text.indexOf(begin) + begin.length);
  writeFileSync(file, `${head}\n${table}\n${text.slice(text.indexOf(end))}`);
}
