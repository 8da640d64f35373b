import { expect, it } from 'vitest';
import { WorkspaceFileSchema } from '#src/wiring.ts';
import { readDraftTemplate } from '#src/workspace/queries/settings.ts';
import { readSettings } from '#src/workspace/settings/read-settings.ts';
import { addTemplateToWorkspaceFile } from '#src/workspace/settings/read-yaml.ts';
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
