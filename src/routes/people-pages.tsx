import { PeoplePage } from '../views/people-page.tsx';
import { unwrap } from './context.ts';
import { type Answer, backToCase, type FormAnswer, idOf } from './page.tsx';

export const showPeople: Answer = async (c, visit, workspace) =>
  c.html(<PeoplePage visit={visit} people={unwrap(await workspace.people())} />);

export const mailPersonAgain: FormAnswer = async (c, visit, workspace, field) => {
  const input = { reason: field('reason'), who: visit.person };
  unwrap(await workspace.mailAgain(c.req.param('person') ?? '', input));
  return c.redirect(`/w/${visit.workspace}/people`, 303);
};

export const tickPlan: FormAnswer = async (c, visit, workspace, field) => {
  const input = { position: Number(field('position')), done: field('done') === 'yes', who: visit.person };
  return backToCase(c, visit, unwrap(await workspace.tickPlan(idOf(c), input)));
};

export const acknowledgeCase: FormAnswer = async (c, visit, workspace) =>
  backToCase(c, visit, unwrap(await workspace.acknowledge(idOf(c), visit.person, 'on the case page')));

export const markContacted: FormAnswer = async (c, visit, workspace, field) => {
  const how = field('how').slice(0, 200) || 'no details';
  return backToCase(c, visit, unwrap(await workspace.markContacted(idOf(c), visit.person, how)));
};

export const inviteContributor: FormAnswer = async (c, visit, workspace, field) => {
  const input = { name: field('name'), email: field('email'), who: visit.person };
  return backToCase(c, visit, unwrap(await workspace.invite(idOf(c), input)));
};

export const withdrawInvitation: FormAnswer = async (c, visit, workspace, field) => {
  const input = { id: field('invitation'), who: visit.person };
  return backToCase(c, visit, unwrap(await workspace.revokeInvitation(idOf(c), input)));
};
