import { readCsv } from '#domain/base/csv.ts';
import { InvalidInputError } from '#domain/base/errors.ts';
import { ImportsPage, TrackersPage, VersionsPage } from '../views/settings-page.tsx';
import type { PageHandler } from './page.tsx';
import { unwrap } from './workspace-access.ts';

export const showTrackers: PageHandler = async (c, visit, workspace) =>
  c.html(<TrackersPage visit={visit} states={unwrap(await workspace.trackerStates())} reports={null} />);

/** The trackers with the problems of their set-up. */
export const showTrackerSetUpCheck: PageHandler = async (c, visit, workspace) => {
  const reports = unwrap(await workspace.check());
  return c.html(<TrackersPage visit={visit} states={unwrap(await workspace.trackerStates())} reports={reports} />);
};

export const showVersions: PageHandler = async (c, visit, workspace) =>
  c.html(<VersionsPage visit={visit} versions={unwrap(await workspace.versions(null))} />);

export const showImports: PageHandler = async (c, visit, workspace) =>
  c.html(<ImportsPage visit={visit} sources={unwrap(await workspace.sources())} problems={[]} />);

export const uploadCustomerList: PageHandler = async (c, visit, workspace) => {
  const file = (await c.req.formData()).get('file');
  try {
    if (!(file instanceof File) || file.size === 0)
      throw new InvalidInputError('file: is missing', [{ field: 'file', message: 'choose a file first' }]);
    const rows = readCsv(new Uint8Array(await file.arrayBuffer()));
    const { customers } = unwrap(await workspace.putCustomers(rows));
    return c.redirect(`/w/${visit.workspace}/customers?listed=${customers}`, 303);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const sources = unwrap(await workspace.sources());
    return c.html(<ImportsPage visit={visit} sources={sources} problems={error.problems} />, 422);
  }
};
