import type { CaseJson } from '#domain/json/case-json.ts';
import { readable } from './case-facts.ts';
import { Moment, Pill } from './parts.tsx';
import { nameOf, type Visit } from './visit.ts';

interface Props {
  visit: Visit;
  one: CaseJson;
}

const stepWords = {
  reminder: 'Reminder',
  due: 'Overdue',
  level: 'Next level',
  repeat: 'Repeated',
  escalated: 'Escalated',
} as const;

export function PeopleAndPlan({ visit, one }: Props) {
  return (
    <section class="card stack" aria-labelledby="people-and-plan">
      <h2 id="people-and-plan">People and plan</h2>
      <Plan visit={visit} one={one} />
      <Ladder visit={visit} one={one} />
      <Contributors visit={visit} one={one} />
    </section>
  );
}

function Plan({ visit, one }: Props) {
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
                {readable(role)}: <bdi>{whoName ?? 'nobody yet'}</bdi>
                {doneAt && (
                  <>
                    {' '}
                    · done by <bdi>{nameOf(visit, doneBy ?? '')}</bdi>, <Moment at={doneAt} visit={visit} short />
                  </>
                )}
                {form === 'sub-issue' && (
                  <> · {issue ? <a href={issue.url}>{issue.key}</a> : 'its issue is not created yet'}</>
                )}
                {formWhy && <> · no sub-issue: {formWhy}</>}
              </p>
              <button class="plain" type="submit" aria-label={`${doneAt ? 'Not done' : 'Done'}: ${task}`}>
                {doneAt ? 'Undo' : 'Done'}
              </button>
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

function Ladder({ visit, one }: Props) {
  const { steps, nextAt, acknowledgedBy, acknowledgedAt, snoozedUntil } = one.ladder;
  const isWorking = one.loop === 'working';
  if (!isWorking && steps.length === 0) return null;
  return (
    <div class="stack tight">
      <h3>Reminders and escalation</h3>
      {steps.length > 0 && (
        <ol class="stack tight steps">
          {steps.map(({ kind, at, notified, skipped }) => (
            <li>
              {stepWords[kind]}{' '}
              <span class="muted">
                <Moment at={at} visit={visit} short />
              </span>
              <div class="muted">
                {skipped ? (
                  `skipped: ${skipped}`
                ) : (
                  <>
                    told: <bdi>{notified.map((person) => nameOf(visit, person)).join(', ') || 'nobody'}</bdi>
                  </>
                )}
              </div>
            </li>
          ))}
        </ol>
      )}
      {acknowledgedAt && (
        <p>
          <Pill tone="good">acknowledged</Pill> <bdi>{nameOf(visit, acknowledgedBy ?? '')}</bdi> acknowledged{' '}
          <Moment at={acknowledgedAt} visit={visit} />.
        </p>
      )}
      {snoozedUntil && (
        <p>
          On hold until <Moment at={snoozedUntil} visit={visit} />.
        </p>
      )}
      {isWorking && (
        <p class="muted">
          {nextAt ? (
            <>
              Next step: <Moment at={nextAt} visit={visit} />
            </>
          ) : (
            'The clock is paused, and so is the ladder.'
          )}
        </p>
      )}
      {isWorking && !acknowledgedAt && (
        <form method="post" action={`/w/${visit.workspace}/cases/${one.id}/acknowledge`}>
          <button type="submit">I have it</button>
        </form>
      )}
      {isWorking && !one.firstContactAt && one.kind === 'tactical' && (
        <details>
          <summary>I contacted the customer</summary>
          <form class="stack tight" method="post" action={`/w/${visit.workspace}/cases/${one.id}/contacted`}>
            <label for="contacted-how">How</label>
            <input id="contacted-how" name="how" required maxlength={200} placeholder="by phone" />
            <button type="submit">Record the contact</button>
          </form>
        </details>
      )}
    </div>
  );
}

function Contributors({ visit, one }: Props) {
  return (
    <div class="stack tight">
      <h3>Contributors</h3>
      {one.contributors.length === 0 && <p class="muted">No contributors yet.</p>}
      <ul class="stack tight">
        {one.contributors.map(({ id, name, holds }) => (
          <li>
            <form class="row" method="post" action={`/w/${visit.workspace}/cases/${one.id}/contributors/take-back`}>
              <bdi>{name || 'erased'}</bdi>
              <span class="muted">{holds ? 'may see and comment' : 'the link has expired'}</span>
              <input type="hidden" name="invitation" value={id} />
              {holds && (
                <button class="plain" type="submit" aria-label={`Revoke the link of ${name}`}>
                  Revoke
                </button>
              )}
            </form>
          </li>
        ))}
      </ul>
      {one.contributions.map(({ name, text, at }) => (
        <article>
          <p class="muted">
            <bdi>{name}</bdi>, <Moment at={at} visit={visit} />
          </p>
          <p class="said">{text}</p>
        </article>
      ))}
      <details>
        <summary>Invite a partner or customer</summary>
        <form class="stack tight" method="post" action={`/w/${visit.workspace}/cases/${one.id}/contributors`}>
          <label for="contributor-name">Name</label>
          <input id="contributor-name" name="name" required maxlength={80} />
          <label for="contributor-email">E-mail</label>
          <input id="contributor-email" name="email" type="email" required />
          <p class="muted">
            They get a link to this case only. They see why it is open and its state, never who the customer is, and can
            comment.
          </p>
          <button type="submit">Invite</button>
        </form>
      </details>
    </div>
  );
}
