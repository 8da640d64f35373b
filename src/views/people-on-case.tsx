import type { CaseJson } from '#domain/json/case-json.ts';
import * as ui from './kit.ts';

type Props = { one: CaseJson; may: string[] };

const ladderStepTexts = {
  reminder: 'Reminder',
  due: 'Overdue',
  level: 'Next level',
  repeat: 'Repeated',
  escalated: 'Escalated',
} as const;

export const PlanLadderAndContributors = ({ one, may }: Props) => (
  <ui.Section id="people-and-plan" title="People and plan">
    {one.plan.length > 0 && <Plan one={one} may={may} />}
    {(one.loop === 'working' || one.ladder.steps.length > 0) && <Ladder one={one} />}
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
    <ol class="stack tight steps">
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

function Ladder({ one: { ladder, loop } }: Pick<Props, 'one'>) {
  const { steps, nextAt, acknowledgedBy, acknowledgedAt, snoozedUntil } = ladder;
  const visit = ui.useVisit();
  return (
    <div class="stack tight">
      <h3>Reminders and escalation</h3>
      {steps.length > 0 && (
        <ol class="stack tight steps">
          {steps.map(({ kind, at, notified, skipped }) => (
            <li>
              {ladderStepTexts[kind]} <ui.MutedMoment at={at} />
              <ui.MutedLine
                text={
                  skipped
                    ? `skipped: ${skipped}`
                    : `notified: ${notified.map((person) => ui.nameOf(visit, person)).join(', ') || 'nobody'}`
                }
              />
            </li>
          ))}
        </ol>
      )}
      {acknowledgedAt && (
        <p>
          <ui.Pill tone="good">acknowledged</ui.Pill> <ui.Person who={acknowledgedBy} /> acknowledged{' '}
          <ui.Moment at={acknowledgedAt} />.
        </p>
      )}
      {snoozedUntil && <p>{['On hold until ', <ui.Moment at={snoozedUntil} />, '.']}</p>}
      {loop === 'working' && (
        <p class="muted">
          {nextAt ? ['Next step: ', <ui.Moment at={nextAt} />] : 'The clock is paused, and so is the ladder.'}
        </p>
      )}
    </div>
  );
}

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
