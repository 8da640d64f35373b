import type { TrackerSetUpReport } from '#domain/integrations/tracker-state.ts';
import { SettingsPage } from '../views/settings-page.tsx';
import type { Visit } from '../views/visit.ts';
import type { PageHandler } from './page.tsx';
import { unwrap, type WorkspaceCalls } from './workspace-access.ts';

/** The state of the trackers, and who changed the settings. */
export const showSettings: PageHandler = async (c, visit, workspace) =>
  c.html(await renderSettingsPage(visit, workspace, null));

/** The same with what is wrong with the trackers' set-up. */
export const showTrackerSetUpCheck: PageHandler = async (c, visit, workspace) =>
  c.html(await renderSettingsPage(visit, workspace, unwrap(await workspace.check())));

async function renderSettingsPage(visit: Visit, workspace: WorkspaceCalls, reports: TrackerSetUpReport[] | null) {
  const states = unwrap(await workspace.trackerStates());
  const versions = unwrap(await workspace.versions(null));
  return <SettingsPage visit={visit} states={states} versions={versions} reports={reports} />;
}
