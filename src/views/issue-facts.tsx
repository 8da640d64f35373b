import type { PendingCall } from '#domain/cases/action.ts';
import type { CaseJson, IssueJson } from '#domain/json/case-json.ts';
import { formatIssueName } from './case-display.ts';
import { PlainButton } from './forms.tsx';
import { ExternalLink, Moment, Pill } from './parts.tsx';
import type { Visit } from './visit.ts';

const states = {
  sending: { tone: 'info', text: 'being sent' },
  waits: { tone: 'warn', text: 'waits' },
  unknown: { tone: 'warn', text: 'unknown' },
} as const;

/** The issue as the tracker shows it, and the calls under way. */
export function IssueFacts({ one: { issue, sending } }: { one: CaseJson }) {
  return (
    <div class="stack tight">
      {issue ? <Issue issue={issue} /> : <p>not created yet</p>}
      {sending.length > 0 && (
        <ul class="stack tight" aria-label="On its way to the tracker">
          {together(sending).map(({ what, state, why, count }) => (
            <li>
              <Pill tone={states[state].tone}>{states[state].text}</Pill>{' '}
              <span class="muted">
                {what}
                {count > 1 && ` (${count})`}
                {state !== 'sending' && `: ${why}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Issue({ issue }: { issue: NonNullable<CaseJson['issue']> }) {
  const { labels, comments, missing } = issue;
  return (
    <>
      <p>
        <ExternalLink url={issue.url}>{formatIssueName(issue)}</ExternalLink>{' '}
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

function together(sending: PendingCall[]): (PendingCall & { count: number })[] {
  const groups = new Map<string, PendingCall & { count: number }>();
  for (const pendingCall of sending) {
    const key = `${pendingCall.what} ${pendingCall.state} ${pendingCall.why}`;
    groups.set(key, { ...pendingCall, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  return [...groups.values()];
}

/** Trouble with a case's issue and its remedy; nothing without trouble. */
export function IssueTrouble({ visit, issue }: { visit: Visit; issue: IssueJson | null }) {
  if (!issue?.trouble) return null;
  const { says, remedy, since, url } = issue.trouble;
  return (
    <div class="notice warn" role="note">
      <strong>{formatIssueName(issue)}</strong> {says}. {remedy}{' '}
      <span class="muted">
        First seen <Moment at={since} visit={visit} />.
      </span>{' '}
      {url && <ExternalLink url={url}>New place</ExternalLink>}
    </div>
  );
}

/** What the tracker refused, why, and the remedy; nothing where it took everything. */
export function RefusedCalls({ visit, one, mayRetry }: { visit: Visit; one: CaseJson; mayRetry: boolean }) {
  const [first] = one.refused;
  if (!first) return null;
  return (
    <div class="notice warn stack tight" role="note">
      <strong>The tracker refused a part of this case.</strong>
      <ul>
        {one.refused.map(({ what, reason, since, nextAt }) => (
          <li>
            {what}: {reason}.{' '}
            <span class="muted">
              First refused <Moment at={since} visit={visit} ago />; next try <Moment at={nextAt} visit={visit} />.
            </span>
          </li>
        ))}
      </ul>
      <p>{first.remedy}.</p>
      {mayRetry && (
        <form method="post" action={`/w/${visit.workspace}/cases/${one.id}/actions/retry`}>
          <PlainButton>Try again</PlainButton>
        </form>
      )}
    </div>
  );
}
