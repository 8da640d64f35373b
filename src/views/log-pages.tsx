import { dateAt } from '#domain/time/quiet-hours.ts';
import * as ui from './kit.ts';

interface EventsPageProps {
  visit: ui.Visit;
  channels: ui.EventChannelJson[];
  chosen: string;
  list: ui.Listed<ui.EventAttemptJson>;
}

/** Channels with events of cases: their state, the tries, and replays. */
export function EventsPage({ visit, channels, chosen, list }: EventsPageProps) {
  const home = `/w/${visit.workspace}/settings/events`;
  const channel = channels.find(({ name }) => name === chosen);
  return (
    <ui.WorkspacePage visit={visit} title="Events" tab="Events">
      {channels.length > 1 && (
        <ui.Choices
          label="Channels"
          style="row"
          links={channels.map(({ name }) => [name, `${home}?channel=${name}`, name === chosen])}
        />
      )}
      {channel ? (
        <Channel channel={channel} action={`settings/events/${channel.name}`} />
      ) : (
        <p class="card">
          No channel gets events of cases. Give a webhook under <ui.Link to="settings/parts/channels">Channels</ui.Link>{' '}
          the events <code>all</code>.
        </p>
      )}
      {channel && (
        <ui.Table
          isCard
          name="Tries"
          columns={['When', 'Event', 'Result', 'Case', '']}
          empty="Nothing was posted yet."
          rows={list.items.map(({ at, type, error, case: id, sequence }) => [
            <ui.Moment at={at} />,
            type,
            [
              <ui.Pill tone={error === null ? 'good' : 'bad'}>{error === null ? 'taken' : 'failed'}</ui.Pill>,
              ' ',
              error,
            ],
            <ui.Link to={`cases/${id}`}>Case</ui.Link>,
            visit.may.includes('replayEvents') && (
              <ui.Buttons
                action={`settings/events/${chosen}`}
                name="sequence"
                buttons={[[String(sequence), 'Replay']]}
                label={`event ${sequence}`}
              />
            ),
          ])}
        />
      )}
      <ui.Pages list={{ ...list, hasFile: channel !== undefined }} />
    </ui.WorkspacePage>
  );
}

function Channel({ channel, action }: { channel: ui.EventChannelJson; action: string }) {
  const { name, types, waiting, trouble, takenAt, endedAt } = channel;
  const { may, timeZone } = ui.useVisit();
  return (
    <ui.Section id="channel" title={name} tight>
      <p>
        <ui.Pill tone={endedAt ? 'bad' : trouble ? 'warn' : 'good'}>
          {endedAt ? 'ended' : trouble ? 'has a problem' : 'in use'}
        </ui.Pill>{' '}
        {types.join(', ') || 'Every event'}. {waiting || 'Nothing'} {waiting > 1 ? 'wait' : 'waits'}; last taken:{' '}
        {takenAt ? <ui.Moment at={takenAt} ago /> : 'nothing yet'}.
      </p>
      {trouble && <p class="notice warn">Last answer: {trouble}</p>}
      {endedAt && (
        <p class="notice bad">
          Ended <ui.Moment at={endedAt} ago />, after 5 days without an event taken. A replay begins anew.
        </p>
      )}
      {may.includes('replayEvents') && (
        <ui.FoldedForm
          name="Replay all since a day"
          open={endedAt !== null}
          action={action}
          fields={[
            { name: 'since', label: 'Since', type: 'date', value: endedAt && dateAt(Date.parse(endedAt), timeZone) },
          ]}
          button="Replay"
        />
      )}
    </ui.Section>
  );
}

const isCase = (about: string) => /^c_[0-9a-f]+$/.test(about);

export const AuditPage = ({ visit, list }: { visit: ui.Visit; list: ui.Listed<ui.AuditLineJson> }) => (
  <ui.WorkspacePage visit={visit} title="Audit log" tab="Audit log">
    <p class="muted">
      Sign-ins, personal data, tokens, roles and settings. Customers stand here under pseudonyms; views that are
      repeated within 15 minutes share a line. No line is ever changed or removed.
    </p>
    <ui.Table
      isCard
      name="Audit log"
      columns={['When', 'Who', 'What', 'About']}
      rows={list.items.map(({ at, who, what, about, details }) => [
        <ui.Moment at={at} />,
        <ui.Person who={who} />,
        what,
        [
          isCase(about) ? <ui.Link to={`cases/${about}`}>The case</ui.Link> : <ui.Person who={about} />,
          ' ',
          details && <span class="muted">{details}</span>,
        ],
      ])}
    />
    <ui.Pages list={list} />
  </ui.WorkspacePage>
);

export const HoldPage = ({ visit, hold }: { visit: ui.Visit; hold: ui.HoldJson | null }) => (
  <ui.WorkspacePage visit={visit} title="Restored from a backup" tab={null}>
    {hold ? <Hold hold={hold} /> : <p>Nothing is held back.</p>}
  </ui.WorkspacePage>
);

function Hold({ hold }: { hold: ui.HoldJson }) {
  const { backupAt, missing, issues, mailsFound, mails, calls, deliveries } = hold;
  return (
    <>
      <p>
        The backup is of <ui.Moment at={backupAt} />. What was made and sent since then is looked up in the trackers and
        at the mail host, so that nothing is made or sent twice. Answers of customers since then are lost.
      </p>
      <ui.Section id="issues" title={`${issues.length} issues were made since the backup`}>
        <ui.Lines
          lines={issues.map(({ key, url, case: handle, isCaseKnown }) => [
            <ui.ExternalLink url={url}>{key}</ui.ExternalLink>,
            ` for ${handle}${isCaseKnown ? '' : ', which opens again with its response'}`,
          ])}
        />
      </ui.Section>
      <p>
        {mailsFound !== null
          ? `${mailsFound} mails were sent since the backup, and are not sent again.`
          : missing.length > 0
            ? 'Mails that were sent since the backup are not listed yet.'
            : 'The mail host lists no mail: what may have been sent is not sent again, and its outcome stays unknown.'}
      </p>
      <ui.Section
        id="waiting"
        title={`${mails.length} mails, ${calls} changes of issues and ${deliveries} deliveries wait for the release`}
      >
        <ui.Lines lines={mails.map(({ subject, kind }) => [<bdi>{subject}</bdi>, ` (${kind})`])} />
      </ui.Section>
      {missing.length > 0 ? (
        <p class="notice">Not everything was looked up yet: {missing.join('; ')}. Load this page again in a while.</p>
      ) : (
        <ui.Form action="hold/release" button="Let everything leave again" />
      )}
    </>
  );
}
