import { unwrap } from './context.ts';
import { backToCase, type FormAnswer, idOf } from './page.tsx';

export const writeMessage: FormAnswer = async (c, visit, workspace, field) => {
  const message = { subject: field('subject'), text: field('text'), who: visit.person };
  return backToCase(c, visit, unwrap(await workspace.writeToCustomer(idOf(c), message)));
};
