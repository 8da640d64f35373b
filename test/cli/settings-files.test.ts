import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { projectRoot, readNamedFile, readWorkspaceFiles } from '#src/cli/workspace-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'caselite-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
const acme = readFileSync(join(projectRoot, 'templates', 'workspaces', 'acme.yaml'), 'utf8');

/** Reads a workspace file of a folder of its own. @param beside puts something else there */
function read(name: string, text: string | Uint8Array, beside: (cases: string) => void = () => {}) {
  const path = join(folder, name, 'acme.yaml');
  mkdirSync(join(folder, name, 'cases'), { recursive: true });
  writeFileSync(path, text);
  beside(join(folder, name, 'cases', 'x.yaml'));
  return readWorkspaceFiles(path);
}

it('a workspace file may begin with a byte order mark, and have lines of Windows', () => {
  expect(read('windows', `\ufeff${acme.replaceAll('\n', '\r\n')}`).workspace.workspace).toBe('acme');
});

it.each<[string, string | Uint8Array, string]>([
  ['utf-16', Buffer.from(`\ufeff${acme}`, 'utf16le'), 'is not UTF-8 text; save it as UTF-8'],
  ['utf-16-without-mark', Buffer.from(acme, 'utf16le'), 'is not UTF-8 text; save it as UTF-8'],
  ['latin-1', Buffer.from(acme.replace('Dana', 'Däna'), 'latin1'), 'is not UTF-8 text; save it as UTF-8'],
  ['two-documents', `${acme}---\n${acme}`, 'begins a second document after ---'],
  ['a-long-text', `${acme}# ${'x'.repeat(1024 * 1024)}`, 'have more than 1 MiB of text in all'],
])('a workspace file as %s is refused with the remedy', (name, text, problem) => {
  expect(() => read(name, text)).toThrow(problem);
});

it.each<[string, (path: string) => void]>([
  ['a-folder', mkdirSync],
  ['a-pipe', (path) => execFileSync('mkfifo', [path])],
  ['a-link-to-nothing', (path) => symlinkSync('/nowhere', path)],
])('%s in place of a template is named, and nothing waits for it', (name, make) => {
  expect(() => read(name, acme, make)).toThrow(join(name, 'cases', 'x.yaml'));
});

it('a folder in place of a file is named', () => {
  expect(() => readNamedFile(folder)).toThrow(`${folder} is a folder, and a file is wanted.`);
});
