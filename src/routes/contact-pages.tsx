import { Hono } from 'hono';
import { AppError } from '#domain/base/errors.ts';
import { seesCustomers } from '../views/visit.ts';
import { type AppContext, unwrap } from './context.ts';
import { backToCase, posted } from './forms.tsx';

/** Those who may see who the customer is may write to them. */
export const contactPages = new Hono<AppContext>().post(
  '/w/:workspace/cases/:id/messages',
  posted(async (c, visit, workspace, field) => {
    const caseJson = unwrap(await workspace.case(c.req.param('id') ?? ''));
    if (!seesCustomers(visit, caseJson)) throw new AppError('not-found', 'There is no such case.');
    const message = { subject: field('subject'), text: field('text'), who: visit.person };
    return backToCase(c, visit, unwrap(await workspace.writeToCustomer(caseJson.id, message)));
  }),
);
