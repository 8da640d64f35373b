import type { StrategicCaseJson } from '#domain/json/strategic-json.ts';
import { WhatChangedForm } from './customer-words.tsx';
import { FoldedForm } from './forms.tsx';
import type { Visit } from './visit.ts';

/** Forms of a case manager for a strategic case. */
export function StrategicForms({ visit, strategic }: { visit: Visit; strategic: StrategicCaseJson }) {
  const { id, decision, whatChanged, measure, decisionOwner, waitsForWords } = strategic;
  const home = `/w/${visit.workspace}/cases/${id}`;
  const byHand = measure?.source === 'manual' ? measure : null;
  return (
    <div class="stack tight">
      <WhatChangedForm
        action={`${home}/what-changed`}
        label="In a few sentences, as every affected customer will read it in a mail. Do not name anybody."
        text={whatChanged?.text ?? null}
        open={waitsForWords}
      />
      <FoldedForm
        name={decision ? 'Revise the decision' : 'Record the decision'}
        action={`${home}/decision`}
        fields={[
          {
            name: 'text',
            label: 'The decision. Earlier versions stay in the timeline.',
            value: decision?.text ?? null,
            rows: 4,
            longest: 4000,
          },
        ]}
        button="Save the decision"
      />
      <FoldedForm
        name="Name the decision owner"
        action={`${home}/decision-owner`}
        fields={[
          { name: 'person', label: 'Decision owner', value: decisionOwner, options: Object.entries(visit.people) },
        ]}
        button="Save the decision owner"
      />
      <FoldedForm
        name={measure ? 'Change the measure' : 'Name a measure'}
        action={`${home}/measure`}
        fields={[
          {
            name: 'name',
            label: 'What is measured, such as “support calls”',
            value: measure?.name ?? null,
            longest: 120,
          },
          {
            name: 'source',
            label: 'Where its values come from',
            value: measure?.source ?? 'manual',
            options: [
              ['manual', 'entered by hand'],
              ['theme-rate', 'counted: share of responses about this'],
            ],
          },
          byHandField('unit', 'Unit, such as “a week”', byHand?.unit),
          byHandField('before', 'Before', byHand?.before),
          byHandField('after', 'After', byHand?.after),
        ]}
        button="Save the measure"
      />
    </div>
  );
}

const byHandField = (name: string, label: string, value: string | number | null | undefined) => ({
  name,
  label: `${label} (by hand only)`,
  value: String(value ?? ''),
  longest: 40,
  isOptional: true,
});
