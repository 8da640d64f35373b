import { AppError } from '#domain/base/errors.ts';
import { actionDefinitions } from '#domain/cases/action.ts';
import { unwrap } from './context.ts';
import { backToCase, type FormAnswer, idOf } from './page.tsx';

/** The forms by which people act on a case; each does what the command of its name does. */
export const actOnCase: FormAnswer = async (c, visit, workspace, field) => {
  const action = actionDefinitions.find(({ name }) => name === c.req.param('action'))?.name;
  if (!action) throw new AppError('not-found', 'There is no such action.');
  const person = field('mention');
  const done = await workspace.act(idOf(c), {
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
};
