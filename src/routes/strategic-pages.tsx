import { InvalidInputError } from '#domain/base/errors.ts';
import {
  StrategicListPage,
  type StrategicShow,
  type StrategicSort,
  strategicShows,
  strategicSorts,
} from '../views/strategic-list.tsx';
import { unwrap, type WorkspaceCalls } from './context.ts';
import { type Answer, type FormAnswer, idOf } from './page.tsx';

const mostListed = 500;

type Field = (name: string) => string;
type Change = (workspace: WorkspaceCalls, id: string, field: Field, who: string) => Promise<unknown>;

export const listStrategic: Answer = async (c, visit, workspace) => {
  const { items, atRisk } = unwrap(await workspace.strategicList(mostListed));
  const query = {
    show: oneOf<StrategicShow>(strategicShows, c.req.query('show'), 'open'),
    sort: oneOf<StrategicSort>(strategicSorts, c.req.query('sort'), 'customers'),
    theme: c.req.query('theme') || null,
  };
  return c.html(<StrategicListPage visit={visit} items={items} atRisk={atRisk} query={query} />);
};

export const elevateCase: FormAnswer = async (c, visit, workspace, field) => {
  const input = {
    to: field('to'),
    theme: field('theme') || null,
    reason: field('reason'),
    who: visit.person,
  };
  const strategic = unwrap(await workspace.elevate(idOf(c), input));
  return c.redirect(`/w/${visit.workspace}/cases/${strategic.id}`, 303);
};

/** A form on a case's page, which comes back to it. */
const onCase =
  (change: Change): FormAnswer =>
  async (c, visit, workspace, field) => {
    const id = idOf(c);
    await change(workspace, id, field, visit.person);
    return c.redirect(`/w/${visit.workspace}/cases/${id}`, 303);
  };

export const setWhatChanged = onCase(async (workspace, id, field, who) =>
  unwrap(await workspace.setWhatChanged(id, { text: field('text'), who })),
);

export const decide = onCase(async (workspace, id, field, who) =>
  unwrap(await workspace.decide(id, { text: field('text'), who })),
);

export const nameDecisionOwner = onCase(async (workspace, id, field, who) =>
  unwrap(await workspace.nameDecisionOwner(id, { person: field('person'), who })),
);

export const recordMeasurement = onCase(async (workspace, id, field, who) => {
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
});

export const linkRelatedCase = onCase(async (workspace, id, field, who) =>
  unwrap(await workspace.linkRelatedCase(id, { sister: field('sister'), reason: field('reason'), who })),
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
