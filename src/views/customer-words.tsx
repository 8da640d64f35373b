import * as ui from './kit.ts';

type WhatChangedFormProps = { action: string; label: string; text: string | null; open: boolean };

export const WhatChangedForm = ({ action, label, text, open }: WhatChangedFormProps) => (
  <ui.FoldedForm
    name="Write what changed"
    open={open}
    action={action}
    fields={[ui.area('text', label, 3, 2000, { value: text })]}
    plain
    button="Save the text for customers"
  />
);

/** What the customer of a tactical case reads about its closing: why it was declined, or what was done. */
export function TextForCustomer({ one, mayWrite }: { one: ui.CaseJson; mayWrite: boolean }) {
  const { explanation, whatChanged } = one;
  const mayCustomerReadOfClosing = one.loop !== 'dropped' || explanation !== null || whatChanged !== null;
  if (one.kind !== 'tactical' || one.action !== 'case' || !mayCustomerReadOfClosing) return null;
  return (
    <ui.Section id="customer-words" title="What the customer reads">
      {explanation !== null && <p class="muted">If declined, the reason is:</p>}
      {explanation !== null && <ui.Words text={explanation} />}
      {whatChanged !== null && <ui.Words text={whatChanged} />}
      {whatChanged === null && explanation === null && (
        <p class="muted">No text yet. The mail will only say that the team has finished its work.</p>
      )}
      {mayWrite && (
        <WhatChangedForm
          action={`cases/${one.id}/what-changed`}
          label="In one sentence, as the customer will read it in the mail and on the survey page. Do not name anybody."
          text={whatChanged}
          open={false}
        />
      )}
    </ui.Section>
  );
}
