import { CaseRows, Rail } from './case-rows.tsx';
import * as ui from './kit.ts';
import { Plot } from './plot.tsx';
import { Figures } from './report-page.tsx';

/** Groups of a person's work; those that are not urgent need nobody now. */
const groups: Record<ui.WorkGroupName, { title: string; isUrgent: boolean }> = {
  disputed: { title: 'Disputed: the customer says no', isUrgent: true },
  'needs-person': { title: 'Needs your decision', isUrgent: true },
  overdue: { title: 'Overdue, yours', isUrgent: true },
  'due-today': { title: 'Due today', isUrgent: true },
  'first-contact': { title: 'First contact missed', isUrgent: true },
  steps: { title: 'Your steps of plans', isUrgent: true },
  asked: { title: 'Awaiting the customer', isUrgent: false },
  open: { title: 'Open, due later', isUrgent: false },
  unverified: { title: 'Unverified in the last 60 days', isUrgent: false },
};

interface WorkPageProps {
  visit: ui.Visit;
  home: ui.Value<'home'>;
  /** Position in the only group that is shown; null for the first rows of all. */
  after: number | null;
  held: ui.HeldMatchesJson[];
  states: ui.TrackerState[];
  /** Figures for a person without a team and without work; null for others. */
  report: ui.ReportJson | null;
}

/** The home page: cases that wait for the person who is signed in. */
export function WorkPage({ visit, home, held, states, report, after }: WorkPageProps) {
  const urgent = home.groups.reduce((sum, { name, count }) => sum + (groups[name].isUrgent ? count : 0), 0);
  const heading = urgent === 0 ? 'Nothing needs you now' : `${urgent} ${urgent === 1 ? 'needs' : 'need'} you now`;
  return (
    <ui.WorkspacePage visit={visit} title="My work" tab="My work" heading={heading}>
      <Rail facts={home.rail}>
        <ui.Backlogs states={states} />
        {held.map((matches) => (
          <HeldMatches held={matches} />
        ))}
        {home.groups.map((group) => (
          <Group group={group} after={after} />
        ))}
        {report?.trends.map((series) => (
          <Plot series={series} />
        ))}
        {report && <Figures report={report} />}
        {home.groups.length === 0 && (
          <p class="card">
            No case is yours. <ui.Link to="cases">Cases of everybody</ui.Link>
            {visit.may.includes('setUp') && [' · ', <ui.Link to="set-up">What is left to set up</ui.Link>]}
          </p>
        )}
      </Rail>
    </ui.WorkspacePage>
  );
}

type GroupProps = { group: ui.Value<'home'>['groups'][number]; after: number | null };

function Group({ group: { name, count, rows }, after }: GroupProps) {
  const home = `/w/${ui.useVisit().workspace}`;
  const url = (from: number) => `${home}?group=${name}&after=${from}`;
  const last = (after ?? 0) + rows.length;
  return (
    <section class="stack tight" aria-labelledby={name}>
      <h2 id={name}>
        {groups[name].title} <span class="muted">{count}</span>
      </h2>
      <CaseRows rows={rows} plain />
      <ui.Paging
        links={[
          [`All ${count}`, after === null && count > rows.length && url(0)],
          ['Next', after !== null && last < count && url(last)],
          ['My work', after !== null && home],
        ]}
      />
    </section>
  );
}

const HeldMatches = ({ held: { template, title, count, firstAt, responses } }: { held: ui.HeldMatchesJson }) => (
  <ui.Section id={`held-${template}`} title={`Decide: matches of ${title} are held`} count={count}>
    <p>
      The template opened as many cases as it may within an hour, or was applied to stored responses. Since{' '}
      <ui.Moment at={firstAt} />, {count === 1 ? '1 match' : `${count} matches`} opened none. Read some of them:{' '}
      {responses.map((id, index) => [
        index > 0 && ', ',
        <ui.Link to={`responses/${id}`}>response {index + 1}</ui.Link>,
      ])}
    </p>
    {ui.useVisit().may.includes('decideHeld') ? (
      <ui.Buttons
        action={`templates/${template}/held-matches`}
        name="decision"
        buttons={[
          ['open', count === 1 ? 'Open its case' : `Open up to ${count} cases`, true],
          ['drop', 'Drop them'],
        ]}
      />
    ) : (
      <p class="muted">A case manager decides whether cases open for them.</p>
    )}
  </ui.Section>
);
