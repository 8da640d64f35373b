import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { promiseDocuments, readPromises } from '#test/proof/promises.ts';
import packageJson from '../package.json' with { type: 'json' };

/* The documents, checked against the project. */

const root = new URL('../', import.meta.url).pathname;
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const listFiles = (folder: string, ending: RegExp) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
const documents = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'adapters/trackers/README.md'].concat(
  listFiles('docs', /\.md$/),
);
const withoutCode = (text: string) => text.replace(/```[\s\S]*?```/g, '');

/** A pattern for the words of a subject; the runbook may name what follows a colon in general. */
const matchStart = (subject: string) => (subject.split(': ')[0] ?? '').replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');

describe('the documents', () => {
  it.each(documents)('%s links only to files and headings that exist', (path) => {
    const links = [...withoutCode(read(path)).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(join(root, target))) return true;
      return (
        anchor !== undefined &&
        ![...read(target).matchAll(/^#+ (.+)$/gm)].some(([, title = '']) => anchorOf(title) === anchor)
      );
    });
    expect(broken).toEqual([]);
  });

  it('are all reached from the README', () => {
    const reached = new Set(['README.md']);
    for (const path of reached)
      for (const [, link = ''] of read(path).matchAll(/\]\((?!https?:)([^)#\s]+\.md)[^)]*\)/g))
        reached.add(join(dirname(path), link));
    expect(documents.filter((path) => !reached.has(path))).toEqual([]);
  });

  it('keep the README short', () => {
    expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(120);
  });
});

describe('the runbook', () => {
  const runbook = read('docs/operations.md');
  const code = listFiles('src', /\.tsx?$/).map(read);

  it('has every mail to the admins, by its subject', () => {
    const subjects = code
      .filter((text) => /\bnotifyAdmins\(core, /.test(text))
      .flatMap((text) => [
        ...text.matchAll(/(?:subject: |\], )(['`])(.+?)\1/g),
        ...text.matchAll(/subject: \w+ \? (['`])(.+?)\1/g),
        ...text.matchAll(/subject: \w+ \? `[^`]+` : (['`])(.+?)\1/g),
      ])
      .map(([, , subject = '']) => subject.replaceAll(/\$\{[^}]*\}/g, '…'));
    expect(subjects.length).toBeGreaterThan(8);
    expect(subjects.filter((subject) => !new RegExp(`\`${matchStart(subject)}`).test(runbook))).toEqual([]);
  });

  it('has every trouble that readiness names', () => {
    const source = `${read('src/workspace/directory.ts')}${read('src/routes/health.ts')}`;
    const troubles = [...source.matchAll(/\[['`]([^'`]* [^'`]+)['`]\]|\? \[?['`]([a-z][^'`]* [^'`]+)['`]\]?/g)].map(
      ([, alone, chosen]) => (alone ?? chosen ?? '').split(/: | for \$/)[0] ?? '',
    );
    expect(troubles).toHaveLength(4);
    expect(troubles.filter((trouble) => !runbook.includes(trouble.replace(/\$\{[^}]*\}/, 'NAME')))).toEqual([]);
  });
});

it.each(promiseDocuments)('prove each promise of %s by tests that exist', (document) => {
  const promises = readPromises(document);
  const numbers = (letter: string, count: number) => Array.from({ length: count }, (_, index) => letter + (index + 1));
  const expected = document === 'SECURITY.md' ? { W: 10, P: 9 } : { D: 7, T: 8, C: 10, L: 5, O: 3 };
  const ids = Object.entries(expected).flatMap(([letter, count]) => numbers(letter, count));
  expect(promises.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  expect(promises.filter(({ tests }) => tests.length === 0)).toEqual([]);
  const quoted = (title: string) => [`'${title}'`, `\`${title}\``, `"${title}"`];
  const missing = promises
    .flatMap(({ tests }) => tests)
    .filter(({ file, title }) => !quoted(title).some((text) => read(file).includes(text)));
  expect(missing).toEqual([]);
});

describe('the commands that the documents name', () => {
  const commands = new Set(
    documents.flatMap((path) =>
      [...read(path).matchAll(/\bnpm (?:run (?:--silent )?)?(?!run\b)([a-z][a-z:-]*)\b|\bnpx (\w+ \w+)/g)].map(
        ([, script, tool]) => script ?? `npx ${tool}`,
      ),
    ),
  );
  const ci = read('.ci/run');
  const ownCommands = ['ci'];

  it('are scripts of the project', () => {
    const scripts = [...commands].filter((name) => !name.startsWith('npx ') && !ownCommands.includes(name));
    expect(scripts.filter((name) => !(name in packageJson.scripts))).toEqual([]);
  });

  it('are run by .ci/run, or listed there with the reason', () => {
    const isRun = (name: string) =>
      new RegExp(`^[^#\\n]*npm (?:run (?:--silent )?)?${name}(?![\\w:-])`, 'm').test(ci) ||
      new RegExp(`^# Not run: (?:.*, )?${name}(?:, .*)?: \\S`, 'm').test(ci);
    expect([...commands].filter((name) => !isRun(name))).toEqual([]);
  });
});

it('explain every error that the log can tell', () => {
  const events = listFiles('src', /\.tsx?$/).flatMap((path) =>
    [...read(path).matchAll(/(?:\.error\(|level: 'error', event: )'([a-z-]+)'/g)].map(([, event = '']) => event),
  );
  const table = read('docs/operations.md').split('## Mails to admins')[0] ?? '';
  const explained = [...table.matchAll(/^\| (`.+?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([a-z-]+)`/g)].map(([, event = '']) => event),
  );
  expect([...new Set(explained)].sort()).toEqual([...new Set(events)].sort());
});
