import type { SessionJson } from '#domain/json/people-json.ts';
import { PlainButton } from './forms.tsx';
import { WorkspacePage } from './layout.tsx';
import { Moment, Pill, Table } from './parts.tsx';
import { nameOf, type Visit } from './visit.ts';

interface Props {
  visit: Visit;
  sessions: SessionJson[];
  /** Id of the session in this browser. */
  current: string;
}

/** Sessions of the signed-in person; for admins those of everybody. */
export function AccountPage({ visit, sessions, current }: Props) {
  const own = sessions.filter(({ person }) => person === visit.person);
  const others = sessions.filter(({ person }) => person !== visit.person);
  return (
    <WorkspacePage visit={visit} title="Sessions" tab={null}>
      <p>
        You are signed in as <strong dir="auto">{nameOf(visit, visit.person)}</strong>. A session ends after 12 hours
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
    </WorkspacePage>
  );
}

const SessionTable = ({ name, visit, sessions, current }: Props & { name: string }) => (
  <Table
    name={name}
    style="people-table"
    columns={['Who', 'Where', 'Signed in', 'Last used', 'End']}
    rows={sessions.map(({ id, person, device, startedAt, lastUsedAt }) => (
      <tr>
        <th scope="row">
          <bdi>{nameOf(visit, person)}</bdi> {id === current && <Pill tone="good">this browser</Pill>}
        </th>
        <td>{device}</td>
        <td>
          <Moment at={startedAt} visit={visit} />
        </td>
        <td>
          <Moment at={lastUsedAt} visit={visit} />
        </td>
        <td>
          <form method="post" action={`/w/${visit.workspace}/sessions/${id}/end`}>
            <PlainButton label={`End the session of ${nameOf(visit, person)}, ${device}`}>End</PlainButton>
          </form>
        </td>
      </tr>
    ))}
  />
);
