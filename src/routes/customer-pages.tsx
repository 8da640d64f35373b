import type { Context } from 'hono';
import { maskCase, maskCustomer, maskResponse } from '#domain/json/mask.ts';
import type { CustomerDetail } from '#domain/json/people-json.ts';
import { CustomerPage } from '../views/customer-page.tsx';
import { MessagePage } from '../views/message-page.tsx';
import { seesCustomers, type Visit } from '../views/visit.ts';
import { type AppContext, unwrap, type WorkspaceCalls } from './context.ts';
import { type Answer, type FormAnswer, idOf, NotHere, valueOrNull } from './page.tsx';

/** One customer's page. The address names a number, never a person. */
export const showCustomer: Answer = async (c, visit, workspace) => {
  const customer = await findCustomer(c, workspace);
  if (!customer) return c.html(<NotHere visit={visit} what="customer" />, 404);
  const ledger = seesCustomers(visit) ? unwrap(await workspace.ledger(customer.key)) : null;
  return c.html(<CustomerPage visit={visit} customer={seenBy(visit, customer)} ledger={ledger} />);
};

export const exportCustomer = forThose(['admin', 'manager'], async (c, _visit, workspace, { key }) => {
  const everything = unwrap(await workspace.exportPerson(key));
  return c.body(JSON.stringify(everything, null, 2), 200, {
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': 'attachment; filename="personal-data.json"',
  });
});

export const mailCustomerAgain = forThose(
  ['admin', 'manager'],
  async (c, visit, workspace, { id, key }, field) => {
    unwrap(await workspace.mailAgain(key, { reason: field('reason'), who: visit.person }));
    return c.redirect(`/w/${visit.workspace}/customers/${id}`, 303);
  },
);

export const eraseCustomer = forThose(['admin'], async (c, visit, workspace, { key }, field) => {
  if (field('confirm') !== 'erase')
    return c.html(
      <MessagePage title="Nothing was erased">Write “erase” into the field to confirm it.</MessagePage>,
      422,
    );
  const erased = unwrap(await workspace.erasePerson(key, visit.person));
  return c.html(
    <MessagePage title="The person is erased">
      <p>
        {erased.responses} responses, {erased.cases} cases and {erased.mails} mails hold nothing personal of
        this person any more.
      </p>
      <p>
        <a href={`/w/${visit.workspace}/customers`}>Customers</a>
      </p>
    </MessagePage>,
  );
});

type Act = (
  c: Context<AppContext>,
  visit: Visit,
  workspace: WorkspaceCalls,
  customer: CustomerDetail,
  field: (name: string) => string,
) => Promise<Response>;

/** A form posted by somebody with such an access. */
function forThose(access: Visit['access'][], act: Act): FormAnswer {
  return async (c, visit, workspace, field) => {
    const customer = await findCustomer(c, workspace);
    if (!customer || !access.includes(visit.access))
      return c.html(<NotHere visit={visit} what="customer" />, 404);
    return act(c, visit, workspace, customer, field);
  };
}

async function findCustomer(
  c: Context<AppContext>,
  workspace: WorkspaceCalls,
): Promise<CustomerDetail | null> {
  const id = Number(idOf(c));
  return Number.isSafeInteger(id) ? valueOrNull(await workspace.customer(id)) : null;
}

function seenBy(visit: Visit, customer: CustomerDetail): CustomerDetail {
  if (seesCustomers(visit, ...customer.cases)) return customer;
  return {
    ...customer,
    ...maskCustomer(customer),
    responses: customer.responses.map(maskResponse),
    cases: customer.cases.map(maskCase),
  };
}
