import type { Child } from 'hono/jsx';
import type { SourceJson } from '#domain/json/intake-json.ts';
import type { Tone } from './case-display.ts';
import { WorkspacePage } from './layout.tsx';
import { Moment, Pill, Rows } from './parts.tsx';
import type { Visit } from './visit.ts';

const tones: Record<SourceJson['state'], Tone> = {
  'in use': 'good',
  silent: 'bad',
  paused: 'warn',
  removed: 'quiet',
};

/** State of a source, its last delivery and its troubles. */
export const SourceStatePill = ({
  visit,
  source,
  children,
}: {
  visit: Visit;
  source: SourceJson;
  children?: Child;
}) => (
  <>
    <div class="row">
      {children}
      <Pill tone={tones[source.state]}>{source.state}</Pill>
      {source.kind && <span class="muted">{source.kind}</span>}
    </div>
    <LastDelivery visit={visit} source={source} />
    <Troubles visit={visit} source={source} />
  </>
);

/** Sources with their last deliveries. */
export function SourceListPage({ visit, sources }: { visit: Visit; sources: SourceJson[] }) {
  return (
    <WorkspacePage visit={visit} title="Sources" tab="Sources">
      <Rows
        rows={sources.map((source) => (
          <li class="stack tight">
            <SourceStatePill visit={visit} source={source}>
              <a href={`/w/${visit.workspace}/sources/${source.name}`}>
                <strong>{source.name}</strong>
              </a>
            </SourceStatePill>
          </li>
        ))}
        empty="The workspace file names no sources."
      />
    </WorkspacePage>
  );
}

/** Time of a source's last delivery, and when it counts as silent. */
function LastDelivery({ visit, source }: { visit: Visit; source: SourceJson }) {
  const { lastDeliveryAt, quietLimitHours } = source;
  return (
    <p class="muted">
      {lastDeliveryAt === null ? (
        'Has not delivered anything yet.'
      ) : (
        <>
          Last delivered <Moment at={lastDeliveryAt} visit={visit} ago />.{' '}
          {quietLimitHours === null
            ? 'Too few deliveries in 60 days for a silence alert.'
            : `Counts as silent after ${quietLimitHours} hours: five times its 95th percentile gap of the last 60 days, at least 24 hours.`}
        </>
      )}
    </p>
  );
}

function Troubles({ visit, source }: { visit: Visit; source: SourceJson }) {
  const { name, setAside, found, waiting, trouble } = source;
  const aside = new URLSearchParams({ source: name, outcome: 'set-aside' });
  if (setAside === 0 && found === 0 && waiting === 0 && trouble === null) return null;
  return (
    <div class="row">
      {setAside > 0 && (
        <a href={`/w/${visit.workspace}/deliveries?${aside}`}>
          <Pill tone="bad">{setAside} set aside</Pill>
        </a>
      )}
      {found > 0 && <Pill tone="info">{found} found by back-fill</Pill>}
      {waiting > 0 && <Pill tone="warn">{waiting} waiting to be fetched</Pill>}
      {trouble !== null && <span class="muted">Last error of the survey tool: {trouble}</span>}
    </div>
  );
}
