import { type Context, Hono } from 'hono';
import { InvalidInputError } from '#domain/base/errors.ts';
import {
  StrategicListPage,
  type StrategicShow,
  type StrategicSort,
  strategicShows,
  strategicSorts,
} from '../views/strategic-list.tsx';
import type { Visit } from '../views/visit.ts';
import { type AppContext, unwrap, type WorkspaceCalls } from './context.ts';
import { posted } from './forms.tsx';
import { signedIn } from './pages.tsx';

const mostListed = 500;

type Field = (name: string) => string;
type Change = (workspace: WorkspaceCalls, id: string, field: Field, who: string) => Promise<unknown>;

/** A form on a case's page, which comes back to it. */
const onCase = (change: Change) =>
  posted(async (c: Context<AppContext>, visit: Visit, workspace, field) => {
    const id = c.req.param('id') ?? '';
    await change(workspace, id, field, visit.person);
    return c.redirect(`/w/${visit.workspace}/cases/${id}`, 303);
  });

/** The list of strategic cases, and the forms of one. */
export const strategicPages = new Hono<AppContext>()
  .get(
    '/w/:workspace/strategic',
    signedIn(async (c, visit, workspace) => {
      const { items, atRisk } = unwrap(await workspace.strategicList(mostListed));
      const query = {
        show: oneOf<StrategicShow>(strategicShows, c.req.query('show'), 'open'),
        sort: oneOf<StrategicSort>(strategicSorts, c.req.query('sort'), 'customers'),
        theme: c.req.query('theme') || null,
      };
      return c.html(<StrategicListPage visit={visit} items={items} atRisk={atRisk} query={query} />);
    }),
  )
  .post(
    '/w/:workspace/cases/:id/elevate',
    posted(async (c, visit, workspace, field) => {
      const input = {
        to: field('to'),
        theme: field('theme') || null,
        reason: field('reason'),
        who: visit.person,
      };
      const strategic = unwrap(await workspace.elevate(c.req.param('id') ?? '', input));
      return c.redirect(`/w/${visit.workspace}/cases/${strategic.id}`, 303);
    }),
  )
  .post(
    '/w/:workspace/cases/:id/what-changed',
    onCase(async (workspace, id, field, who) =>
      unwrap(await workspace.sayWhatChanged(id, { text: field('text'), who })),
    ),
  )
  .post(
    '/w/:workspace/cases/:id/decision',
    onCase(async (workspace, id, field, who) =>
      unwrap(await workspace.decide(id, { text: field('text'), who })),
    ),
  )
  .post(
    '/w/:workspace/cases/:id/decision-owner',
    onCase(async (workspace, id, field, who) =>
      unwrap(await workspace.nameDecisionOwner(id, { person: field('person'), who })),
    ),
  )
  .post(
    '/w/:workspace/cases/:id/measure',
    onCase(async (workspace, id, field, who) => {
      const source = field('source') === 'theme-rate' ? 'theme-rate' : 'manual';
      const value = (name: string) => (source === 'manual' ? numberOf(name, field(name)) : null);
      return unwrap(
        await workspace.measure(id, {
          name: field('name'),
          unit: field('unit'),
          source,
          before: value('before'),
          after: value('after'),
          who,
        }),
      );
    }),
  )
  .post(
    '/w/:workspace/cases/:id/sisters',
    onCase(async (workspace, id, field, who) =>
      unwrap(await workspace.linkRelatedCase(id, { sister: field('sister'), reason: field('reason'), who })),
    ),
  );

function oneOf<Name extends string>(names: readonly Name[], given: string | undefined, usual: Name): Name {
  return names.find((name) => name === given) ?? usual;
}

function numberOf(name: string, text: string): number | null {
  if (text === '') return null;
  const value = Number(text.replace(',', '.'));
  if (!Number.isFinite(value)) throw new InvalidInputError(`${name}: is not a number: ${text}`);
  return value;
}
