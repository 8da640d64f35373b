import type { DeliveryDetail } from '#domain/json/intake-json.ts';
import { Outcome } from './delivery-list.tsx';
import { PlainButton } from './forms.tsx';
import { WorkspacePage } from './layout.tsx';
import { Fact, Moment, Section } from './parts.tsx';
import type { Visit } from './visit.ts';

/** One delivery with its outcome. All of its content is shown as text. */
export function DeliveryPage({ visit, delivery }: { visit: Visit; delivery: DeliveryDetail }) {
  const home = `/w/${visit.workspace}`;
  return (
    <WorkspacePage
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
        <Moment at={delivery.receivedAt} visit={visit} ago />
      </div>
      {delivery.outcome === 'set-aside' && (
        <form class="notice bad stack tight" method="post" action={`${home}/deliveries/${delivery.id}/replay`}>
          <p>Set aside: {delivery.error}</p>
          <div>
            <PlainButton>Replay it</PlainButton>
          </div>
        </form>
      )}
      <div class="columns stack">
        <Section id="facts" title="Facts">
          <dl class="stack">
            <Fact name="Id">{delivery.id}</Fact>
            <Fact name="Source">
              <a href={`${home}/sources/${delivery.source}`}>{delivery.source}</a>
            </Fact>
            <Fact name="Bytes">{new Intl.NumberFormat('en').format(delivery.bytes)}</Fact>
            {delivery.contentType && <Fact name="Content type">{delivery.contentType}</Fact>}
            <Fact name="Tries">
              {delivery.tries}
              {delivery.replays > 0 && <span class="muted"> after {delivery.replays} replays</span>}
            </Fact>
            {delivery.response && (
              <Fact name="Response">
                {delivery.outcome === 'set-aside' || delivery.pending ? (
                  delivery.response
                ) : (
                  <a href={`${home}/responses/${delivery.response}`}>{delivery.response}</a>
                )}
              </Fact>
            )}
          </dl>
        </Section>
        <Section id="raw" title="As delivered">
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
        </Section>
      </div>
    </WorkspacePage>
  );
}
