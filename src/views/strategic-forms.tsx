import { WhatChangedForm } from './case-side.tsx';
import * as ui from './kit.ts';

const sources: [string, string][] = [
  ['manual', 'entered by hand'],
  ['theme-rate', 'counted: share of responses about this'],
];

export function StrategicForms({ strategic }: { strategic: ui.StrategicCaseJson }) {
  const { id, decision, whatChanged, measure, decisionOwner, waitsForWords } = strategic;
  const { people } = ui.useVisit();
  const byHand = measure?.source === 'manual' ? measure : null;
  const number = (name: string, label: string, value: string | number | null | undefined) =>
    ui.optionalLine(name, label, 40, { value: String(value ?? '') });
  return (
    <div class="stack tight">
      <WhatChangedForm
        action={`cases/${id}/what-changed`}
        label="In a few sentences, as every affected customer will read it in a mail. Do not name anybody."
        text={whatChanged?.text ?? null}
        open={waitsForWords}
      />
      <ui.FoldedForm
        name={decision ? 'Revise the decision' : 'Record the decision'}
        action={`cases/${id}/decision`}
        fields={[
          ui.area('text', 'The decision. Earlier versions stay in the timeline.', 4, 4000, {
            value: decision?.text ?? null,
          }),
        ]}
        button="Save the decision"
      />
      <ui.FoldedForm
        name="Name the decision owner"
        action={`cases/${id}/decision-owner`}
        fields={[ui.choice('person', 'Decision owner', Object.entries(people), decisionOwner)]}
        button="Save the decision owner"
      />
      <ui.FoldedForm
        name={measure ? 'Change the measure' : 'Name a measure'}
        action={`cases/${id}/measure`}
        fields={[
          ui.line('name', 'What is measured, such as “support calls”', 120, { value: measure?.name ?? null }),
          ui.choice('source', 'Where its values come from', sources, measure?.source ?? 'manual'),
          number('unit', 'Unit, such as “a week” (by hand only)', byHand?.unit),
          number('before', 'Before (by hand only)', byHand?.before),
          number('after', 'After (by hand only)', byHand?.after),
          number('target', 'Target', measure?.target),
        ]}
        button="Save the measure"
      />
      {byHand && (
        <ui.FoldedForm
          name="Add values of the measure"
          action={`cases/${id}/measure/values`}
          encoding="multipart/form-data"
          fields={[
            ui.area('values', 'A day and its value in each line, such as 2026-11-24, 12', 3, 20_000, {
              isOptional: true,
            }),
            ui.csvFile('Or a CSV file with the columns day and value', { isOptional: true }),
          ]}
          button="Add the values"
        />
      )}
    </div>
  );
}
