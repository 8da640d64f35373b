import { InvalidInputError } from '#domain/base/errors.ts';
import {
  type StrategicFilterName,
  StrategicListPage,
  type StrategicSortName,
  strategicFilterNames,
  strategicSortNames,
} from '../views/strategic-list.tsx';
import { caseForm, type PageHandler } from './page.tsx';
import { unwrap } from './workspace-access.ts';

const mostStrategicCasesListed = 500;

export const showStrategicCases: PageHandler = async (c, visit, workspace) => {
  const { items, atRisk } = unwrap(await workspace.strategicList(mostStrategicCasesListed));
  const query = {
    show: oneOf<StrategicFilterName>(strategicFilterNames, c.req.query('show'), 'open'),
    sort: oneOf<StrategicSortName>(strategicSortNames, c.req.query('sort'), 'customers'),
    theme: c.req.query('theme') || null,
  };
  return c.html(<StrategicListPage visit={visit} items={items} atRisk={atRisk} query={query} />);
};

export const elevateCase = caseForm((workspace, id, field, who) =>
  workspace.elevate(id, { to: field('to'), theme: field('theme') || null, reason: field('reason'), who }),
);

export const setWhatChanged = caseForm((workspace, id, field, who) =>
  workspace.setWhatChanged(id, { text: field('text'), who }),
);

export const decide = caseForm((workspace, id, field, who) => workspace.decide(id, { text: field('text'), who }));

export const nameDecisionOwner = caseForm((workspace, id, field, who) =>
  workspace.nameDecisionOwner(id, { person: field('person'), who }),
);

export const recordMeasurement = caseForm((workspace, id, field, who) => {
  const source = field('source') === 'theme-rate' ? 'theme-rate' : 'manual';
  const value = (name: string) => (source === 'manual' ? parseNumber(name, field(name)) : null);
  const [before, after] = [value('before'), value('after')];
  return workspace.measure(id, { name: field('name'), unit: field('unit'), source, before, after, who });
});

export const linkRelatedCase = caseForm((workspace, id, field, who) =>
  workspace.linkRelatedCase(id, { sister: field('sister'), reason: field('reason'), who }),
);

function oneOf<Name extends string>(names: readonly Name[], given: string | undefined, usual: Name): Name {
  return names.find((name) => name === given) ?? usual;
}

function parseNumber(name: string, text: string): number | null {
  if (text === '') return null;
  const value = Number(text.replace(',', '.'));
  if (!Number.isFinite(value)) throw new InvalidInputError(`${name}: is not a number: ${text}`);
  return value;
}
