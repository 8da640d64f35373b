import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#src/cli/workspace-files.ts';
import { equivalents } from './equivalents.ts';

/*
 * Writes what the last run of `npm run mutate` found, a line for each file of src/domain, into docs/architecture/mutants.md;
 * lines of other files stay. With part of a file's name it prints the mutants that nothing killed instead.
 */

type Position = { line: number; column: number };
type Mutant = { status: string; replacement?: string; location: { start: Position; end: Position } };
type File = { source: string; mutants: Mutant[] };

const report = join(projectRoot, '.caselite', 'mutants', 'incremental.json');
const { files } = JSON.parse(readFileSync(report, 'utf8')) as { files: Record<string, File> };

function readOriginal({ source }: File, { location: { start, end } }: Mutant): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines.push(lines.pop()?.slice(0, end.column - 1) ?? '');
  return lines.join('\n').slice(start.column - 1);
}

function isEquivalent(name: string, file: File, mutant: Mutant): boolean {
  const original = readOriginal(file, mutant);
  return equivalents[name]?.some(([from, to]) => from === original && to === mutant.replacement) ?? false;
}

const wanted = process.argv[2];
const rows = new Map<string, number[]>();
const path = join(projectRoot, 'docs', 'architecture', 'mutants.md');
const text = readFileSync(path, 'utf8');
for (const [, name = '', ...counts] of text.matchAll(
  /^\| (\S+\.ts) \| \d+ % \| (\d+) \| (\d+) \| (\d+) \|(?: (\d+) \|)?$/gm,
))
  rows.set(
    name,
    counts.map((count) => Number(count ?? 0)),
  );

for (const [path, file] of Object.entries(files)) {
  const name = path.replace('src/domain/', '');
  const equal = file.mutants.filter((mutant) => mutant.status === 'Survived' && isEquivalent(name, file, mutant));
  const others = file.mutants.filter((mutant) => !equal.includes(mutant));
  const count = (...statuses: string[]) => others.filter(({ status }) => statuses.includes(status)).length;
  rows.set(name, [count('Killed', 'Timeout'), count('Survived'), count('NoCoverage'), equal.length]);
  if (wanted === undefined || !name.includes(wanted)) continue;
  for (const mutant of others)
    if (['Survived', 'NoCoverage'].includes(mutant.status))
      console.log(
        `${name}:${mutant.location.start.line} ${mutant.status}`,
        JSON.stringify([readOriginal(file, mutant), mutant.replacement]),
      );
}

const sums = [0, 1, 2, 3].map((column) => rows.values().reduce((sum, counts) => sum + (counts[column] ?? 0), 0));
const line = (name: string, counts: number[]) => {
  const [killed = 0, survived = 0, unmet = 0] = counts;
  const all = killed + survived + unmet;
  return all === 0 ? [] : [`| ${name} | ${((100 * killed) / all).toFixed(0)} % | ${counts.join(' | ')} |`];
};
const table = [
  '| file | killed | mutants killed | survived | met by no test | equal to the original |',
  '| --- | --- | --- | --- | --- | --- |',
  ...line('**all**', sums),
  ...[...rows].toSorted(([a], [b]) => a.localeCompare(b)).flatMap(([name, counts]) => line(name, counts)),
];
if (wanted === undefined) writeFileSync(path, text.replace(/\| file \|[\s\S]*$/, `${table.join('\n')}\n`));
