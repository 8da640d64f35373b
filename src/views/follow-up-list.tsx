import type { FollowUpRow } from '#domain/json/loop-json.ts';
import * as ui from './kit.ts';

export const followUpStates = ['due', 'sent', 'answered', 'expired', 'skipped'] as const;
type State = (typeof followUpStates)[number];

export const followUpStateDisplays: Record<State, { text: string; tone: ui.Tone }> = {
  due: { text: 'Waits', tone: 'info' },
  sent: { text: 'Asked', tone: 'info' },
  answered: { text: 'Answered', tone: 'good' },
  expired: { text: 'No answer', tone: 'warn' },
  skipped: { text: 'Not asked', tone: 'warn' },
};

interface FollowUpListProps {
  visit: ui.Visit;
  rows: FollowUpRow[];
  state: State | null;
  next: string | null;
  newest: boolean;
}

/** Follow-ups with their states, including skipped ones with the reason. */
export function FollowUpListPage({ visit, rows, state, next, newest }: FollowUpListProps) {
  const home = `/w/${visit.workspace}/follow-ups`;
  return (
    <ui.WorkspacePage visit={visit} title="Follow-ups" tab="Follow-ups">
      <p>
        After a closing the customer is asked whether the problem is solved, and the closer whether it really could be.
        Nobody is asked twice within the quarantine; skipped surveys are listed with the reason.
      </p>
      <ui.Choices
        label="States"
        style="row"
        links={[
          ['All', home, state === null],
          ...followUpStates.map((name): [string, string, boolean] => [
            followUpStateDisplays[name].text,
            `${home}?state=${name}`,
            name === state,
          ]),
        ]}
      />
      <ui.Rows
        rows={rows.map((row) => <Row visit={visit} row={row} />)}
        empty={state ? 'No such surveys.' : 'No closing has led to a survey yet.'}
      />
      <ui.Paging
        links={[
          ['Newest', !newest && (state ? `${home}?state=${state}` : home)],
          ['CSV', `${home}?${state ? `state=${state}&` : ''}format=csv`],
          ['Older', next && `${home}?${state ? `state=${state}&` : ''}before=${next}`],
        ]}
      />
    </ui.WorkspacePage>
  );
}

function Row({ visit, row }: { visit: ui.Visit; row: FollowUpRow }) {
  const { text, tone } = followUpStateDisplays[row.state];
  const who = row.person ? ui.nameOf(visit, row.person) : row.customer;
  return (
    <li class="stack tight">
      <p class="row">
        <ui.Pill tone={tone}>{text}</ui.Pill>
        <a href={`/w/${visit.workspace}/cases/${row.case}`}>{row.handle}</a>
        <span>{row.category}</span>
        <span>
          {row.kind === 'customer' ? 'customer' : 'closer'} <bdi>{who}</bdi>
        </span>
        {row.generation > 1 && <span class="muted">closing {row.generation}</span>}
      </p>
      <p class="muted">
        {sentence(row.why)} {row.state === 'due' ? 'Due' : row.sentAt ? 'Asked' : 'Was due'}{' '}
        <ui.Moment at={row.sentAt ?? row.dueAt} visit={visit} />
        {row.answeredAt && (
          <>
            , answered <ui.Moment at={row.answeredAt} visit={visit} />
          </>
        )}
      </p>
    </li>
  );
}

const sentence = (why: string): string => `${why.charAt(0).toUpperCase()}${why.slice(1)}.`;
