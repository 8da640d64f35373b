import type { CaseJson } from '#domain/json/case-json.ts';
import * as ui from './kit.ts';

interface Props {
  visit: ui.Visit;
  one: CaseJson;
  may: string[];
}

const ladderStepTexts = {
  reminder: 'Reminder',
  due: 'Overdue',
  level: 'Next level',
  repeat: 'Repeated',
  escalated: 'Escalated',
} as const;

export const PlanLadderAndContributors = ({ visit, one, may }: Props) => (
  <ui.Section id="people-and-plan" title="People and plan">
    <Plan visit={visit} one={one} may={may} />
    <Ladder visit={visit} one={one} />
    <Contributors visit={visit} one={one} may={may} />
  </ui.Section>
);

function Plan({ visit, one, may }: Props) {
  if (one.plan.length === 0) return null;
  const done = one.plan.filter(({ doneAt }) => doneAt !== null).length;
  return (
    <div class="stack tight">
      <h3>
        Response plan{' '}
        <span class="muted">
          {done} of {one.plan.length} done
        </span>
      </h3>
      <ol class="stack tight steps">
        {one.plan.map(({ position, role, task, whoName, doneAt, doneBy, form, formWhy, issue }) => (
          <li>
            <form method="post" action={`/w/${visit.workspace}/cases/${one.id}/plan`}>
              <input type="hidden" name="position" value={String(position)} />
              <input type="hidden" name="done" value={doneAt ? 'no' : 'yes'} />
              <p>
                {doneAt ? '✓ ' : ''}
                {task}
              </p>
              <p class="muted">
                {ui.readable(role)}: <bdi>{whoName ?? 'nobody yet'}</bdi>
                {doneAt && (
                  <>
                    {' '}
                    · done by <bdi>{ui.nameOf(visit, doneBy ?? '')}</bdi>, <ui.Moment at={doneAt} visit={visit} />
                  </>
                )}
                {form === 'sub-issue' && (
                  <> · {issue ? <a href={issue.url}>{issue.key}</a> : 'its issue is not created yet'}</>
                )}
                {formWhy && <> · no sub-issue: {formWhy}</>}
              </p>
              {may.includes('tickPlan') && (
                <ui.PlainButton label={`${doneAt ? 'Not done' : 'Done'}: ${task}`}>
                  {doneAt ? 'Undo' : 'Done'}
                </ui.PlainButton>
              )}
            </form>
          </li>
        ))}
      </ol>
      {one.plan.some(({ form }) => form === 'sub-issue') && (
        <p class="muted">Closing a sub-issue ticks its step, and ticking a step closes its sub-issue.</p>
      )}
    </div>
  );
}

function Ladder({ visit, one }: Pick<Props, 'visit' | 'one'>) {
  const { steps, nextAt, acknowledgedBy, acknowledgedAt, snoozedUntil } = one.ladder;
  const isCaseOpen = one.loop === 'working';
  if (!isCaseOpen && steps.length === 0) return null;
  return (
    <div class="stack tight">
      <h3>Reminders and escalation</h3>
      {steps.length > 0 && (
        <ol class="stack tight steps">
          {steps.map(({ kind, at, notified, skipped }) => (
            <li>
              {ladderStepTexts[kind]} <ui.MutedMoment at={at} visit={visit} />
              <div class="muted">
                {skipped ? (
                  `skipped: ${skipped}`
                ) : (
                  <>
                    notified: <bdi>{notified.map((person) => ui.nameOf(visit, person)).join(', ') || 'nobody'}</bdi>
                  </>
                )}
              </div>
            </li>
          ))}
        </ol>
      )}
      {acknowledgedAt && (
        <p>
          <ui.Pill tone="good">acknowledged</ui.Pill> <bdi>{ui.nameOf(visit, acknowledgedBy ?? '')}</bdi> acknowledged{' '}
          <ui.Moment at={acknowledgedAt} visit={visit} />.
        </p>
      )}
      {snoozedUntil && (
        <p>
          On hold until <ui.Moment at={snoozedUntil} visit={visit} />.
        </p>
      )}
      {isCaseOpen && (
        <p class="muted">
          {nextAt ? (
            <>
              Next step: <ui.Moment at={nextAt} visit={visit} />
            </>
          ) : (
            'The clock is paused, and so is the ladder.'
          )}
        </p>
      )}
    </div>
  );
}

function Contributors({ visit, one, may }: Props) {
  const home = `/w/${visit.workspace}/cases/${one.id}/contributors`;
  if (one.contributors.length === 0) return null;
  return (
    <div class="stack tight">
      <h3>Contributors</h3>
      <ul class="stack tight">
        {one.contributors.map(({ id, name, holds }) => (
          <li>
            <form class="row" method="post" action={`${home}/take-back`}>
              <bdi>{name || 'erased'}</bdi>
              <span class="muted">{holds ? 'may see and comment' : 'the link has expired'}</span>
              <input type="hidden" name="invitation" value={id} />
              {holds && may.includes('revokeInvitation') && (
                <ui.PlainButton label={`Revoke the link of ${name}`}>Revoke</ui.PlainButton>
              )}
            </form>
          </li>
        ))}
      </ul>
    </div>
  );
}

export const CustomerForm = ({ visit, one }: Pick<Props, 'visit' | 'one'>) => (
  <ui.FoldedForm
    name="Name the customer"
    action={`/w/${visit.workspace}/cases/${one.id}/customer`}
    fields={[
      ui.line('key', 'Customer key', 300),
      ui.optionalLine('email', 'E-mail', 254, { type: 'email' }),
      ui.optionalLine('name', 'Name', 300),
    ]}
    button="Name the customer"
  >
    <p class="muted">They are asked after the next closing. Without a customer, a closing asks nobody.</p>
  </ui.FoldedForm>
);

export const ContributorForms = ({ visit, one }: Pick<Props, 'visit' | 'one'>) => (
  <ui.FoldedForm
    name="Invite a partner or customer"
    action={`/w/${visit.workspace}/cases/${one.id}/contributors`}
    fields={[ui.line('name', 'Name', 80), ui.line('email', 'E-mail', 254, { type: 'email' })]}
    button="Invite"
  >
    <p class="muted">
      They get a link to this case only. They see why it is open and its state, never who the customer is, and can
      comment.
    </p>
  </ui.FoldedForm>
);
