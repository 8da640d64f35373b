import type { TrackerReport } from '#domain/integrations/tracker-state.ts';
import { SettingsPage } from '../views/settings-page.tsx';
import type { Visit } from '../views/visit.ts';
import { unwrap, type WorkspaceCalls } from './context.ts';
import type { Answer } from './page.tsx';

/** The state of the trackers, and who changed the settings. */
export const showSettings: Answer = async (c, visit, workspace) => c.html(await settingsPage(visit, workspace, null));

/** The same with what is wrong with the trackers' set-up. */
export const checkTrackers: Answer = async (c, visit, workspace) =>
  c.html(await settingsPage(visit, workspace, unwrap(await workspace.check())));

async function settingsPage(visit: Visit, workspace: WorkspaceCalls, reports: TrackerReport[] | null) {
  const states = unwrap(await workspace.trackerStates());
  const versions = unwrap(await workspace.versions(null));
  return <SettingsPage visit={visit} states={states} versions={versions} reports={reports} />;
}
