import type { TrackerState } from '#domain/integrations/tracker-state.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import type { HeldMatchesJson } from '#domain/json/intake-json.ts';
import { filterCases } from './case-display.ts';
import { CaseRows } from './case-list.tsx';
import { WorkspacePage } from './layout.tsx';
import { Backlogs, Moment, Section } from './parts.tsx';
import type { Visit } from './visit.ts';

const groupNames = ['needs-person', 'disputed', 'overdue', 'open', 'unverified'] as const;
interface WorkGroup {
  name: (typeof groupNames)[number];
  cases: CaseJson[];
}

const titles: Record<WorkGroup['name'], string> = {
  'needs-person': 'Needs your decision',
  disputed: 'Disputed: the customer says no',
  overdue: 'Overdue',
  open: 'Open',
  unverified: 'Unverified in the last 60 days',
};
const rowsInSight = 5;

/** A person's cases by what they need; each case stands in the first group that fits. */
export function groupWork(cases: CaseJson[], now: number): WorkGroup[] {
  const rest = new Set(cases);
  return groupNames.map((name) => {
    const members = filterCases([...rest], name, now);
    for (const caseJson of members) rest.delete(caseJson);
    return { name, cases: members };
  });
}

interface WorkPageProps {
  visit: Visit;
  groups: WorkGroup[];
  held: HeldMatchesJson[];
  states: TrackerState[];
}

/** The home page: cases that wait for the person who is signed in. */
export function WorkPage({ visit, groups, held, states }: WorkPageProps) {
  const urgent = groups.reduce((sum, { name, cases }) => sum + (name === 'unverified' ? 0 : cases.length), 0);
  return (
    <WorkspacePage visit={visit} title="My work" tab="My work">
      <p>
        {urgent === 0
          ? 'No case needs you now.'
          : urgent === 1
            ? '1 case needs you now.'
            : `${urgent} cases need you now.`}{' '}
        <a href={`/w/${visit.workspace}/cases`}>Cases of everybody</a>
      </p>
      <Backlogs visit={visit} states={states} />
      {held.map((matches) => (
        <HeldMatches visit={visit} held={matches} />
      ))}
      {groups.map(({ name, cases }) => cases.length > 0 && <Group visit={visit} name={name} cases={cases} />)}
    </WorkspacePage>
  );
}

/** Matches of a runaway template, with the buttons that decide about them. */
function HeldMatches({ visit, held }: { visit: Visit; held: HeldMatchesJson }) {
  const { template, title, count, firstAt, lastAt, responses } = held;
  const home = `/w/${visit.workspace}`;
  return (
    <Section id={`held-${template}`} title={`Decide: matches of ${title} are held`} count={count}>
      <p>
        This template opened as many cases as it may within an hour. No case was opened for{' '}
        {count === 1 ? '1 match' : `${count} matches`} between <Moment at={firstAt} visit={visit} /> and{' '}
        <Moment at={lastAt} visit={visit} />. Read some of them:{' '}
        {responses.map((id, index) => [
          index > 0 && ', ',
          <a href={`${home}/responses/${id}`}>response {index + 1}</a>,
        ])}
      </p>
      {visit.may.includes('decideHeld') ? (
        <form class="row" method="post" action={`${home}/templates/${template}/held-matches`}>
          <button type="submit" name="decision" value="open">
            Open {count} {count === 1 ? 'case' : 'cases'}, less duplicates
          </button>
          <button class="plain" type="submit" name="decision" value="drop">
            Drop them
          </button>
        </form>
      ) : (
        <p class="muted">A case manager decides whether cases open for them.</p>
      )}
    </Section>
  );
}

function Group({ visit, name, cases }: { visit: Visit } & WorkGroup) {
  const more = cases.slice(rowsInSight);
  return (
    <section class="stack tight" aria-labelledby={name}>
      <h2 id={name}>
        {titles[name]} <span class="muted">{cases.length}</span>
      </h2>
      <CaseRows visit={visit} cases={cases.slice(0, rowsInSight)} />
      {more.length > 0 && (
        <details>
          <summary>{more.length} more</summary>
          <CaseRows visit={visit} cases={more} />
        </details>
      )}
    </section>
  );
}
