import type { Child } from 'hono/jsx';
import { nobody } from '#domain/cases/case-list.ts';
import type { RailJson } from '#domain/json/case-row-json.ts';
import { Choices } from './parts.tsx';
import type { Visit } from './visit.ts';

interface RailProps {
  visit: Visit;
  facts: RailJson;
  children: Child;
}

/** A page of cases with the usual lists at its side. */
export function Rail({ visit, facts, children }: RailProps) {
  const home = `/w/${visit.workspace}`;
  const links: [text: Child, path: string][] = [
    ['My cases', `/cases?show=open&person=${visit.person}`],
    ...facts.teams.map((team): [Child, string] => [
      <bdi>Team {team.replaceAll('-', ' ')}</bdi>,
      `/cases?show=open&team=${team}`,
    ]),
    [`Unassigned${facts.unassigned > 0 ? ` ${facts.unassigned}` : ''}`, `/cases?show=working&assignee=${nobody}`],
    ['Strategic', '/strategic'],
    ...(facts.setAside > 0
      ? [[`Deliveries set aside ${facts.setAside}`, '/deliveries?outcome=set-aside'] as [Child, string]]
      : []),
  ];
  return (
    <div class="railed">
      <div class="rail stack tight">
        <Choices label="Usual lists" style="stack" links={links.map(([text, path]) => [text, home + path, false])} />
      </div>
      <div class="stack">{children}</div>
    </div>
  );
}
