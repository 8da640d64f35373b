import type { Context } from 'hono';
import { MessagePage } from '../views/message-page.tsx';
import type { Visit } from '../views/visit.ts';
import type { Result } from '../workspace/workspace.ts';
import { type HonoEnvironment, unwrap, type WorkspaceCalls } from './workspace-access.ts';

/** Answers somebody who is signed in. */
export type PageHandler = (
  c: Context<HonoEnvironment>,
  visit: Visit,
  workspace: WorkspaceCalls,
) => Response | Promise<Response>;

/** Answers a form of ours. `field` reads one of its texts. */
export type FormHandler = (
  c: Context<HonoEnvironment>,
  visit: Visit,
  workspace: WorkspaceCalls,
  field: Field,
) => Response | Promise<Response>;

type Field = (name: string) => string;
type Change = (
  workspace: WorkspaceCalls,
  id: string,
  field: Field,
  who: string,
  c: Context<HonoEnvironment>,
  visit: Visit,
) => Promise<Result<{ id: string }>>;

/** A form of ours that changes a case, and leads to the page of the case that it returns. */
export const caseForm =
  (change: Change): FormHandler =>
  async (c, visit, workspace, field) => {
    const { id } = unwrap(await change(workspace, idOf(c), field, visit.person, c, visit));
    return c.redirect(`/w/${visit.workspace}/cases/${id}`, 303);
  };

/** The path's `:id`. */
export const idOf = (c: Context<HonoEnvironment>): string => c.req.param('id') ?? '';

/** The value, or null where the workspace has no such thing. */
export function unwrapOrNull<Value>(result: Result<Value>): Value | null {
  return !result.ok && result.code === 'not-found' ? null : unwrap(result);
}

export function MissingThingPage({ visit, what }: { visit: Visit; what: string }) {
  return (
    <MessagePage title={`No such ${what}`}>
      <p>
        There is no {what} at this address. <a href={`/w/${visit.workspace}`}>All cases</a>
      </p>
    </MessagePage>
  );
}

export const answerUnknownPage: PageHandler = (c, visit) => c.html(<MissingThingPage visit={visit} what="page" />, 404);
