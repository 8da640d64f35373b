import { type HuddleJson, huddleGroups } from '#domain/reports/huddle.ts';
import * as ui from './kit.ts';

type HuddlePageProps = { visit: ui.Visit; huddle: HuddleJson; every: 'week' | 'month' };

/** What a team talks about once a week or month, to read and to print. */
export function HuddlePage({ visit, huddle: { from, to, team, teams, groups, terms, moved }, every }: HuddlePageProps) {
  const url = (change: Record<string, string | null>) =>
    `/w/${visit.workspace}/huddle?${ui.toQuery({ every, team, ...change })}`;
  const title = `Huddle: ${ui.formatDays({ from, to }, visit.now)}`;
  return (
    <ui.WorkspacePage visit={visit} title="Huddle" tab="Huddle" heading={title}>
      <ui.Choices
        label="Period"
        style="row"
        links={[
          ['7 days', url({ every: 'week' }), every === 'week'],
          ['30 days', url({ every: 'month' }), every === 'month'],
        ]}
      />
      {teams.length > 1 && (
        <ui.Choices
          label="Team"
          style="row"
          links={[null, ...teams].map((name) => [
            name === null ? 'all teams' : ui.readable(name),
            url({ team: name }),
            name === team,
          ])}
        />
      )}
      {groups.map(({ name, count, cases }) => (
        <ui.Section id={name} title={huddleGroups[name]} count={count} tight>
          <ui.CaseParts
            cases={cases}
            empty="None."
            more={({ category, assignee, dueAt, loop }) => (
              <span>
                {category} · {assignee ? <ui.Person who={assignee} /> : 'nobody yet'}
                {loop === 'working' && ` · ${ui.formatDueTime(dueAt, visit.now)}`}
              </span>
            )}
          />
          {count > cases.length && name !== 'confirmed' && (
            <ui.Link to={`cases?${ui.toQuery({ show: name, team })}`}>All {count}</ui.Link>
          )}
        </ui.Section>
      ))}
      <ui.TableSection
        id="moved"
        title="Figures that moved most"
        columns={['Figure', 'This period', 'The period before']}
        empty="No figure moved."
        rows={moved.map(({ title: figure, list, unit, now, before }) => [
          list ? <ui.Link to={list}>{figure}</ui.Link> : figure,
          ui.formatFigure(now, unit),
          ui.formatFigure(before, unit),
        ])}
      />
      <ui.Section id="rising" title="Rising words">
        <ui.Parts
          empty="No word rises."
          parts={terms.map(({ term, now, before }) => (
            <li>
              <ui.Link to={`words?${ui.toQuery({ term, from, to })}`}>
                <bdi>{term}</bdi>
              </ui.Link>
              : {now} people, {before} before
            </li>
          ))}
        />
      </ui.Section>
    </ui.WorkspacePage>
  );
}
