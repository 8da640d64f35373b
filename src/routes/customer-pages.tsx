import { InvalidInputError } from '#domain/base/errors.ts';
import { CustomerPage } from '../views/customer-page.tsx';
import { WorkspacePage } from '../views/layout.tsx';
import { maySeeCustomers } from '../views/visit.ts';
import { type FormHandler, idOf, type PageHandler } from './page.tsx';
import { unwrap } from './workspace-access.ts';

/** One customer's page. The address names a number, never a person. */
export const showCustomer: PageHandler = async (c, visit, workspace) => {
  const customer = unwrap(await workspace.customer(Number(idOf(c))));
  const ledger = maySeeCustomers(visit) ? unwrap(await workspace.ledger(customer.key)) : null;
  return c.html(<CustomerPage visit={visit} customer={customer} ledger={ledger} />);
};

export const exportCustomer: FormHandler = async (c, _, workspace) => {
  const customer = unwrap(await workspace.customer(Number(idOf(c))));
  const everything = unwrap(await workspace.exportPerson(customer.key));
  return c.body(JSON.stringify(everything, null, 2), 200, {
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': 'attachment; filename="personal-data.json"',
  });
};

export const allowCustomerMail: FormHandler = async (c, visit, workspace, field) => {
  const customer = unwrap(await workspace.customer(Number(idOf(c))));
  unwrap(await workspace.mailAgain(customer.key, { reason: field('reason'), who: visit.person }));
  return c.redirect(`/w/${visit.workspace}/customers/${customer.id}`, 303);
};

export const eraseCustomer: FormHandler = async (c, visit, workspace, field) => {
  if (field('confirm') !== 'erase') throw new InvalidInputError('confirm: write “erase” to erase the person');
  const customer = unwrap(await workspace.customer(Number(idOf(c))));
  const erased = unwrap(await workspace.erasePerson(customer.key, visit.person));
  return c.html(
    <WorkspacePage visit={visit} title="The person is erased" tab="Customers">
      <p>
        {erased.responses} responses, {erased.cases} cases and {erased.mails} mails hold no personal data of this person
        any more.
      </p>
    </WorkspacePage>,
  );
};
