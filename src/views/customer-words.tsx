import type { CaseJson } from '#domain/json/case-json.ts';
import type { Visit } from './visit.ts';

const longest = 2000;

interface FormProps {
  action: string;
  label: string;
  text: string | null;
  open: boolean;
}

export const WhatChangedForm = ({ action, label, text, open }: FormProps) => (
  <details open={open}>
    <summary>Write what changed</summary>
    <form class="stack tight" method="post" action={action}>
      <label for="what-changed">{label}</label>
      <textarea id="what-changed" name="text" required maxlength={longest} rows={3}>
        {text ?? ''}
      </textarea>
      <button class="plain" type="submit">
        Save the text for customers
      </button>
    </form>
  </details>
);

/** What the customer of a tactical case reads about its closing: why it was declined, or what was done. */
export function CustomerWords({ visit, one, mayWrite }: { visit: Visit; one: CaseJson; mayWrite: boolean }) {
  const { explanation, whatChanged } = one;
  const isTold = one.loop !== 'dropped' || explanation !== null || whatChanged !== null;
  if (one.kind !== 'tactical' || one.action !== 'case' || !isTold) return null;
  return (
    <section class="card stack" aria-labelledby="customer-words">
      <h2 id="customer-words">What the customer reads</h2>
      {explanation !== null && (
        <>
          <p class="muted">If declined, the reason is:</p>
          <p class="words" dir="auto">
            {explanation}
          </p>
        </>
      )}
      {whatChanged === null ? (
        explanation === null && (
          <p class="muted">No text yet. The mail will only say that the team has finished its work.</p>
        )
      ) : (
        <p class="words" dir="auto">
          {whatChanged}
        </p>
      )}
      {mayWrite && (
        <WhatChangedForm
          action={`/w/${visit.workspace}/cases/${one.id}/what-changed`}
          label="In one sentence, as the customer will read it in the mail and on the survey page. Do not name anybody."
          text={whatChanged}
          open={false}
        />
      )}
    </section>
  );
}
