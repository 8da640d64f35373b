import * as ui from './kit.ts';

interface AccountProps {
  visit: ui.Visit;
  sessions: ui.Value<'sessions'>;
  current: string;
  tokens: ui.TokenJson[];
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
      <SessionTable name="Your sessions" sessions={own} current={current} />
      {visit.access === 'admin' && others.length > 0 && (
        <>
          <h2>Sessions of other people</h2>
          <SessionTable name="Sessions of other people" sessions={others} current={current} />
        </>
      )}
      <h2>API tokens</h2>
      {made && (
        <ui.Notice tone="good" isNews>
          <p>Copy the new token now. It is not shown again.</p>
          <code class="words">{made}</code>
        </ui.Notice>
      )}
      <div class="card stack">
        <TokenTable tokens={tokens} />
        {visit.may.includes('createToken') && <TokenForm />}
      </div>
    </ui.WorkspacePage>
  );
}

const TokenTable = ({ tokens }: { tokens: ui.TokenJson[] }) => (
  <ui.Table
    name="API tokens"
    columns={['Token', 'Who', 'Scopes', 'Ends', 'Last used', 'Revoke']}
    empty="No tokens."
    rows={tokens.map(({ id, name, person, scopes, endsAt, lastUsedAt }) => [
      <bdi>{name}</bdi>,
      person === null ? 'a program' : <ui.Person who={person} />,
      scopes.join(', '),
      <ui.Moment at={endsAt} />,
      lastUsedAt ? <ui.Moment at={lastUsedAt} /> : 'never',
      <ui.Form action={`tokens/${id}/revoke`} label={`Revoke the token ${name}`} plain button="Revoke" />,
    ])}
  />
);

const scopeTexts: Record<ui.TokenScope, string> = {
  read: 'Read cases, responses and reports',
  act: 'Act on cases, deliveries and trackers',
  settings: 'Read and push settings, list tokens and the audit log',
  'personal-data': 'See names, addresses and keys of customers, export and erase them',
  'act-as': 'Act in the name of any person (programs only)',
};

function TokenForm() {
  const visit = ui.useVisit();
  const { access, person, people } = visit;
  const usual = ui.wasTicked(visit, 'days') ? null : 'read';
  const holders: [string, string][] = [
    ['me', ui.nameOf({ people }, person)],
    ['program', 'a program'],
  ];
  const scopes = Object.entries(scopeTexts).filter(([scope]) => scope !== 'act-as' || access === 'admin');
  return (
    <ui.FoldedForm
      id="token"
      name="Make a token"
      action="account"
      fields={[
        ui.line('name', 'Name, such as “weekly report”', 60),
        ...(access === 'admin' ? [ui.choice('for', 'Who acts with it', holders, 'me')] : []),
        ui.line('days', 'Days until it ends', 3, { type: 'number', value: '90', more: { min: '1', max: '366' } }),
      ]}
      button="Make the token"
      hint="A token never allows more than the person who acts with it."
    >
      {scopes.map(([scope, text]) => (
        <label>
          <input type="checkbox" name={scope} value="yes" checked={scope === usual || ui.wasTicked(visit, scope)} />{' '}
          {text}
        </label>
      ))}
    </ui.FoldedForm>
  );
}

type SessionTableProps = Pick<AccountProps, 'sessions' | 'current'> & { name: string };

const SessionTable = ({ name, sessions, current }: SessionTableProps) => (
  <ui.Table
    isCard
    name={name}
    columns={['Who', 'Where', 'Signed in', 'Last used', 'End']}
    rows={sessions.map(({ id, person, device, startedAt, lastUsedAt }) => [
      [<ui.Person who={person} />, ' ', id === current && <ui.Pill tone="good">this browser</ui.Pill>],
      device,
      <ui.Moment at={startedAt} />,
      <ui.Moment at={lastUsedAt} />,
      <ui.Form
        action={`sessions/${id}/end`}
        label={`End the session of ${ui.nameOf(ui.useVisit(), person)}, ${device}`}
        plain
        button="End"
      />,
    ])}
  />
);
