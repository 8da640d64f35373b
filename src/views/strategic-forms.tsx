import type { StrategicCaseJson } from '#domain/json/case-json.ts';
import { WhatChangedForm } from './customer-words.tsx';
import * as ui from './kit.ts';

/** Forms of a case manager for a strategic case. */
export function StrategicForms({ visit, strategic }: { visit: ui.Visit; strategic: StrategicCaseJson }) {
  const { id, decision, whatChanged, measure, decisionOwner, waitsForWords } = strategic;
  const home = `/w/${visit.workspace}/cases/${id}`;
  const byHand = measure?.source === 'manual' ? measure : null;
  const byHandLine = (name: string, label: string, value: string | number | null | undefined) =>
    ui.optionalLine(name, `${label} (by hand only)`, 40, { value: String(value ?? '') });
  const sources: [string, string][] = [
    ['manual', 'entered by hand'],
    ['theme-rate', 'counted: share of responses about this'],
  ];
  const decisionLabel = 'The decision. Earlier versions stay in the timeline.';
  return (
    <div class="stack tight">
      <WhatChangedForm
        action={`${home}/what-changed`}
        label="In a few sentences, as every affected customer will read it in a mail. Do not name anybody."
        text={whatChanged?.text ?? null}
        open={waitsForWords}
      />
      <ui.FoldedForm
        name={decision ? 'Revise the decision' : 'Record the decision'}
        action={`${home}/decision`}
        fields={[ui.area('text', decisionLabel, 4, 4000, { value: decision?.text ?? null })]}
        button="Save the decision"
      />
      <ui.FoldedForm
        name="Name the decision owner"
        action={`${home}/decision-owner`}
        fields={[ui.choice('person', 'Decision owner', Object.entries(visit.people), decisionOwner)]}
        button="Save the decision owner"
      />
      <ui.FoldedForm
        name={measure ? 'Change the measure' : 'Name a measure'}
        action={`${home}/measure`}
        fields={[
          ui.line('name', 'What is measured, such as “support calls”', 120, { value: measure?.name ?? null }),
          ui.choice('source', 'Where its values come from', sources, measure?.source ?? 'manual'),
          byHandLine('unit', 'Unit, such as “a week”', byHand?.unit),
          byHandLine('before', 'Before', byHand?.before),
          byHandLine('after', 'After', byHand?.after),
          ui.optionalLine('target', 'Target', 40, { value: String(measure?.target ?? '') }),
        ]}
        button="Save the measure"
      />
      {byHand && (
        <ui.FoldedForm
          name="Add values of the measure"
          action={`${home}/measure/values`}
          encoding="multipart/form-data"
          fields={[
            ui.area('values', 'A day and its value in each line, such as 2026-11-24, 12', 3, 20_000, {
              isOptional: true,
            }),
          ]}
          button="Add the values"
        >
          <label class="upload">
            Or a CSV file with the columns day and value <input type="file" name="file" accept=".csv,text/csv" />
          </label>
        </ui.FoldedForm>
      )}
    </div>
  );
}
