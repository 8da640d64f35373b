import * as ui from './kit.ts';

type Props = { one: ui.CaseJson; may: string[] };

export const PlanLadderAndContributors = ({ one, may }: Props) => (
  <ui.Section id="people-and-plan" title="People and plan">
    {one.plan.length > 0 && <Plan one={one} may={may} />}
    {one.loop === 'working' && <Ladder one={one} />}
    {one.contributors.length > 0 && <Contributors one={one} may={may} />}
  </ui.Section>
);

const Plan = ({ one: { id, plan }, may }: Props) => (
  <div class="stack tight">
    <h3>
      Response plan{' '}
      <span class="muted">
        {plan.filter(({ doneAt }) => doneAt !== null).length} of {plan.length} done
      </span>
    </h3>
    <ol class="stack tight">
      {plan.map(({ position, role, task, whoName, doneAt, doneBy, form, formWhy, issue }) => (
        <li>
          <p>
            {doneAt ? '✓ ' : ''}
            {task}
          </p>
          <p class="muted">
            {ui.readable(role)}: <bdi>{whoName ?? 'nobody yet'}</bdi>
            {doneAt && [' · done by ', <ui.Person who={doneBy} />, ', ', <ui.Moment at={doneAt} />]}
            {form === 'sub-issue' && [
              ' · ',
              issue ? <a href={issue.url}>{ui.formatIssueKey(issue.key)}</a> : 'its issue is not created yet',
            ]}
            {formWhy && ` · no sub-issue: ${formWhy}`}
          </p>
          {may.includes('tickPlan') && (
            <ui.Buttons
              action={`cases/${id}/plan`}
              name="done"
              hidden={{ position: String(position) }}
              label={task}
              buttons={[doneAt ? ['no', 'Undo'] : ['yes', 'Done']]}
            />
          )}
        </li>
      ))}
    </ol>
    {plan.some(({ form }) => form === 'sub-issue') && (
      <p class="muted">Closing a sub-issue ticks its step, and ticking a step closes its sub-issue.</p>
    )}
  </div>
);

const Ladder = ({ one: { ladder } }: Pick<Props, 'one'>) => (
  <div class="stack tight">
    <h3>Reminders and escalation</h3>
    {ladder.acknowledgedAt && (
      <p>
        <ui.Pill tone="good">acknowledged</ui.Pill> <ui.Person who={ladder.acknowledgedBy} /> acknowledged{' '}
        <ui.Moment at={ladder.acknowledgedAt} />.
      </p>
    )}
    {ladder.snoozedUntil && <p>{['On hold until ', <ui.Moment at={ladder.snoozedUntil} />, '.']}</p>}
    <p class="muted">
      {ladder.nextAt ? ['Next step: ', <ui.Moment at={ladder.nextAt} />] : 'The clock is paused, and so is the ladder.'}
    </p>
  </div>
);

const Contributors = ({ one: { id: caseId, contributors }, may }: Props) => (
  <div class="stack tight">
    <h3>Contributors</h3>
    <ul class="stack tight">
      {contributors.map(({ id, name, holds }) => (
        <li>
          <ui.Buttons
            action={`cases/${caseId}/contributors/take-back`}
            name="invitation"
            label={`the link of ${name}`}
            buttons={holds && may.includes('revokeInvitation') ? [[id, 'Revoke']] : []}
          >
            <bdi>{name || 'erased'}</bdi>
            <span class="muted">{holds ? 'may see and comment' : 'the link has expired'}</span>
          </ui.Buttons>
        </li>
      ))}
    </ul>
  </div>
);

const linkTexts: Record<ui.CaseLinkJson['kind'], [outgoing: string, incoming: string]> = {
  'duplicate-of': ['Duplicate of', 'Duplicated by'],
  related: ['Related to', 'Related to'],
  'elevated-to': ['Part of a larger problem,', 'Gathers'],
  parted: ['Taken out of', 'No longer gathers'],
};

export function CaseLinksView({ caseLinks: { links } }: { caseLinks: ui.CaseLinks }) {
  if (links.length === 0) return null;
  return (
    <ui.Section id="links" title="Linked cases" count={links.length}>
      <ul class="stack tight">
        {links.map((link) => (
          <li>
            {linkTexts[link.kind][link.isIncoming ? 1 : 0]} <ui.CaseLink to={link} /> <ui.LoopPill {...link} />
            <div class="muted">
              {link.why}, <ui.Moment at={link.at} />
            </div>
          </li>
        ))}
      </ul>
    </ui.Section>
  );
}

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
