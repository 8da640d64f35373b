import type { Child } from 'hono/jsx';
import type { CaseJson } from '#domain/json/case-json.ts';
import type { CaseMessagesJson } from '#domain/json/loop-json.ts';
import { MailState } from './mail-state.tsx';
import { ExternalLink, Moment, Section, Words } from './parts.tsx';
import { nameOf, type Visit } from './visit.ts';

interface TimelineProps {
  visit: Visit;
  one: CaseJson;
  messages: CaseMessagesJson;
}

/** One line of a case's story. */
interface Line {
  at: string;
  what: Child;
  who: string | null;
  details: Child;
}

const linesShown = 40;

/** Everything about a case, newest first: events, mails, notices, comments, notes, calls and answers. */
export function Timeline({ visit, one, messages }: TimelineProps) {
  const lines = [
    ...listEvents(visit, one, messages),
    ...messages.comments.map((comment) => describeComment(comment, one)),
    ...messages.mails.map(describeMail),
    ...messages.notices.map(describeNotice),
    ...one.contributions.map(({ name, text, at }) => ({
      at,
      what: 'contribution',
      who: name || 'erased',
      details: <Words text={text} />,
    })),
  ].toSorted((a, b) => b.at.localeCompare(a.at));
  const rest = lines.slice(linesShown);
  return (
    <Section id="timeline" title="Timeline" count={lines.length}>
      <Lines visit={visit} lines={lines.slice(0, linesShown)} />
      {rest.length > 0 && (
        <details>
          <summary>{rest.length} earlier entries</summary>
          <Lines visit={visit} lines={rest} />
        </details>
      )}
    </Section>
  );
}

const Lines = ({ visit, lines }: { visit: Visit; lines: Line[] }) => (
  <ol class="timeline">
    {lines.map(({ at, what, who, details }) => (
      <li>
        <p class="muted">
          <Moment at={at} visit={visit} />
        </p>
        <div>
          <p>
            <strong>{what}</strong>
            {who && (
              <>
                {' '}
                <span class="muted">by</span> <bdi>{who}</bdi>
              </>
            )}
          </p>
          {details}
        </div>
      </li>
    ))}
  </ol>
);

/** Events of the case, without those that a comment or a mail shows in full. */
function listEvents(visit: Visit, one: CaseJson, { comments, mails }: CaseMessagesJson): Line[] {
  const shown = new Set(comments.map(({ id }) => id));
  const isShown = ({ what, why, evidence }: CaseJson['timeline'][number]) =>
    (what === 'commented' && (evidence === null ? shown.size > 0 : shown.has(evidence))) ||
    (what === 'customer contacted' && why === 'by a personal message' && mails.length > 0);
  return one.timeline
    .filter((entry) => !isShown(entry))
    .map((entry) => ({
      at: entry.at,
      what: entry.what,
      who: entry.who === 'customer' ? 'the customer' : nameOf(visit, entry.who),
      details: (
        <>
          <p>{entry.why}</p>
          <Answer one={one} evidence={entry.evidence} what={entry.what} />
          <Evidence visit={visit} one={one} evidence={entry.evidence} />
        </>
      ),
    }))
    .toReversed();
}

/** Words of an answer to a follow-up. */
function Answer({ one, evidence, what }: { one: CaseJson; evidence: string | null; what: string }) {
  const answers = /answered:/.test(what) ? one.followUps.find(({ id }) => id === evidence)?.answers : null;
  const words = answers?.comment ?? answers?.note;
  return words ? <Words text={words} /> : null;
}

function Evidence({ visit, one, evidence }: { visit: Visit; one: CaseJson; evidence: string | null }) {
  const home = `/w/${visit.workspace}`;
  if (evidence === null) return null;
  if (one.responses.includes(evidence)) return <a href={`${home}/responses/${evidence}`}>The response</a>;
  if (one.issue?.key === evidence) return <ExternalLink url={one.issue.url}>{evidence}</ExternalLink>;
  if (evidence.startsWith('c_')) return <a href={`${home}/cases/${evidence}`}>The other case</a>;
  return null;
}

const commentTitles: Record<CaseMessagesJson['comments'][number]['kind'], string> = {
  tracker: 'commented in the tracker',
  page: 'commented on the issue',
  note: 'note of the team, kept here',
  call: 'contact with the customer',
};

function describeComment(comment: CaseMessagesJson['comments'][number], { issue }: CaseJson): Line {
  const { kind, author, text, at, editedAt, deletedAt } = comment;
  const title = kind === 'tracker' && issue ? `commented in ${issue.trackerTitle}` : commentTitles[kind];
  const change = deletedAt ? ' (deleted there)' : editedAt ? ' (edited)' : '';
  return { at, what: `${title}${change}`, who: author, details: text ? <Words text={text} /> : null };
}

const mailTitles = new Map([
  ['follow-up', 'asked the customer by mail'],
  ['reminder', 'reminded the customer by mail'],
  ['personal', 'mail to the customer'],
]);

function describeMail(mail: CaseMessagesJson['mails'][number]): Line {
  return {
    at: mail.at,
    what: mailTitles.get(mail.kind) ?? mail.kind,
    who: null,
    details: (
      <>
        <p class="row">
          <span dir="auto">“{mail.subject}”</span> <MailState mail={mail} />
        </p>
        {mail.text && (
          <details open={mail.kind === 'personal'}>
            <summary>What it says</summary>
            <Words text={mail.text} />
          </details>
        )}
      </>
    ),
  };
}

const describeNotice = ({ at, headline, to }: CaseMessagesJson['notices'][number]): Line => ({
  at,
  what: 'notice',
  who: null,
  details: (
    <p class="muted">
      {headline}. To <bdi>{to.join(', ')}</bdi>
    </p>
  ),
});
