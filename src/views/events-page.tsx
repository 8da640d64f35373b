import type { EventAttemptJson, EventChannelJson } from '#domain/json/settings-json.ts';
import * as ui from './kit.ts';

interface EventsPageProps {
  visit: ui.Visit;
  channels: EventChannelJson[];
  chosen: string;
  list: ui.Listed<EventAttemptJson>;
  replayed: string | null;
  until: string | null;
}

/** Channels with events of cases: their state, the tries, and replays. */
export function EventsPage({ visit, channels, chosen, list, replayed, until }: EventsPageProps) {
  const home = `/w/${visit.workspace}/settings/events`;
  const channel = channels.find(({ name }) => name === chosen);
  return (
    <ui.WorkspacePage visit={visit} title="Events" tab="Events">
      {replayed !== null && (
        <ui.Notice isNews>
          <p>
            {replayed === '1' ? '1 event is' : `${Number(replayed) || 0} events are`} posted again.
            {until && [' Later ones follow when you replay since ', <ui.Moment at={until} />, '.']}
          </p>
        </ui.Notice>
      )}
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
          No channel gets events of cases. Add <code>events: all</code> to a channel of kind webhook in the workspace
          file.
        </p>
      )}
      {channel && (
        <div class="card">
          <ui.Table
            name="Tries"
            style="people-table"
            columns={['When', 'Event', 'Result', 'Case', '']}
            head={1}
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
        </div>
      )}
      <ui.Pages list={{ ...list, hasFile: channel !== undefined }} />
    </ui.WorkspacePage>
  );
}

function Channel({ channel, action }: { channel: EventChannelJson; action: string }) {
  const { name, types, personalData, waiting, trouble, takenAt, endedAt } = channel;
  return (
    <ui.Section id="channel" title={name} tight>
      <p>
        <ui.Pill tone={endedAt ? 'bad' : trouble ? 'warn' : 'good'}>
          {endedAt ? 'ended' : trouble ? 'has a problem' : 'in use'}
        </ui.Pill>{' '}
        {types.join(', ') || 'Every event'}, {personalData ? 'with' : 'without'} personal data. {waiting || 'Nothing'}{' '}
        {waiting > 1 ? 'wait' : 'waits'}; last taken: {takenAt ? <ui.Moment at={takenAt} ago /> : 'nothing yet'}.
      </p>
      {trouble && <p class="notice warn">Last answer: {trouble}</p>}
      {endedAt && (
        <p class="notice bad">
          Ended <ui.Moment at={endedAt} ago />, after 5 days without an event taken. A replay begins anew.
        </p>
      )}
      {ui.useVisit().may.includes('replayEvents') && (
        <ui.FoldedForm
          name="Replay all since a day"
          open={endedAt !== null}
          action={action}
          fields={[{ name: 'since', label: 'Since (UTC day)', type: 'date', value: endedAt?.slice(0, 10) ?? null }]}
          button="Replay"
        />
      )}
    </ui.Section>
  );
}
