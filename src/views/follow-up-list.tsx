import { textByCloserAnswer, textByCustomerAnswer } from './closings.tsx';
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

type FollowUpListProps = { visit: ui.Visit; list: ui.Listed<ui.FollowUpRow>; state: State | null };

/** Follow-ups with their states, including skipped ones with the reason. */
export function FollowUpListPage({ visit, list, state }: FollowUpListProps) {
  const home = `/w/${visit.workspace}/follow-ups`;
  const states = followUpStates.map((name): [string, string, boolean] => {
    return [followUpStateDisplays[name].text, `${home}?state=${name}`, name === state];
  });
  return (
    <ui.WorkspacePage visit={visit} title="Follow-ups" tab="Follow-ups">
      <p>
        After a closing the customer is asked whether the problem is solved, and the closer whether it really could be.
        Nobody is asked twice within the quarantine; skipped surveys are listed with the reason.
      </p>
      <ui.Choices label="States" style="row" links={[['All', home, state === null], ...states]} />
      <ui.List
        list={list}
        row={(row) => <Row row={row} />}
        empty={state ? 'No such surveys.' : 'No closing has led to a survey yet.'}
      />
    </ui.WorkspacePage>
  );
}

/** What a customer or a closer answered; undefined without an answer. */
export const sayAnswer = ({ kind, answers }: Pick<ui.FollowUpRow, 'kind' | 'answers'>): string | undefined =>
  kind === 'customer'
    ? textByCustomerAnswer.get(answers?.resolved ?? '')
    : textByCloserAnswer.get(answers?.closed ?? '');

function Row({ row }: { row: ui.FollowUpRow }) {
  const { text, tone } = followUpStateDisplays[row.state];
  const said = sayAnswer(row);
  const words = row.answers?.comment ?? row.answers?.note;
  return (
    <li class="stack tight">
      <p class="row">
        <ui.Pill tone={tone}>{text}</ui.Pill>
        <ui.Link to={`cases/${row.case}`}>{row.handle}</ui.Link>
        <span>{row.category}</span>
        <span>
          {row.kind} {row.person ? <ui.Person who={row.person} /> : <bdi>{row.name ?? row.customer}</bdi>}
        </span>
        {said && <strong>{said}</strong>}
        {row.generation > 1 && <span class="muted">closing {row.generation}</span>}
      </p>
      {words && <ui.Words text={words} />}
      <p class="muted">
        {ui.readable(row.why)}. {row.state === 'due' ? 'Due' : row.sentAt ? 'Asked' : 'Was due'}{' '}
        <ui.Moment at={row.sentAt ?? row.dueAt} />
        {row.answeredAt && [', answered ', <ui.Moment at={row.answeredAt} />]}
      </p>
    </li>
  );
}
