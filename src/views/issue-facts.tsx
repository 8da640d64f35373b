import { describeOutcome } from './case-action-forms.tsx';
import * as ui from './kit.ts';

/** What was done last, and the calls under way; actions that still wait can be withdrawn. */
export function WhatHappens({ one, done }: { one: ui.CaseJson; done: string | null }) {
  const tracker = one.issue?.trackerTitle ?? 'the tracker';
  const states = { sending: `sent to ${tracker}`, waits: `waits for ${tracker}:`, unknown: `unknown at ${tracker}:` };
  const sending = together(one.sending);
  const isHeld = sending.some(({ undo }) => undo !== null);
  const outcome = done !== null && !isHeld ? describeOutcome(one, done, tracker) : null;
  return (
    <div
      class={outcome || sending.length > 0 ? 'notice stack tight' : undefined}
      role="status"
      {...(done && ui.focused)}
    >
      {outcome && <p>{outcome}</p>}
      {sending.map(({ what, state, why, undo, count }) => {
        const text = `${what}${count > 1 ? ` (${count})` : ''}: ${states[state]}`;
        return (
          <ui.Buttons action={`cases/${one.id}/undo`} name="key" label={what} buttons={undo ? [[undo, 'Undo']] : []}>
            <span>
              {undo ? `${what}, in a few seconds.` : text}
              {undo === null && state !== 'sending' && <span class="muted"> {why}</span>}
            </span>
          </ui.Buttons>
        );
      })}
    </div>
  );
}

/** The issue as the tracker shows it. */
export function IssueFacts({ issue }: { issue: ui.IssueJson }) {
  const { labels, comments, missing } = issue;
  return (
    <>
      <p>
        <ui.ExternalLink url={issue.url}>{ui.formatIssueName(issue)}</ui.ExternalLink>{' '}
        <span class="muted">
          {issue.state}, {comments === 1 ? '1 comment' : `${comments === 0 ? 'no' : comments} comments`}
        </span>
      </p>
      {labels.length > 0 && (
        <ul class="row" aria-label="Labels">
          {labels.map((label) => (
            <li class="pill">{label}</li>
          ))}
        </ul>
      )}
      {missing.length > 0 && <p class="muted">The tracker rejected {missing.join(', ')} twice.</p>}
    </>
  );
}

/** Calls that say the same, with their number. */
const together = (sending: ui.PendingCall[]): (ui.PendingCall & { count: number })[] =>
  [...Map.groupBy(sending, ({ what, state, why }) => `${what} ${state} ${why}`).values()].flatMap(([first, ...more]) =>
    first ? [{ ...first, count: more.length + 1 }] : [],
  );

/** Trouble with a case's issue and its remedy; nothing without trouble. */
export function IssueTrouble({ issue }: { issue: ui.IssueJson | null }) {
  if (!issue?.trouble) return null;
  const { says, remedy, since, url } = issue.trouble;
  return (
    <ui.Notice tone="warn">
      <strong>{ui.formatIssueName(issue)}</strong> {says}. {remedy}{' '}
      <span class="muted">
        First seen <ui.Moment at={since} />.
      </span>{' '}
      {url && <ui.ExternalLink url={url}>New place</ui.ExternalLink>}
    </ui.Notice>
  );
}

/** What the tracker refused, why, and the remedy; nothing where it took everything. */
export function RefusedCalls({ one, mayRetry }: { one: ui.CaseJson; mayRetry: boolean }) {
  const [first] = one.refused;
  if (!first) return null;
  return (
    <ui.Notice tone="warn">
      <strong>The tracker refused a part of this case.</strong>
      <ul>
        {one.refused.map(({ what, reason, since, nextAt }) => (
          <li>
            {what}: {reason}.{' '}
            <span class="muted">
              First refused <ui.Moment at={since} ago />; next try <ui.Moment at={nextAt} />.
            </span>
          </li>
        ))}
      </ul>
      <p>{first.remedy}.</p>
      {mayRetry && <ui.Form action={`cases/${one.id}/actions/retry`} plain button="Try again" />}
    </ui.Notice>
  );
}
