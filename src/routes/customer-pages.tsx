import type { Context } from 'hono';
import type { CustomerDetailsJson } from '#domain/json/people-json.ts';
import { CustomerPage } from '../views/customer-page.tsx';
import { MessagePage } from '../views/message-page.tsx';
import { maySeeCustomers } from '../views/visit.ts';
import { type FormHandler, idOf, MissingThingPage, type PageHandler, unwrapOrNull } from './page.tsx';
import { type HonoEnvironment, unwrap, type WorkspaceCalls } from './workspace-access.ts';

/** One customer's page. The address names a number, never a person. */
export const showCustomer: PageHandler = async (c, visit, workspace) => {
  const customer = await findCustomer(c, workspace);
  if (!customer) return c.html(<MissingThingPage visit={visit} what="customer" />, 404);
  const ledger = maySeeCustomers(visit) ? unwrap(await workspace.ledger(customer.key)) : null;
  return c.html(<CustomerPage visit={visit} customer={customer} ledger={ledger} />);
};

export const exportCustomer: FormHandler = async (c, visit, workspace) => {
  const customer = await findCustomer(c, workspace);
  if (!customer) return c.html(<MissingThingPage visit={visit} what="customer" />, 404);
  const everything = unwrap(await workspace.exportPerson(customer.key));
  return c.body(JSON.stringify(everything, null, 2), 200, {
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': 'attachment; filename="personal-data.json"',
  });
};

export const allowCustomerMail: FormHandler = async (c, visit, workspace, field) => {
  const customer = await findCustomer(c, workspace);
  if (!customer) return c.html(<MissingThingPage visit={visit} what="customer" />, 404);
  unwrap(await workspace.mailAgain(customer.key, { reason: field('reason'), who: visit.person }));
  return c.redirect(`/w/${visit.workspace}/customers/${customer.id}`, 303);
};

export const eraseCustomer: FormHandler = async (c, visit, workspace, field) => {
  if (field('confirm') !== 'erase')
    return c.html(
      <MessagePage title="Nothing was erased">Write “erase” into the field to confirm it.</MessagePage>,
      422,
    );
  const customer = await findCustomer(c, workspace);
  if (!customer) return c.html(<MissingThingPage visit={visit} what="customer" />, 404);
  const erased = unwrap(await workspace.erasePerson(customer.key, visit.person));
  return c.html(
    <MessagePage title="The person is erased">
      <p>
        {erased.responses} responses, {erased.cases} cases and {erased.mails} mails hold no personal data of this person
        any more.
      </p>
      <p>
        <a href={`/w/${visit.workspace}/customers`}>Customers</a>
      </p>
    </MessagePage>,
  );
};

async function findCustomer(
  c: Context<HonoEnvironment>,
  workspace: WorkspaceCalls,
): Promise<CustomerDetailsJson | null> {
  const id = Number(idOf(c));
  return Number.isSafeInteger(id) ? unwrapOrNull(await workspace.customer(id)) : null;
}
