import * as ui from './kit.ts';

type TimelineProps = { one: ui.CaseJson; messages: ui.CaseMessageJson[] };

type Entry = { at: string; what: string; who: string | null; details: ui.Child };

const entriesShown = 40;

/** Everything about a case, newest first: events, mails, notices, comments, notes, calls and answers. */
export function Timeline(props: TimelineProps) {
  const contributions = props.one.contributions.map(({ name, text, at }): Entry => {
    return { at, what: 'contribution', who: name || 'erased', details: <ui.Words text={text} /> };
  });
  const events = listEvents(props, ui.useVisit());
  const entries = [...events, ...listMessages(props), ...contributions].sort((a, b) => b.at.localeCompare(a.at));
  const rest = entries.slice(entriesShown);
  return (
    <ui.Section id="timeline" title="Timeline" count={entries.length}>
      <Entries entries={entries.slice(0, entriesShown)} />
      {rest.length > 0 && (
        <details>
          <summary>{rest.length} earlier entries</summary>
          <Entries entries={rest} />
        </details>
      )}
    </ui.Section>
  );
}

const Entries = ({ entries }: { entries: Entry[] }) => (
  <ol class="timeline">
    {entries.map(({ at, what, who, details }) => (
      <li>
        <p class="muted">
          <ui.Moment at={at} />
        </p>
        <div>
          <p>
            <strong>{what}</strong> {who && <bdi>{who}</bdi>}
          </p>
          {details}
        </div>
      </li>
    ))}
  </ol>
);

function listEvents({ one, messages }: TimelineProps, visit: ui.Visit): Entry[] {
  const shown = new Set(messages.flatMap(({ id, kind }) => [id, kind]));
  const isShown = ({ what, why, evidence }: ui.CaseJson['timeline'][number]) =>
    ((what === 'commented' || /repl(?:y|ied)/.test(what)) && shown.has(evidence ?? 'page')) ||
    (what === 'reopening' && one.timeline.some((entry) => entry.what === 'reopened' && entry.why === why)) ||
    (what === 'customer contacted' && why === 'by a personal message' && shown.has('personal'));
  const events = one.timeline.filter((entry) => !isShown(entry)).toReversed();
  return events.map(({ at, what, who, why, evidence }) => {
    const answers = /answered:/.test(what) ? one.followUps.find(({ id }) => id === evidence)?.answers : null;
    const words = answers?.comment ?? answers?.note;
    const details = (
      <>
        <p>{why}</p>
        {words && <ui.Words text={words} />}
        {evidence && <Evidence one={one} evidence={evidence} />}
      </>
    );
    return { at, what, who: who === 'customer' ? 'the customer' : ui.nameOf(visit, who), details };
  });
}

function Evidence({ one, evidence }: { one: ui.CaseJson; evidence: string }) {
  if (one.responses.includes(evidence)) return <ui.Link to={`responses/${evidence}`}>The response</ui.Link>;
  if (one.issue?.key === evidence)
    return <ui.ExternalLink url={one.issue.url}>{ui.formatIssueKey(evidence)}</ui.ExternalLink>;
  return evidence.startsWith('c_') ? <ui.Link to={`cases/${evidence}`}>The other case</ui.Link> : null;
}

const titles: Record<string, string> = {
  'follow-up': 'survey by mail',
  reminder: 'reminder by mail',
  personal: 'mail to the customer',
  notice: 'notice to',
  tracker: 'comment in the tracker by',
  page: 'comment on the issue by',
  note: 'note of the team, kept here, by',
  call: 'contact with the customer by',
  receipt: 'receipt by mail',
  reply: 'reply of the customer, from',
  'other-reply': 'reply from another address,',
  'automatic-reply': 'automatic reply from',
};

const OpenAnother = ({ one: { responses } }: Pick<TimelineProps, 'one'>) =>
  ui.useVisit().may.includes('openFromResponse') && (
    <p>
      <ui.Link to={responses[0] ? `responses/${responses[0]}#open` : 'templates'}>Open another case</ui.Link>
    </p>
  );

const folded = ['follow-up', 'reminder', 'receipt'];

const listMessages = ({ one, messages }: TimelineProps): Entry[] =>
  messages.map(({ at, kind, who, title, text, state }) => {
    const words = text && <ui.Words text={text} />;
    const details = (
      <>
        <p>
          <span dir="auto">{title}</span> {state && <span class="muted">{state}</span>}
        </p>
        {words && folded.includes(kind) ? (
          <details>
            <summary>What it says</summary>
            {words}
          </details>
        ) : (
          words
        )}
        {/reply$/.test(kind) && <OpenAnother one={one} />}
      </>
    );
    return { at, what: titles[kind] ?? kind, who, details };
  });
