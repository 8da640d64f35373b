import { expect, it } from 'vitest';
import { WorkspaceFileSchema } from '#src/wiring.ts';
import { readDraftTemplate } from '#src/workspace/queries/settings.ts';
import { readSettings } from '#src/workspace/settings/read-settings.ts';
import { addTemplateToWorkspaceFile, changeWorkspaceFile } from '#src/workspace/settings/read-yaml.ts';
import { acmeFiles } from '#test/domain/samples.ts';

const read = (files: ReturnType<typeof acmeFiles>, version: number) =>
  readSettings(files, version, WorkspaceFileSchema);
const draft = `name: A new idea
kind: tactical
state: draft
when: { source: upgrade-survey, all: [{ question: ease, <=: 2 }] }
category: Installation issues
tracker: support
team: upgrade-response
`;

it('a draft is tried before the workspace file lists it', () => {
  const { template, settings } = readDraftTemplate(acmeFiles(), 'new-idea', draft, read);
  expect(template).toMatchObject({ name: 'A new idea', state: 'draft' });
  expect([...settings.templates.keys()]).toEqual([
    'upgrade-not-installed',
    'upgrade-hard-to-install',
    'product-wish',
    'new-idea',
  ]);
});

it('a draft with a mistake is refused with its file and line', () => {
  expect(() => readDraftTemplate(acmeFiles(), 'new-idea', draft.replace('support', 'suport'), read)).toThrow(
    'new-idea: tracker (line 6): is not under trackers of the workspace file: suport; did you mean support?',
  );
});

it('a workspace file that lists it already stays as it is', () => {
  const files = acmeFiles();
  expect(addTemplateToWorkspaceFile(files, 'product-wish')).toEqual(files);
});

it('a changed setting leaves comments, order and all other settings of the file as they are', () => {
  const files = acmeFiles();
  const textOf = (all: typeof files) => all.find(({ kind }) => kind === 'workspace')?.text ?? '';
  const path = ['people', 'dana', 'email'];
  const changed = changeWorkspaceFile(files, [{ path, value: 'dana@new.example' }]);
  expect(read(changed, 1).workspace.people.dana?.email).toBe('dana@new.example');
  const comments = (text: string) => text.split('\n').filter((line) => line.trim().startsWith('#'));
  expect(comments(textOf(changed))).toEqual(comments(textOf(files)));
  expect(Object.keys(read(changed, 1).workspace)).toEqual(Object.keys(read(files, 1).workspace));
  const back = changeWorkspaceFile(changed, [{ path, value: 'dana@acme.example' }]);
  expect(read(back, 1)).toEqual(read(files, 1));
  const without = changeWorkspaceFile(files, [{ path: ['people', 'dana', 'email'], value: null }]);
  expect(() => read(without, 1)).toThrow('people.dana.email');
});
