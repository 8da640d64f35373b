import type { PeopleJson } from '#domain/json/people-json.ts';
import * as ui from './kit.ts';
import { AllowMailForm } from './mail-state.tsx';

interface Props {
  visit: ui.Visit;
  people: PeopleJson;
  invited?: string | null;
}

const assignmentRuleTexts: Record<string, string> = {
  'round-robin': 'to members in turn',
  'by-category': 'by category',
  'by-field': 'by an answer or an attribute',
};

/** People of the workspace: roles, accounts, absences and open cases. */
export function PeoplePage({ visit, people, invited = null }: Props) {
  const { works, answers } = people.nobody;
  const names = (keys: string[]) => keys.map((key) => ui.nameOf(visit, key)).join(', ') || 'nobody';
  return (
    <ui.WorkspacePage visit={visit} title="People" tab="People">
      {invited !== null && Object.hasOwn(visit.people, invited) && (
        <div class="notice good" role="status">
          A sign-in link goes to <bdi>{ui.nameOf(visit, invited)}</bdi> by mail. It works once, within 24 hours.
        </div>
      )}
      {works + answers > 0 && (
        <div class="notice warn" role="note">
          <strong>Unassigned open cases.</strong> No assignee: {works}; no loop owner: {answers}.
        </div>
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
                  <AllowMailForm action={`/w/${visit.workspace}/people/${entry.key}/mail-again`} />
                ) : (
                  <ui.Pill tone="warn">mail bounces</ui.Pill>
                ))}
              {visit.may.includes('mailSignInLink') && !entry.isUndeliverable && (
                <ui.Form
                  action={`/w/${visit.workspace}/people/${entry.key}/sign-in-link`}
                  label={`Mail a sign-in link to ${entry.name}`}
                  plain
                  button="Mail a sign-in link"
                />
              )}
            </>,
            [
              ...entry.manages.map((team) => `case manager of ${ui.readable(team).toLowerCase()}`),
              ...entry.memberOf.map((team) => `member of ${ui.readable(team).toLowerCase()}`),
              ...entry.roles,
            ].join(', ') || <span class="muted">none</span>,
            <>
              {entry.accounts.join(', ') || <span class="muted">in no tracker</span>}
              {visit.may.includes('changeAccounts') && <SignInAccounts visit={visit} entry={entry} />}
            </>,
            [
              entry.isAway && <ui.Pill tone="warn">away now</ui.Pill>,
              ' ',
              entry.away.map(({ from, until }) => (from === until ? from : `${from} to ${until}`)).join(', '),
            ],
            <a href={`/w/${visit.workspace}/cases?show=working&assignee=${entry.key}`}>{entry.worksOn}</a>,
            <a href={`/w/${visit.workspace}/cases?show=working&owner=${entry.key}`}>{entry.answersFor}</a>,
          ])}
        />
      </div>
      <h2>Teams</h2>
      <div class="tiles">
        {people.teams.map((team) => (
          <section class="card stack tight">
            <h3>{ui.readable(team.name)}</h3>
            <p>
              Case managers: <bdi>{names(team.managers)}</bdi>
            </p>
            <p>
              Members: <bdi>{names(team.members)}</bdi>
            </p>
            {team.watchers > 0 && <p>{team.watchers === 1 ? '1 watcher' : `${team.watchers} watchers`}</p>}
            {team.contributors.length > 0 && (
              <p>
                Contributors: <bdi>{team.contributors.join(', ')}</bdi>
              </p>
            )}
            <p class="muted">
              Assignment: {assignmentRuleTexts[team.assign] ?? `to ${ui.nameOf(visit, team.assign)}`}
              {team.fallback && (
                <>
                  ; fallback <bdi>{ui.nameOf(visit, team.fallback)}</bdi>
                </>
              )}
              .
            </p>
          </section>
        ))}
      </div>
      <ui.Paging links={[['CSV', `/w/${visit.workspace}/people?format=csv`]]} />
      <p class="muted">Change this in the workspace file, under people, teams and roles.</p>
    </ui.WorkspacePage>
  );
}

/** Accounts of issuers with which a person signs in, for admins. */
function SignInAccounts({ visit, entry }: { visit: ui.Visit; entry: PeopleJson['people'][number] }) {
  const action = `/w/${visit.workspace}/people/${entry.key}/accounts`;
  const link = ui.line('account', 'Address and id that the refused sign-in showed', 400);
  const linked = entry.signIns.map(({ id, at }) => (
    <>
      <code>…{id.slice(-6)}</code>, since <ui.Moment at={at} visit={visit} />
      <ui.Form action={action} hidden={{ unlink: id }} label={`Unlink …${id.slice(-6)}`} plain button="Unlink" />
    </>
  ));
  return (
    <ui.FoldedForm
      name={`for sign-in (${linked.length})`}
      id={`accounts-of-${entry.key}`}
      action={action}
      fields={[link]}
      plain
      button="Link the account"
      after={linked}
    />
  );
}
