import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#src/cli/workspace-files.ts';

/* Writes what the last run of `npm run mutate` found, a line for each file of src/domain, into docs/architecture/mutants.md. */

type Mutant = { status: string };

const report = join(projectRoot, '.caselite', 'mutants', 'incremental.json');
const { files } = JSON.parse(readFileSync(report, 'utf8')) as { files: Record<string, { mutants: Mutant[] }> };

const count = (mutants: Mutant[], ...statuses: string[]) =>
  mutants.filter(({ status }) => statuses.includes(status)).length;

function line(name: string, mutants: Mutant[]): string[] {
  const killed = count(mutants, 'Killed', 'Timeout');
  const survived = count(mutants, 'Survived');
  const unmet = count(mutants, 'NoCoverage');
  const all = killed + survived + unmet;
  const share = (100 * killed) / all;
  return all === 0 ? [] : [`| ${name} | ${share.toFixed(0)} % | ${killed} | ${survived} | ${unmet} |`];
}

const rows = Object.entries(files)
  .toSorted(([a], [b]) => a.localeCompare(b))
  .flatMap(([name, { mutants }]) => line(name.replace('src/domain/', ''), mutants));
const total = line(
  '**all**',
  Object.values(files).flatMap(({ mutants }) => mutants),
);
const path = join(projectRoot, 'docs', 'architecture', 'mutants.md');
const table = [
  '| file | killed | mutants killed | survived | met by no test of `test/domain` |',
  '| --- | --- | --- | --- | --- |',
];
const text = readFileSync(path, 'utf8').replace(/\| file \|[\s\S]*$/, `${[...table, ...total, ...rows].join('\n')}\n`);
writeFileSync(path, text);
