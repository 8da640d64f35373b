import type { StrategicCaseJson } from '#domain/json/strategic-json.ts';
import { WhatChangedForm } from './customer-words.tsx';
import { Field, FoldedForm, Select, TextField } from './forms.tsx';
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
        button="Save the decision"
      >
        <TextField
          label="The decision. Earlier versions stay in the timeline."
          id="decision"
          name="text"
          required
          maxlength={4000}
          rows={4}
        >
          {decision?.text ?? ''}
        </TextField>
      </FoldedForm>
      <FoldedForm name="Name the decision owner" action={`${home}/decision-owner`} button="Save the decision owner">
        <Select
          id="decision-owner"
          name="person"
          label="Decision owner"
          options={Object.entries(visit.people)}
          chosen={decisionOwner}
        />
      </FoldedForm>
      <FoldedForm
        name={measure ? 'Change the measure' : 'Name a measure'}
        action={`${home}/measure`}
        button="Save the measure"
      >
        <Field
          label="What is measured, such as “support calls”"
          id="measure-name"
          name="name"
          required
          maxlength={120}
          value={measure?.name ?? ''}
        />
        <Select
          id="measure-source"
          name="source"
          label="Where its values come from"
          options={[
            ['manual', 'entered by hand'],
            ['theme-rate', 'counted: share of responses about this'],
          ]}
          chosen={measure?.source ?? 'manual'}
        />
        <Field
          label="Unit, such as “a week” (by hand only)"
          id="measure-unit"
          name="unit"
          maxlength={40}
          value={byHand?.unit ?? ''}
        />
        {(['before', 'after'] as const).map((name) => (
          <Field
            label={`${name === 'before' ? 'Before' : 'After'} (by hand only)`}
            id={`measure-${name}`}
            name={name}
            inputmode="decimal"
            value={String(byHand?.[name] ?? '')}
          />
        ))}
      </FoldedForm>
    </div>
  );
}
