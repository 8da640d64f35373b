import * as ui from './kit.ts';

type RailProps = { facts: ui.Value<'home'>['rail']; search?: string | undefined; children: ui.Child };

/** A page of cases with the search and the usual lists at its side. */
export function Rail({ facts, search, children }: RailProps) {
  const visit = ui.useVisit();
  const home = `/w/${visit.workspace}`;
  const links: [text: ui.Child, path: string][] = [
    ['My cases', `/cases?show=open&person=${visit.person}`],
    ...facts.teams.map((team): [ui.Child, string] => [
      <bdi>Team {team.replaceAll('-', ' ')}</bdi>,
      `/cases?show=open&team=${team}`,
    ]),
    [`Unassigned${facts.unassigned > 0 ? ` ${facts.unassigned}` : ''}`, `/cases?show=working&assignee=${ui.nobody}`],
    ['Strategic', '/strategic'],
    ...facts.views.map(({ name, query }): [ui.Child, string] => [<bdi>{name}</bdi>, `/cases?${query}`]),
  ];
  if (facts.triage > 0) links.push([`Triage ${facts.triage}`, '/triage']);
  if (facts.setAside > 0) links.push([`Deliveries set aside ${facts.setAside}`, '/deliveries?outcome=set-aside']);
  return (
    <div class="stack railed">
      <div class="rail stack tight">
        <search>
          <ui.SearchLine action="cases" value={search} label="Search cases" placeholder="C-12, name, words" />
        </search>
        <ui.Choices label="Usual lists" style="row" links={links.map(([text, path]) => [text, home + path, false])} />
      </div>
      <div class="stack">{children}</div>
    </div>
  );
}
