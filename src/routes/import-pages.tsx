import { readCsv } from '#domain/base/csv.ts';
import { InvalidInputError } from '#domain/base/errors.ts';
import { takenLists } from '#domain/reports/reported.ts';
import { ImportsPage } from '../views/settings-page.tsx';
import type { PageHandler } from './page.tsx';
import { readForm } from './read-body.ts';
import { unwrap, type WorkspaceCalls } from './workspace-access.ts';

export const showImports: PageHandler = async (c, visit, workspace) =>
  c.html(
    <ImportsPage
      visit={visit}
      sources={unwrap(await workspace.sources())}
      problems={[]}
      taken={Number(c.req.query('taken')) || 0}
    />,
  );

/** Takes an uploaded CSV file. The page of imports shows what is wrong with one. */
const uploading =
  (
    take: (workspace: WorkspaceCalls, file: Uint8Array, form: ReadonlyMap<string, string | File>) => Promise<string>,
  ): PageHandler =>
  async (c, visit, workspace) => {
    const form = await readForm(c);
    const file = form.get('file');
    try {
      if (!(file instanceof File) || file.size === 0)
        throw new InvalidInputError('file: is missing', [{ field: 'file', message: 'choose a file first' }]);
      const path = await take(workspace, new Uint8Array(await file.arrayBuffer()), form);
      return c.redirect(`/w/${visit.workspace}/${path}`, 303);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      const sources = unwrap(await workspace.sources());
      return c.html(<ImportsPage visit={visit} sources={sources} problems={error.problems} />, 422);
    }
  };

export const uploadCustomerList = uploading(
  async (workspace, file) => `customers?listed=${unwrap(await workspace.putCustomers(file)).customers}`,
);

/** Takes a list that another tool or a person reports. */
export const uploadReported = uploading(async (workspace, file, form) => {
  const list = takenLists.find((name) => name === form.get('list')) ?? 'surveys';
  return `settings/imports?taken=${unwrap(await workspace.takeReported(list, { rows: readCsv(file) })).taken}`;
});

export const checkUploadedFile: PageHandler = async (c, visit, workspace) => {
  const form = await readForm(c);
  const [file, source] = [form.get('file'), form.get('source')];
  const sources = unwrap(await workspace.sources());
  if (!(file instanceof File) || file.size === 0 || typeof source !== 'string') {
    const problems = [{ field: 'file', message: 'choose a file first' }];
    return c.html(<ImportsPage visit={visit} sources={sources} problems={problems} />, 422);
  }
  const body = new Uint8Array(await file.arrayBuffer());
  const check = unwrap(await workspace.checkFile(source, { body, contentType: 'text/csv' }));
  return c.html(<ImportsPage visit={visit} sources={sources} problems={[]} check={check} />);
};
