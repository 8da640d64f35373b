import { Hono } from 'hono';
import { PeoplePage } from '../views/people-page.tsx';
import { type AppContext, unwrap } from './context.ts';
import { backToCase, posted } from './forms.tsx';
import { signedIn } from './pages.tsx';

/** The page of everybody, and the forms of a case's people, plan and ladder. */
export const peoplePages = new Hono<AppContext>()
  .get(
    '/w/:workspace/people',
    signedIn(async (c, visit, workspace) =>
      c.html(<PeoplePage visit={visit} people={unwrap(await workspace.people())} />),
    ),
  )
  .post(
    '/w/:workspace/people/:person/mail-again',
    posted(async (c, visit, workspace, field) => {
      const input = { reason: field('reason'), who: visit.person };
      unwrap(await workspace.mailAgain(c.req.param('person') ?? '', input));
      return c.redirect(`/w/${visit.workspace}/people`, 303);
    }),
  )
  .post(
    '/w/:workspace/cases/:id/plan',
    posted(async (c, visit, workspace, field) => {
      const input = { position: Number(field('position')), done: field('done') === 'yes', who: visit.person };
      return backToCase(c, visit, unwrap(await workspace.tickPlan(c.req.param('id') ?? '', input)));
    }),
  )
  .post(
    '/w/:workspace/cases/:id/acknowledge',
    posted(async (c, visit, workspace) => {
      const id = c.req.param('id') ?? '';
      return backToCase(c, visit, unwrap(await workspace.acknowledge(id, visit.person, 'on the case page')));
    }),
  )
  .post(
    '/w/:workspace/cases/:id/contacted',
    posted(async (c, visit, workspace, field) => {
      const how = field('how').slice(0, 200) || 'not said how';
      return backToCase(
        c,
        visit,
        unwrap(await workspace.markContacted(c.req.param('id') ?? '', visit.person, how)),
      );
    }),
  )
  .post(
    '/w/:workspace/cases/:id/contributors',
    posted(async (c, visit, workspace, field) => {
      const input = { name: field('name'), email: field('email'), who: visit.person };
      return backToCase(c, visit, unwrap(await workspace.invite(c.req.param('id') ?? '', input)));
    }),
  )
  .post(
    '/w/:workspace/cases/:id/contributors/take-back',
    posted(async (c, visit, workspace, field) => {
      const input = { id: field('invitation'), who: visit.person };
      return backToCase(c, visit, unwrap(await workspace.takeBack(c.req.param('id') ?? '', input)));
    }),
  );
