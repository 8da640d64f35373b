import { Hook, TestIssueState } from './hooks-and-test-issues.tsx';
import * as ui from './kit.ts';
import { SecretsSection } from './secrets-section.tsx';
import { SourceRows } from './source-pages.tsx';

interface ConnectionsPageProps {
  visit: ui.Visit;
  states: ui.TrackerState[];
  sources: ui.SourceJson[];
  health: ui.HealthJson | null;
  reports: ui.TrackerSetUpReport[] | null;
  /** Secrets of the settings, for admins; null for others. */
  secrets: ui.SecretJson[] | null;
}

/** Trackers, sources and mail: what was last heard, what waits, and what to do about each trouble. */
export const ConnectionsPage = ({ visit, states, sources, health, reports, secrets }: ConnectionsPageProps) => (
  <ui.WorkspacePage visit={visit} title="Connections" tab="Connections">
    {health && <Waiting health={health} />}
    {visit.may.includes('check') && <ui.Form action="settings/check" plain button="Check all now" />}
    <div class="stack tiles">
      {states.map((state) => (
        <Tracker state={state} report={reports?.find(({ tracker }) => tracker === state.tracker) ?? null} />
      ))}
    </div>
    <h2>Survey tools</h2>
    <SourceRows sources={sources} />
    {secrets && secrets.length > 0 && <SecretsSection secrets={secrets} />}
  </ui.WorkspacePage>
);

const usualLagSeconds = 60;

function Waiting({ health: { lagSeconds, deliveries, queues } }: { health: ui.HealthJson }) {
  const mail = queues.find(({ queue }) => queue === 'mail');
  const mails = (mail?.waiting ?? 0) + (mail?.unknown ?? 0);
  return (
    <>
      {lagSeconds > usualLagSeconds && (
        <p class="notice warn">
          Due work waits for {Math.round(lagSeconds / 60)} minutes. If this lasts, ask the operator to look at the log.
        </p>
      )}
      {deliveries.oldestWaitingAt && (
        <p class="notice">
          {deliveries.waiting} {deliveries.waiting === 1 ? 'delivery waits' : 'deliveries wait'} to be read, since{' '}
          <ui.Moment at={deliveries.oldestWaitingAt} />.
        </p>
      )}
      {mail?.oldestAt && (
        <p class={mail.pausedSince ? 'notice bad' : 'notice'}>
          {mails} {mails === 1 ? 'mail waits' : 'mails wait'} since <ui.Moment at={mail.oldestAt} />
          {mail.pausedSince && ': the provider refuses our credentials; enter a new secret below'}.
        </p>
      )}
    </>
  );
}

function Tracker({ state, report }: { state: ui.TrackerState; report: ui.TrackerSetUpReport | null }) {
  const { tracker, title, waiting, trouble, paused, left, polledAt, nextPollAt, pollTrouble, hintedAt, cannot } = state;
  const { workspace } = ui.useVisit();
  const stopped = paused?.next ?? state.heldUntil ?? state.rateLimitedUntil;
  const note = (text: string | null, what: string): ui.Child =>
    text && <span class="muted"> ({`${what}: ${text}`})</span>;
  const ago = (at: string | null, never: string): ui.Child => (at ? <ui.Moment at={at} ago /> : never);
  return (
    <article class="card stack">
      <div class="row">
        <h2>
          {title} <span class="muted">({tracker})</span>
        </h2>
        <ui.Pill tone={paused ? 'bad' : pollTrouble ? 'warn' : 'good'}>
          {paused ? 'paused' : pollTrouble ? 'has a problem' : 'in use'}
        </ui.Pill>
      </div>
      {paused && (
        <p>
          Credentials refused since <ui.Moment at={paused.since} ago />: {paused.why}. Nothing is lost: waiting calls go
          out afterwards. Renew the secret, or grant the missing permission.
        </p>
      )}
      <ui.Facts
        tight
        facts={[
          ['Waiting calls', [waiting === 0 ? 'nothing' : waiting, note(trouble, 'last answer')]],
          [paused ? 'Next try' : 'Resumes', stopped && <ui.Moment at={stopped} />],
          ['Last read', [ago(polledAt, 'not yet'), note(pollTrouble, 'error')]],
          ['Next read', nextPollAt && <ui.Moment at={nextPollAt} />],
          ['Calls left', left && [left.calls, ' until ', <ui.Moment at={left.until} />]],
          ['Last webhook', ago(hintedAt, 'none; changes are found by reading')],
          ['Address for webhooks', <code>{`…/hooks/${workspace}/trackers/${tracker}`}</code>],
        ]}
      />
      {state.refused.length > 0 && (
        <div class="notice warn">
          <p>Refused, and tried again after each check, each push, and from time to time:</p>
          <ui.Lines
            lines={state.refused.map(
              ({ what, reason, cases }) => `${what}, ${cases === 1 ? '1 case' : `${cases} cases`}: ${reason}`,
            )}
          />
        </div>
      )}
      {report && <Findings report={report} />}
      <Hook back="settings" queue={tracker} hook={state.hook} need={state.hooksNeed} />
      <TestIssueState back="settings" tracker={tracker} last={state.testIssue} />
      {cannot.length > 0 && (
        <details>
          <summary>Limits of {title}</summary>
          <ui.Lines lines={cannot} />
        </details>
      )}
    </article>
  );
}

export function Findings({ report }: { report: ui.TrackerSetUpReport }) {
  if (report.findings.length === 0)
    return (
      <p>
        <ui.Pill tone="good">checked</ui.Pill> No problems: credentials, permissions, labels, fields, people and clock.
      </p>
    );
  return (
    <ui.Lines
      lines={report.findings.map(({ about, blocking, message, remedy }) => [
        <ui.Pill tone={blocking ? 'bad' : 'warn'}>{about}</ui.Pill>,
        ` ${message}; ${remedy}.`,
      ])}
    />
  );
}
