import { AppError } from '#domain/base/errors.ts';
import { seesCustomers } from '../views/visit.ts';
import { unwrap } from './context.ts';
import { backToCase, type FormAnswer, idOf } from './page.tsx';

/** Those who may see who the customer is may write to them. */
export const writeMessage: FormAnswer = async (c, visit, workspace, field) => {
  const caseJson = unwrap(await workspace.case(idOf(c)));
  if (!seesCustomers(visit, caseJson)) throw new AppError('not-found', 'There is no such case.');
  const message = { subject: field('subject'), text: field('text'), who: visit.person };
  return backToCase(c, visit, unwrap(await workspace.writeToCustomer(caseJson.id, message)));
};
