import type * as json from '#domain/json/index.ts';
import * as ui from './kit.ts';

interface Props {
  visit: ui.Visit;
  sessions: json.SessionJson[];
  current: string;
}

interface AccountProps extends Props {
  tokens: json.TokenJson[];
  /** A token that was just made, which is shown this once. */
  made: string | null;
}

/** Sessions and API tokens of the signed-in person; for admins those of everybody. */
export function AccountPage({ visit, sessions, current, tokens, made }: AccountProps) {
  const own = sessions.filter(({ person }) => person === visit.person);
  const others = sessions.filter(({ person }) => person !== visit.person);
  return (
    <ui.WorkspacePage visit={visit} title="Sessions and tokens" tab={null}>
      <p>
        You are signed in as <strong dir="auto">{ui.nameOf(visit, visit.person)}</strong>. A session ends after 12 hours
        without use, and after 14 days in any case.
      </p>
      <div class="card">
        <SessionTable name="Your sessions" visit={visit} sessions={own} current={current} />
      </div>
      {visit.access === 'admin' && others.length > 0 && (
        <>
          <h2>Sessions of other people</h2>
          <div class="card">
            <SessionTable name="Sessions of other people" visit={visit} sessions={others} current={current} />
          </div>
        </>
      )}
      <h2>API tokens</h2>
      {made && (
        <div class="notice good" role="status">
          <p>Copy the new token now. It is not shown again.</p>
          <p class="words">
            <code>{made}</code>
          </p>
        </div>
      )}
      <div class="card stack">
        <TokenTable visit={visit} tokens={tokens} />
        {visit.may.includes('createToken') && <TokenForm visit={visit} />}
      </div>
    </ui.WorkspacePage>
  );
}

const TokenTable = ({ visit, tokens }: { visit: ui.Visit; tokens: json.TokenJson[] }) => (
  <ui.Table
    name="API tokens"
    style="people-table"
    columns={['Token', 'Who', 'Scopes', 'Ends', 'Last used', 'Revoke']}
    empty="No tokens."
    rows={tokens.map(({ id, name, person, scopes, endsAt, lastUsedAt }) => [
      <bdi>{name}</bdi>,
      person === null ? 'a program' : <bdi>{ui.nameOf(visit, person)}</bdi>,
      scopes.join(', '),
      <ui.Moment at={endsAt} visit={visit} />,
      lastUsedAt ? <ui.Moment at={lastUsedAt} visit={visit} /> : 'never',
      <ui.Form
        action={`/w/${visit.workspace}/tokens/${id}/revoke`}
        label={`Revoke the token ${name}`}
        plain
        button="Revoke"
      />,
    ])}
  />
);

const scopeTexts: Record<json.TokenScope, string> = {
  read: 'Read cases, responses and reports',
  act: 'Act on cases, deliveries and trackers',
  settings: 'Read and push settings, list tokens and the audit log',
  'personal-data': 'See names, addresses and keys of customers, export and erase them',
  'act-as': 'Act in the name of any person (programs only)',
};

const holderField = (visit: ui.Visit) =>
  ui.choice(
    'for',
    'Who acts with it',
    [
      ['me', ui.nameOf(visit, visit.person)],
      ['program', 'a program'],
    ],
    'me',
  );

const TokenForm = ({ visit }: { visit: ui.Visit }) => (
  <details>
    <summary>Make a token</summary>
    <ui.Form
      id="token"
      action={`/w/${visit.workspace}/account`}
      fields={[
        ui.line('name', 'Name, such as “weekly report”', 60),
        ...(visit.access === 'admin' ? [holderField(visit)] : []),
        ui.line('days', 'Days until it ends', 3, { type: 'number', value: '90', more: { min: '1', max: '366' } }),
      ]}
      button="Make the token"
    >
      {Object.entries(scopeTexts)
        .filter(([scope]) => scope !== 'act-as' || visit.access === 'admin')
        .map(([scope, text]) => (
          <label>
            <input type="checkbox" name={scope} value="yes" checked={scope === 'read'} /> {text}
          </label>
        ))}
      <p class="muted">A token never allows more than the person who acts with it.</p>
    </ui.Form>
  </details>
);

const SessionTable = ({ name, visit, sessions, current }: Props & { name: string }) => (
  <ui.Table
    name={name}
    style="people-table"
    columns={['Who', 'Where', 'Signed in', 'Last used', 'End']}
    rows={sessions.map(({ id, person, device, startedAt, lastUsedAt }) => [
      [<bdi>{ui.nameOf(visit, person)}</bdi>, ' ', id === current && <ui.Pill tone="good">this browser</ui.Pill>],
      device,
      <ui.Moment at={startedAt} visit={visit} />,
      <ui.Moment at={lastUsedAt} visit={visit} />,
      <ui.Form
        action={`/w/${visit.workspace}/sessions/${id}/end`}
        label={`End the session of ${ui.nameOf(visit, person)}, ${device}`}
        plain
        button="End"
      />,
    ])}
  />
);
