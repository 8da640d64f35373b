import * as ui from './kit.ts';
import { AllowMailForm } from './personal-data.tsx';

interface PeoplePageProps {
  visit: ui.Visit;
  people: ui.PeopleJson;
  /** Titles of trackers by their kind. */
  titles: Map<string, string>;
}

/** People of the workspace: roles, accounts, absences and open cases. */
export function PeoplePage({ visit, people, titles }: PeoplePageProps) {
  const { works, answers } = people.nobody;
  return (
    <ui.WorkspacePage visit={visit} title="People" tab="People">
      {works + answers > 0 && (
        <ui.Notice tone="warn">
          <strong>Unassigned open cases.</strong> No assignee: {works}; no loop owner: {answers}.
        </ui.Notice>
      )}
      <ui.Table
        isCard
        name="People"
        columns={['Who', 'Roles', 'Accounts', 'Away', 'Assigned', 'Loop owner']}
        rows={people.people.map((entry) => [
          <>
            <bdi>{entry.name}</bdi>
            {entry.isUndeliverable &&
              (visit.may.includes('mailAgain') ? (
                <AllowMailForm action={`people/${entry.key}/mail-again`} />
              ) : (
                <ui.Pill tone="warn">mail bounces</ui.Pill>
              ))}
            {visit.may.includes('mailSignInLink') && !entry.isUndeliverable && (
              <ui.Form
                action={`people/${entry.key}/sign-in-link`}
                label={`Mail a sign-in link to ${entry.name}`}
                plain
                button="Mail a sign-in link"
              />
            )}
          </>,
          (
            [
              ['Case manager: ', entry.manages],
              ['Member: ', entry.memberOf],
              ['', entry.roles],
              ['', ['admin', 'viewer'].filter((access) => access === entry.access)],
            ] as const
          ).map(([role, of]) => of.length > 0 && <div>{[role, of.map(ui.readable).join(', ')]}</div>),
          entry.accounts.map((kind) => titles.get(kind) ?? kind).join(', ') || <span class="muted">in no tracker</span>,
          entry.away.length > 0 && [
            entry.isAway && [<ui.Pill tone="warn">away now</ui.Pill>, ' '],
            entry.away.map(({ from, until }) => (from === until ? from : `${from} to ${until}`)).join(', '),
          ],
          <ui.Link to={`cases?show=working&assignee=${entry.key}`}>{entry.worksOn}</ui.Link>,
          <ui.Link to={`cases?show=working&owner=${entry.key}`}>{entry.answersFor}</ui.Link>,
        ])}
      />
      <ui.Paging links={[['CSV', `/w/${visit.workspace}/people?format=csv`]]} />
      <p class="muted">
        Admins change people, teams and roles under <ui.Link to="settings/parts/people">Settings, Workspace</ui.Link>.
      </p>
    </ui.WorkspacePage>
  );
}
