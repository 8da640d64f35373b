import type { IssueJson } from '#domain/json/case-json.ts';
import { issueText } from './case-facts.ts';
import { ExternalLink, Moment } from './parts.tsx';
import type { Visit } from './visit.ts';

/** Trouble with a case's issue and its remedy; nothing without trouble. */
export function IssueTrouble({ visit, issue }: { visit: Visit; issue: IssueJson | null }) {
  if (!issue?.trouble) return null;
  const { says, remedy, since, url } = issue.trouble;
  return (
    <div class="notice warn" role="note">
      <strong>{issueText(issue)}</strong> {says}. {remedy}{' '}
      <span class="muted">
        First seen <Moment at={since} visit={visit} />.
      </span>{' '}
      {url && <ExternalLink url={url}>New place</ExternalLink>}
    </div>
  );
}
