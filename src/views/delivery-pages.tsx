import * as ui from './kit.ts';

interface DeliveryListProps {
  visit: ui.Visit;
  list: ui.Listed<ui.DeliveryJson>;
  given: Record<string, string>;
  problem: { path: PropertyKey[]; message: string } | undefined;
  sources: ui.SourceJson[];
}

const outcomes = ['stored', 'duplicate', 'set-aside', 'test'];
const sayOutcome = (outcome: string) => outcome.replace('-', ' ');

/** Log of deliveries, newest first, with a search. */
export function DeliveryListPage({ visit, list, given, problem, sources }: DeliveryListProps) {
  const names = Object.keys(given);
  const isSetAsideList = names.length === 1 && given.outcome === 'set-aside';
  const { outcome: _, ...replayable } = given;
  const known = sources.map(({ name }) => name);
  const field = (name: string, label: string, type?: 'date'): ui.FormField => {
    return { name, label, value: given[name] ?? null, ...(type && { type }) };
  };
  const fields = [
    ui.choice('source', 'Source', ui.named(known), given.source ?? null),
    ui.choice('outcome', 'Outcome', ui.named(outcomes, sayOutcome), given.outcome ?? null),
    ...[field('error', 'Reason contains'), field('id', 'Delivery id'), field('response', 'Response id')],
    ...[field('after', 'From', 'date'), field('before', 'Before', 'date')],
  ];
  return (
    <ui.WorkspacePage visit={visit} title="Deliveries" tab="Deliveries">
      <ui.Search action="deliveries" fields={fields} />
      {problem && (
        <p class="notice bad">
          {problem.path.join('.')} {problem.message}
        </p>
      )}
      {list.items.some(({ outcome }) => outcome === 'set-aside') && visit.may.includes('replay') && (
        <ui.Notice tone="bad">
          Some were set aside. After removing the cause, for instance a wrong mapping:
          <ui.Form
            action="deliveries/replay"
            hidden={replayable}
            button={`Replay all ${names.length > 0 ? 'that match' : 'set aside'}`}
            plain
          />
        </ui.Notice>
      )}
      <ui.List
        list={list}
        row={(delivery) => <DeliveryRow delivery={delivery} />}
        empty={
          names.length === 0
            ? 'No survey tool has delivered anything yet.'
            : `No delivery ${isSetAsideList ? 'is set aside' : 'matches'}.`
        }
        style="deliveries"
      />
    </ui.WorkspacePage>
  );
}

const tones: Record<ui.DeliveryJson['outcome'], ui.Tone> = {
  stored: 'good',
  duplicate: 'quiet',
  'set-aside': 'bad',
  test: 'quiet',
};

const Outcome = ({ delivery }: { delivery: ui.DeliveryJson }) => (
  <>
    <ui.Pill tone={tones[delivery.outcome]}>{sayOutcome(delivery.outcome)}</ui.Pill>
    {delivery.pending && <ui.Pill tone="warn">not processed yet</ui.Pill>}
    {delivery.via === 'back-fill' && <ui.Pill tone="info">found by back-fill</ui.Pill>}
    {delivery.via === 'import' && (
      <ui.Pill tone="info">{delivery.line === null ? 'imported file' : `line ${delivery.line} of a file`}</ui.Pill>
    )}
  </>
);

const DeliveryRow = ({ delivery }: { delivery: ui.DeliveryJson }) => (
  <li class="stack tight">
    <div>
      <ui.Link to={`deliveries/${delivery.id}`}>
        <ui.Moment at={delivery.receivedAt} />
      </ui.Link>
      <ui.MutedLine text={`${delivery.source}, ${ui.formatNumber(delivery.bytes)} bytes`} />
    </div>
    <div class="row">
      <Outcome delivery={delivery} />
      {delivery.response && !delivery.error && !delivery.pending && (
        <ui.Link to={`responses/${delivery.response}`}>Response</ui.Link>
      )}
    </div>
    {delivery.error && <p class="clip">{delivery.error}</p>}
  </li>
);

/** One delivery with its outcome. All of its content is shown as text. */
export function DeliveryPage({ visit, delivery }: { visit: ui.Visit; delivery: ui.DeliveryDetail }) {
  const { id, source, response, outcome, replays } = delivery;
  const isTaken = response && outcome !== 'set-aside' && !delivery.pending;
  const heading = ['Delivery from ', <bdi>{source}</bdi>];
  return (
    <ui.WorkspacePage visit={visit} title="Delivery" tab="Deliveries" heading={heading}>
      <div class="row">
        <Outcome delivery={delivery} />
        <ui.Moment at={delivery.receivedAt} ago />
      </div>
      {outcome === 'set-aside' && (
        <ui.Notice tone="bad">
          <p>Set aside: {delivery.error}</p>
          {visit.may.includes('replay') && <ui.Form action={`deliveries/${id}/replay`} plain button="Replay it" />}
        </ui.Notice>
      )}
      <div class="columns stack">
        <ui.Section id="facts" title="Facts">
          <ui.Facts
            facts={[
              ['Id', id],
              ['Source', <ui.Link to={`sources/${source}`}>{source}</ui.Link>],
              ['Bytes', ui.formatNumber(delivery.bytes)],
              ['Content type', delivery.contentType],
              ['Tries', [delivery.tries, replays > 0 && <span class="muted"> after {replays} replays</span>]],
              ['Response', isTaken ? <ui.Link to={`responses/${response}`}>{response}</ui.Link> : response],
            ]}
          />
        </ui.Section>
        <ui.Section id="raw" title="As delivered">
          {delivery.bytes === 0 ? <p class="muted">{explainEmptiness(delivery)}</p> : <Raw text={delivery.text} />}
          {delivery.isCut && <p class="muted">Only the first 64 kB are shown.</p>}
          {delivery.fetched && <h2>As fetched</h2>}
          {delivery.fetched && <Raw text={delivery.fetched} />}
        </ui.Section>
      </div>
    </ui.WorkspacePage>
  );
}

const Raw = ({ text }: { text: string }) => (
  <pre class="raw" dir="ltr" tabindex={0}>
    {text}
  </pre>
);

function explainEmptiness({ file, line, isFile, via }: ui.DeliveryDetail): ui.Child {
  if (file !== null) return [`Line ${line} of `, <ui.Link to={`deliveries/${file}`}>a file</ui.Link>, '.'];
  if (isFile) return 'This was a file: its rows were imported one by one, and the file itself is not kept.';
  if (via === 'back-fill') return 'Nothing was delivered: a back-fill found this response in the survey tool.';
  return 'The delivery was empty.';
}
