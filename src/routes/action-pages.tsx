import { Hono } from 'hono';
import { AppError } from '#domain/base/errors.ts';
import { actionDefinitions } from '#domain/cases/action.ts';
import { type AppContext, unwrap } from './context.ts';
import { backToCase, posted } from './forms.tsx';

/** The forms by which people act on a case; each does what the command of its name does. */
export const actionPages = new Hono<AppContext>().post(
  '/w/:workspace/cases/:id/actions/:action',
  posted(async (c, visit, workspace, field) => {
    const action = actionDefinitions.find(({ name }) => name === c.req.param('action'))?.name;
    if (!action) throw new AppError('not-found', 'There is no such action.');
    const person = field('mention');
    const done = await workspace.act(c.req.param('id') ?? '', {
      action,
      value: field('value'),
      because: field('because') || null,
      rootCause: field('root-cause') || null,
      whatChanged: field('what-changed') || null,
      mention: person ? [person] : [],
      who: visit.person,
      once: field('once') || null,
    });
    return backToCase(c, visit, unwrap(done));
  }),
);
