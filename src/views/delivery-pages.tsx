import type { DeliveryDetail, DeliveryJson, SourceJson } from '#domain/json/intake-json.ts';
import * as ui from './kit.ts';

interface DeliveryListProps {
  visit: ui.Visit;
  deliveries: DeliveryJson[];
  search: {
    query: Record<string, string>;
    problem: { path: PropertyKey[]; message: string } | null;
  };
  sources: SourceJson[];
  next: string | null;
  replayed: string | null;
}

const fields = ['source', 'outcome', 'error', 'id', 'response', 'after', 'before'] as const;

/** Log of deliveries, newest first, with a search. */
export function DeliveryListPage({ visit, deliveries, search, sources, next, replayed }: DeliveryListProps) {
  const home = `/w/${visit.workspace}/deliveries`;
  const asked = fields.flatMap((name): [string, string][] => {
    const value = search.query[name];
    return value ? [[name, value]] : [];
  });
  const isSetAsideList = asked.length === 1 && search.query.outcome === 'set-aside';
  const hasSetAsideDeliveries = deliveries.some(({ outcome }) => outcome === 'set-aside');
  return (
    <ui.WorkspacePage visit={visit} title="Deliveries" tab="Deliveries">
      {replayed !== null && (
        <p class="notice" role="status">
          {replayed === '1' ? '1 delivery is' : `${Number(replayed) || 0} deliveries are`} replayed.
        </p>
      )}
      <Search home={home} query={search.query} sources={sources} />
      {search.problem && (
        <p class="notice bad">
          {search.problem.path.join('.')} {search.problem.message}
        </p>
      )}
      {hasSetAsideDeliveries && visit.may.includes('replay') && (
        <form class="notice bad row" method="post" action={`${home}/replay`}>
          {asked
            .filter(([name]) => name !== 'id' && name !== 'outcome')
            .map(([name, value]) => (
              <input type="hidden" name={name} value={value} />
            ))}
          <span>Some were set aside. After removing the cause, for instance a wrong mapping:</span>
          <ui.PlainButton>Replay all {asked.length > 0 ? 'that match' : 'set aside'}</ui.PlainButton>
        </form>
      )}
      <ui.Rows
        rows={deliveries.map((delivery) => <DeliveryRow visit={visit} delivery={delivery} />)}
        empty={
          asked.length === 0
            ? 'No survey tool has delivered anything yet.'
            : isSetAsideList
              ? 'No delivery is set aside.'
              : 'No delivery matches.'
        }
        style="deliveries"
      />
      <ui.Paging
        links={[
          ['Newest', search.query.cursor && `${home}?${new URLSearchParams(asked)}`],
          ['Older', next && `${home}?${new URLSearchParams([...asked, ['cursor', next]])}`],
          ['CSV', `${home}?${new URLSearchParams([...asked, ['format', 'csv']])}`],
        ]}
      />
    </ui.WorkspacePage>
  );
}

function Search(props: { home: string; query: Record<string, string>; sources: SourceJson[] }) {
  const { home, query, sources } = props;
  const outcomes = ['stored', 'duplicate', 'set-aside', 'test'];
  const inputs = [
    { label: 'Reason contains', name: 'error' },
    { label: 'Delivery id', name: 'id' },
    { label: 'Response id', name: 'response' },
    { label: 'From (UTC day)', type: 'date', name: 'after' },
    { label: 'Before (UTC day)', type: 'date', name: 'before' },
  ];
  return (
    <form class="search card" method="get" action={home}>
      <ui.Select
        name="source"
        label="Source"
        any="all"
        options={sources.map(({ name }) => [name, name])}
        chosen={query.source}
      />
      <ui.Select
        name="outcome"
        label="Outcome"
        any="all"
        options={outcomes.map((outcome) => [outcome, outcome.replace('-', ' ')])}
        chosen={query.outcome}
      />
      {inputs.map(({ label, ...input }) => (
        <label>
          {label}
          <input {...input} value={query[input.name] ?? ''} />
        </label>
      ))}
      <div class="row">
        <button type="submit">Search</button>
        <a href={home}>All</a>
      </div>
    </form>
  );
}

const tones: Record<DeliveryJson['outcome'], ui.Tone> = {
  stored: 'good',
  duplicate: 'quiet',
  'set-aside': 'bad',
  test: 'quiet',
};

