import type { Context } from 'hono';
import { renderErrorPage } from '../views/message-page.tsx';
import type { Visit } from '../views/visit.ts';
import type { Result } from '../workspace/result.ts';
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
  c: Context<HonoEnvironment>,
  visit: Visit,
) => Promise<Result<{ id: string }>>;

/** A form of ours that changes a case. It leads to the page of the case that it returns, which tells what was done. */
export const caseForm =
  (change: Change): FormHandler =>
  async (c, visit, workspace, field) => {
    const { id } = unwrap(await change(workspace, idOf(c), field, c, visit));
    const done = c.req.path.split('/').at(-1) ?? '';
    return c.redirect(`/w/${visit.workspace}/cases/${id}?${new URLSearchParams({ done })}`, 303);
  };

/** The path's `:id`. */
export const idOf = (c: Context<HonoEnvironment>): string => c.req.param('id') ?? '';

/** One answer for every link that leads nowhere, so that none shows what exists. */
export const answerDeadLink = (c: Context<HonoEnvironment>) =>
  c.html(
    renderErrorPage(
      'This link does not work',
      'It may be cut off, expired or revoked. Open it from the mail again, or reply to that mail: it reaches a person.',
    ),
    404,
  );
