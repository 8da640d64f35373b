import type { StrategicJson } from '#domain/json/strategic-json.ts';
import { WhatChangedForm } from './customer-words.tsx';
import type { Visit } from './visit.ts';

/** Forms of a case manager for a strategic case. */
export function StrategicForms({ visit, strategic }: { visit: Visit; strategic: StrategicJson }) {
  const { id, decision, whatChanged, measure, decisionOwner, waitsForWords } = strategic;
  const home = `/w/${visit.workspace}/cases/${id}`;
  return (
    <div class="stack tight">
      <WhatChangedForm
        action={`${home}/what-changed`}
        label="In a few sentences, as every affected customer will read it in a mail. Do not name anybody."
        text={whatChanged?.text ?? null}
        open={waitsForWords}
      />
      <details>
        <summary>{decision ? 'Revise the decision' : 'Record the decision'}</summary>
        <form class="stack tight" method="post" action={`${home}/decision`}>
          <label for="decision">The decision. Earlier versions stay in the timeline.</label>
          <textarea id="decision" name="text" required maxlength={4000} rows={4}>
            {decision?.text ?? ''}
          </textarea>
          <button type="submit">Save the decision</button>
        </form>
      </details>
      <details>
        <summary>Name the decision owner</summary>
        <form class="stack tight" method="post" action={`${home}/decision-owner`}>
          <label for="decision-owner">Decision owner</label>
          <select id="decision-owner" name="person">
            {Object.entries(visit.people).map(([person, name]) => (
              <option value={person} selected={person === decisionOwner}>
                {name}
              </option>
            ))}
          </select>
          <button type="submit">Save the decision owner</button>
        </form>
      </details>
      <details>
        <summary>{measure ? 'Change the measure' : 'Name a measure'}</summary>
        <form class="stack tight" method="post" action={`${home}/measure`}>
          <label for="measure-name">What is measured, such as “support calls”</label>
          <input id="measure-name" name="name" required maxlength={120} value={measure?.name ?? ''} />
          <label for="measure-source">Where its values come from</label>
          <select id="measure-source" name="source">
            <option value="manual" selected={measure?.source !== 'theme-rate'}>
              entered by hand
            </option>
            <option value="theme-rate" selected={measure?.source === 'theme-rate'}>
              counted: share of responses about this
            </option>
          </select>
          <label for="measure-unit">Unit, such as “a week” (by hand only)</label>
          <input id="measure-unit" name="unit" maxlength={40} value={byHand(measure)?.unit ?? ''} />
          <label for="measure-before">Before (by hand only)</label>
          <input id="measure-before" name="before" inputmode="decimal" value={String(byHand(measure)?.before ?? '')} />
          <label for="measure-after">After (by hand only)</label>
          <input id="measure-after" name="after" inputmode="decimal" value={String(byHand(measure)?.after ?? '')} />
          <button type="submit">Save the measure</button>
        </form>
      </details>
      <details>
        <summary>Link the same finding in another product</summary>
        <form class="stack tight" method="post" action={`${home}/sisters`}>
          <label for="sister">The other strategic case, such as “C-17”</label>
          <input id="sister" name="sister" required maxlength={40} />
          <label for="sister-reason">What both have in common</label>
          <input id="sister-reason" name="reason" required maxlength={300} />
          <button type="submit">Link both cases</button>
        </form>
      </details>
    </div>
  );
}

const byHand = (measure: StrategicJson['measure']) => (measure?.source === 'manual' ? measure : null);
