import type { PeopleJson } from '#domain/json/people-json.ts';
import * as ui from './kit.ts';
import { AllowMailForm } from './personal-data.tsx';

const assignmentRuleTexts: Record<string, string> = {
  'round-robin': 'to members in turn',
  'by-category': 'by category',
  'by-field': 'by an answer or an attribute',
};

interface PeoplePageProps {
  visit: ui.Visit;
  people: PeopleJson;
  /** Titles of trackers by their kind. */
  titles: Map<string, string>;
}

/** People of the workspace: roles, accounts, absences and open cases. */
export function PeoplePage({ visit, people, titles }: PeoplePageProps) {
  const { works, answers } = people.nobody;
  const names = (keys: string[]) => keys.map((key) => ui.nameOf(visit, key)).join(', ') || 'nobody';
  return (
    <ui.WorkspacePage visit={visit} title="People" tab="People">
      {works + answers > 0 && (
        <ui.Notice tone="warn">
          <strong>Unassigned open cases.</strong> No assignee: {works}; no loop owner: {answers}.
        </ui.Notice>
      )}
      <div class="card">
        <ui.Table
          name="People"
          style="people-table"
          columns={[
            'Who',
            'Roles',
            'Accounts',
            'Away',
            { title: 'Assigned', class: 'count' },
            { title: 'Loop owner', class: 'count' },
          ]}
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
              ] as const
            ).map(([role, of]) => of.length > 0 && <div>{[role, of.map(ui.readable).join(', ')]}</div>),
            <>
              {entry.accounts.map((kind) => titles.get(kind) ?? kind).join(', ') || (
                <span class="muted">in no tracker</span>
              )}
              {visit.may.includes('changeAccounts') && <SignInAccounts entry={entry} />}
            </>,
            entry.away.length > 0 && [
              entry.isAway && [<ui.Pill tone="warn">away now</ui.Pill>, ' '],
              entry.away.map(({ from, until }) => (from === until ? from : `${from} to ${until}`)).join(', '),
            ],
            <ui.Link to={`cases?show=working&assignee=${entry.key}`}>{entry.worksOn}</ui.Link>,
            <ui.Link to={`cases?show=working&owner=${entry.key}`}>{entry.answersFor}</ui.Link>,
          ])}
        />
      </div>
      <h2>Teams</h2>
      <div class="stack tiles">
        {people.teams.map((team) => (
          <section class="card stack tight">
            <h3>{ui.readable(team.name)}</h3>
            {[
              ['Case managers: ', names(team.managers)],
              ['Members: ', names(team.members)],
              ['Watchers: ', team.watchers > 0 && String(team.watchers)],
              ['Contributors: ', team.contributors.join(', ')],
            ].map(([title, text]) => text && <p>{[title, <bdi>{text}</bdi>]}</p>)}
            <p class="muted">
              Assignment: {assignmentRuleTexts[team.assign] ?? `to ${ui.nameOf(visit, team.assign)}`}
              {team.fallback && ['; fallback ', <ui.Person who={team.fallback} />]}.
            </p>
          </section>
        ))}
      </div>
      <ui.Paging links={[['CSV', `/w/${visit.workspace}/people?format=csv`]]} />
      <p class="muted">Admins change people, teams and roles under Settings, Workspace.</p>
    </ui.WorkspacePage>
  );
}

function SignInAccounts({ entry }: { entry: PeopleJson['people'][number] }) {
  const action = `people/${entry.key}/accounts`;
  return (
    <ui.FoldedForm
      name={`Sign-in ${entry.signIns.length || ''}`}
      id={`accounts-of-${entry.key}`}
      action={action}
      fields={[ui.line('account', 'Address and id that the refused sign-in showed', 400)]}
      plain
      button="Link the account"
      label={`Link the account of ${entry.name}`}
      after={entry.signIns.map(({ id, at }) => (
        <>
          <code>…{id.slice(-6)}</code>, since <ui.Moment at={at} />
          <ui.Form action={action} hidden={{ unlink: id }} label={`Unlink …${id.slice(-6)}`} plain button="Unlink" />
        </>
      ))}
    />
  );
}
