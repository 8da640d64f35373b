import type { TrackerSetUpReport, TrackerState } from '#domain/integrations/tracker-state.ts';
import type * as json from '#domain/json/index.ts';
import { PlainButton } from './forms.tsx';
import { WorkspacePage } from './layout.tsx';
import { Fact, Lines, Moment, Pill } from './parts.tsx';
import { SecretsSection } from './secrets-section.tsx';
import { SourceRows } from './source-pages.tsx';
import type { Visit } from './visit.ts';

interface ConnectionsPageProps {
  visit: Visit;
  states: TrackerState[];
  sources: json.SourceJson[];
  health: json.HealthJson | null;
  reports: TrackerSetUpReport[] | null;
  /** Secrets of the settings, for admins; null for others. */
  secrets: json.SecretJson[] | null;
}

/** Trackers, sources and mail: what was last heard, what waits, and what to do about each trouble. */
export const ConnectionsPage = ({ visit, states, sources, health, reports, secrets }: ConnectionsPageProps) => (
  <WorkspacePage visit={visit} title="Connections" tab="Connections">
    {health && <Waiting visit={visit} health={health} />}
    {visit.may.includes('check') && (
      <form method="post" action={`/w/${visit.workspace}/settings/check`}>
        <PlainButton>Check all now</PlainButton>
      </form>
    )}
    <div class="tiles">
      {states.map((state) => (
        <Tracker
          visit={visit}
          state={state}
          report={reports?.find(({ tracker }) => tracker === state.tracker) ?? null}
        />
      ))}
    </div>
    <h2>Survey tools</h2>
    <SourceRows visit={visit} sources={sources} />
    {secrets && secrets.length > 0 && <SecretsSection visit={visit} secrets={secrets} />}
  </WorkspacePage>
);

const usualLagSeconds = 60;

function Waiting({ visit, health }: { visit: Visit; health: json.HealthJson }) {
  const { lagSeconds, deliveries, queues } = health;
  const mail = queues.find(({ queue }) => queue === 'mail');
  const isLate = lagSeconds > usualLagSeconds;
  return (
    <>
      {isLate && (
        <p class="notice warn">
          Due work waits for {Math.round(lagSeconds / 60)} minutes. If this lasts, ask the operator to look at the log.
        </p>
      )}
      {deliveries.oldestWaitingAt && (
        <p class="notice">
          {deliveries.waiting} {deliveries.waiting === 1 ? 'delivery waits' : 'deliveries wait'} to be read, since{' '}
          <Moment at={deliveries.oldestWaitingAt} visit={visit} />.
        </p>
      )}
      {mail?.oldestAt && (
        <p class={mail.pausedSince ? 'notice bad' : 'notice'}>
          {mail.waiting + mail.unknown} {mail.waiting + mail.unknown === 1 ? 'mail waits' : 'mails wait'} since{' '}
          <Moment at={mail.oldestAt} visit={visit} />
          {mail.pausedSince && ': the provider refuses our credentials; enter a new secret below'}.
        </p>
      )}
    </>
  );
}

function Tracker({ visit, state, report }: { visit: Visit; state: TrackerState; report: TrackerSetUpReport | null }) {
  const { tracker, title, waiting, trouble, paused, left, polledAt, nextPollAt, pollTrouble, hintedAt, cannot } = state;
  const stopped = paused?.next ?? state.heldUntil ?? state.rateLimitedUntil;
  return (
    <article class="card stack">
      <div class="row">
        <h2>
          {title} <span class="muted">({tracker})</span>
        </h2>
        <Pill tone={paused ? 'bad' : pollTrouble ? 'warn' : 'good'}>
          {paused ? 'paused' : pollTrouble ? 'has a problem' : 'in use'}
        </Pill>
      </div>
      {paused && (
        <p>
          Credentials refused since <Moment at={paused.since} visit={visit} ago />: {paused.why}. Nothing is lost:
          waiting calls go out afterwards. Renew the secret, or grant the missing permission.
        </p>
      )}
      <dl class="stack tight">
        <Fact name="Waiting calls">
          {waiting === 0 ? 'nothing' : waiting}
          {trouble && <span class="muted"> (last answer: {trouble})</span>}
        </Fact>
        {stopped && (
          <Fact name={paused ? 'Next try' : 'Resumes'}>
            <Moment at={stopped} visit={visit} />
          </Fact>
        )}
        <Fact name="Last read">
          {polledAt ? <Moment at={polledAt} visit={visit} ago /> : 'not yet'}
          {pollTrouble && <span class="muted"> (error: {pollTrouble})</span>}
        </Fact>
        {nextPollAt && (
          <Fact name="Next read">
            <Moment at={nextPollAt} visit={visit} />
          </Fact>
        )}
        {left && (
          <Fact name="Calls left">
            {left.calls} until <Moment at={left.until} visit={visit} />
          </Fact>
        )}
        <Fact name="Last webhook">
          {hintedAt ? <Moment at={hintedAt} visit={visit} ago /> : 'none; changes are found by reading'}
        </Fact>
        <Fact name="Address for webhooks">
          <code>{`…/hooks/${visit.workspace}/trackers/${tracker}`}</code>
        </Fact>
      </dl>
      {state.refused.length > 0 && (
        <div class="notice warn">
          <p>Refused, and tried again after each check, each push, and from time to time:</p>
          <Lines
            lines={state.refused.map(
              ({ what, reason, cases }) => `${what}, ${cases === 1 ? '1 case' : `${cases} cases`}: ${reason}`,
            )}
          />
        </div>
      )}
      {report && <Findings report={report} />}
      {cannot.length > 0 && (
        <details>
          <summary>Limits of {title}</summary>
          <Lines lines={cannot} />
        </details>
      )}
    </article>
  );
}

export function Findings({ report }: { report: TrackerSetUpReport }) {
  if (report.findings.length === 0)
    return (
      <p>
        <Pill tone="good">checked</Pill> No problems: credentials, permissions, labels, fields, people and clock.
      </p>
    );
  return (
    <ul class="stack tight">
      {report.findings.map(({ about, blocking, message, remedy }) => (
        <li>
          <Pill tone={blocking ? 'bad' : 'warn'}>{about}</Pill> {message}; {remedy}.
        </li>
      ))}
    </ul>
  );
}
