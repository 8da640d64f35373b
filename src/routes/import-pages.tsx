import { readCsv } from '#domain/base/csv.ts';
import { InvalidInputError } from '#domain/base/errors.ts';
import type { FileCheck } from '#domain/json/intake-json.ts';
import { takenLists } from '#domain/reports/reported.ts';
import type { WorkspaceCalls } from '../calls.ts';
import { ImportsPage } from '../views/settings-page.tsx';
import type { PageHandler } from './page.tsx';
import { readForm } from './read-body.ts';

export const showImports: PageHandler = async (c, visit, workspace) =>
  c.html(<ImportsPage visit={visit} sources={await workspace.sources()} />);

type Take = (
  workspace: WorkspaceCalls,
  file: Uint8Array<ArrayBuffer>,
  form: ReadonlyMap<string, string | File>,
) => Promise<string | FileCheck>;

const uploading =
  (take: Take): PageHandler =>
  async (c, visit, workspace) => {
    const form = await readForm(c);
    const file = form.get('file');
    const sources = await workspace.sources();
    try {
      if (!(file instanceof File) || file.size === 0)
        throw new InvalidInputError('file: is missing', [{ field: 'file', message: 'choose a file first' }]);
      const taken = await take(workspace, new Uint8Array(await file.arrayBuffer()), form);
      if (typeof taken === 'string') return c.redirect(`/w/${visit.workspace}/${taken}`, 303);
      return c.html(<ImportsPage {...{ visit, sources }} check={taken} />);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      return c.html(<ImportsPage {...{ visit, sources }} problems={error.problems} />, 422);
    }
  };

export const uploadCustomerList = uploading(
  async (workspace, file) => `customers?listed=${(await workspace.putCustomers(file)).customers}`,
);

/** Takes a list that another tool or a person reports. */
export const uploadReported = uploading(async (workspace, file, form) => {
  const list = takenLists.find((name) => name === form.get('list')) ?? 'surveys';
  return `settings/imports?taken=${(await workspace.takeReported(list, { rows: readCsv(file) })).taken}`;
});

export const checkUploadedFile = uploading((workspace, body, form) =>
  workspace.checkFile(String(form.get('source')), { body, contentType: 'text/csv' }),
);