const Outcome = ({ delivery }: { delivery: DeliveryJson }) => (
  <>
    <ui.Pill tone={tones[delivery.outcome]}>{delivery.outcome.replace('-', ' ')}</ui.Pill>
    {delivery.pending && <ui.Pill tone="warn">not processed yet</ui.Pill>}
    {delivery.via === 'back-fill' && <ui.Pill tone="info">found by back-fill</ui.Pill>}
    {delivery.via === 'import' && (
      <ui.Pill tone="info">{delivery.line === null ? 'imported file' : `line ${delivery.line} of a file`}</ui.Pill>
    )}
  </>
);

const DeliveryRow = ({ visit, delivery }: { visit: ui.Visit; delivery: DeliveryJson }) => (
  <li class="stack tight">
    <div>
      <a href={`/w/${visit.workspace}/deliveries/${delivery.id}`}>
        <ui.Moment at={delivery.receivedAt} visit={visit} />
      </a>
      <div class="muted">
        <bdi>{delivery.source}</bdi>, {new Intl.NumberFormat('en').format(delivery.bytes)} bytes
      </div>
    </div>
    <div class="row">
      <Outcome delivery={delivery} />
      {delivery.response && !delivery.error && !delivery.pending && (
        <a href={`/w/${visit.workspace}/responses/${delivery.response}`}>Response</a>
      )}
    </div>
    {delivery.error && <p class="clip">{delivery.error}</p>}
  </li>
);

/** One delivery with its outcome. All of its content is shown as text. */
export function DeliveryPage({ visit, delivery }: { visit: ui.Visit; delivery: DeliveryDetail }) {
  const home = `/w/${visit.workspace}`;
  return (
    <ui.WorkspacePage
      visit={visit}
      title="Delivery"
      tab="Deliveries"
      heading={
        <>
          Delivery from <bdi>{delivery.source}</bdi>
        </>
      }
    >
      <div class="row">
        <Outcome delivery={delivery} />
        <ui.Moment at={delivery.receivedAt} visit={visit} ago />
      </div>
      {delivery.outcome === 'set-aside' && (
        <form class="notice bad stack tight" method="post" action={`${home}/deliveries/${delivery.id}/replay`}>
          <p>Set aside: {delivery.error}</p>
          {visit.may.includes('replay') && (
            <div>
              <ui.PlainButton>Replay it</ui.PlainButton>
            </div>
          )}
        </form>
      )}
      <div class="columns stack">
        <ui.Section id="facts" title="Facts">
          <dl class="stack">
            <ui.Fact name="Id">{delivery.id}</ui.Fact>
            <ui.Fact name="Source">
              <a href={`${home}/sources/${delivery.source}`}>{delivery.source}</a>
            </ui.Fact>
            <ui.Fact name="Bytes">{new Intl.NumberFormat('en').format(delivery.bytes)}</ui.Fact>
            {delivery.contentType && <ui.Fact name="Content type">{delivery.contentType}</ui.Fact>}
            <ui.Fact name="Tries">
              {delivery.tries}
              {delivery.replays > 0 && <span class="muted"> after {delivery.replays} replays</span>}
            </ui.Fact>
            {delivery.response && (
              <ui.Fact name="Response">
                {delivery.outcome === 'set-aside' || delivery.pending ? (
                  delivery.response
                ) : (
                  <a href={`${home}/responses/${delivery.response}`}>{delivery.response}</a>
                )}
              </ui.Fact>
            )}
          </dl>
        </ui.Section>
        <ui.Section id="raw" title="As delivered">
          {delivery.bytes === 0 ? (
            <p class="muted">
              {delivery.file !== null ? (
                <>
                  Line {delivery.line} of <a href={`${home}/deliveries/${delivery.file}`}>a file</a>.
                </>
              ) : delivery.isFile ? (
                'This was a file: its rows were imported one by one, and the file itself is not kept.'
              ) : delivery.via === 'back-fill' ? (
                'Nothing was delivered: a back-fill found this response in the survey tool.'
              ) : (
                'The delivery was empty.'
              )}
            </p>
          ) : (
            <pre class="raw" dir="ltr" tabindex={0}>
              {delivery.text}
            </pre>
          )}
          {delivery.isCut && <p class="muted">Only the first 64 kB are shown.</p>}
          {delivery.fetched && (
            <>
              <h2>As fetched</h2>
              <pre class="raw" dir="ltr" tabindex={0}>
                {delivery.fetched}
              </pre>
            </>
          )}
        </ui.Section>
      </div>
    </ui.WorkspacePage>
  );
}
