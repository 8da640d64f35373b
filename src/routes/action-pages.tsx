import { AppError } from '#domain/base/errors.ts';
import { actionDefinitions } from '#domain/cases/action.ts';
import { caseForm } from './page.tsx';

/** The forms by which people act on a case; each does what the command of its name does. */
export const actOnCase = caseForm((workspace, id, field, who, c) => {
  const action = actionDefinitions.find(({ name }) => name === c.req.param('action'))?.name;
  if (!action) throw new AppError('not-found', 'There is no such action.');
  const person = field('mention');
  return workspace.act(id, {
    action,
    value: field('value'),
    because: field('because') || null,
    rootCause: field('root-cause') || null,
    whatChanged: field('what-changed') || null,
    mention: person ? [person] : [],
    who,
    once: field('once') || null,
  });
});
