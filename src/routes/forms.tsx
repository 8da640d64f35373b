import type { Context } from 'hono';
import { MessagePage } from '../views/message-page.tsx';
import type { Visit } from '../views/visit.ts';
import type { AppContext, WorkspaceCalls } from './context.ts';
import { isOwnForm, signedIn } from './pages.tsx';

type Act = (
  c: Context<AppContext>,
  visit: Visit,
  workspace: WorkspaceCalls,
  field: (name: string) => string,
) => Promise<Response>;

/** A form of ours, posted by somebody who is signed in. Only our own pages may change anything. */
export const posted = (act: Act) =>
  signedIn(async (c, visit, workspace) => {
    if (!isOwnForm(c))
      return c.html(<MessagePage title="Nothing was done">That came from another site.</MessagePage>, 403);
    const form = await c.req.parseBody();
    return act(c, visit, workspace, (name) => {
      const value = form[name];
      return typeof value === 'string' ? value.trim() : '';
    });
  });

export const backToCase = (c: Context<AppContext>, visit: Visit, { id }: { id: string }) =>
  c.redirect(`/w/${visit.workspace}/cases/${id}`, 303);
