import { Hono } from 'hono';
import { SettingsPage } from '../views/settings-page.tsx';
import { type AppContext, unwrap } from './context.ts';
import { signedIn } from './pages.tsx';

/** How the trackers stand, what is wrong with their set-up, and who changed the settings. */
export const settingsPages = new Hono<AppContext>()
  .get(
    '/w/:workspace/settings',
    signedIn(async (c, visit, workspace) => {
      const states = unwrap(await workspace.trackerStates());
      const versions = unwrap(await workspace.versions(null));
      return c.html(<SettingsPage visit={visit} states={states} versions={versions} reports={null} />);
    }),
  )
  .post(
    '/w/:workspace/settings/check',
    signedIn(async (c, visit, workspace) => {
      const reports = unwrap(await workspace.check());
      const states = unwrap(await workspace.trackerStates());
      const versions = unwrap(await workspace.versions(null));
      return c.html(<SettingsPage visit={visit} states={states} versions={versions} reports={reports} />);
    }),
  );
