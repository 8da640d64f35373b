import { PeoplePage } from '../views/people-page.tsx';
import { caseForm, type FormHandler, type PageHandler } from './page.tsx';
import { unwrap } from './workspace-access.ts';

export const showPeople: PageHandler = async (c, visit, workspace) =>
  c.html(<PeoplePage visit={visit} people={unwrap(await workspace.people())} />);

export const allowPersonMail: FormHandler = async (c, visit, workspace, field) => {
  const input = { reason: field('reason'), who: visit.person };
  unwrap(await workspace.mailAgain(c.req.param('person') ?? '', input));
  return c.redirect(`/w/${visit.workspace}/people`, 303);
};

export const tickPlanStep = caseForm((workspace, id, field, who) =>
  workspace.tickPlan(id, { position: Number(field('position')), done: field('done') === 'yes', who }),
);

export const acknowledgeCase = caseForm((workspace, id, _, who) => workspace.acknowledge(id, who, 'on the case page'));

export const markContacted = caseForm((workspace, id, field, who) =>
  workspace.markContacted(id, who, field('how').slice(0, 200) || 'no details'),
);

export const inviteContributor = caseForm((workspace, id, field, who) =>
  workspace.invite(id, { name: field('name'), email: field('email'), who }),
);

export const revokeContributor = caseForm((workspace, id, field, who) =>
  workspace.revokeInvitation(id, { id: field('invitation'), who }),
);

export const sendMessageToCustomer = caseForm((workspace, id, field, who) =>
  workspace.writeToCustomer(id, { subject: field('subject'), text: field('text'), who }),
);
