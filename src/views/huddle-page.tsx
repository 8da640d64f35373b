import { formatFigure } from '#domain/reports/figure.ts';
import { type HuddleJson, huddleGroups } from '#domain/reports/huddle.ts';
import { formatDays } from '#domain/time/time-text.ts';
import * as ui from './kit.ts';

interface HuddlePageProps {
  visit: ui.Visit;
  huddle: HuddleJson;
  every: 'week' | 'month';
}

/** What a team talks about once a week or month, to read and to print. */
export function HuddlePage({ visit, huddle: { from, to, team, teams, groups, terms, moved }, every }: HuddlePageProps) {
  const home = `/w/${visit.workspace}`;
  const url = (change: Record<string, string | null>) => {
    const query = Object.entries({ every, team, ...change }).filter(
      (pair): pair is [string, string] => pair[1] !== null,
    );
    return `${home}/huddle?${new URLSearchParams(query)}`;
  };
  const list = (show: string) => `${home}/cases?${new URLSearchParams({ show, ...(team && { team }) })}`;
  return (
    <ui.WorkspacePage
      visit={visit}
      title="Huddle"
      tab="Huddle"
      heading={`Huddle: ${formatDays({ from, to }, visit.now)}`}
    >
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
          links={[
            ['all teams', url({ team: null }), team === null],
            ...teams.map((name): [string, string, boolean] => [ui.readable(name), url({ team: name }), name === team]),
          ]}
        />
      )}
      {groups.map(({ name, count, cases }) => (
        <ui.Section id={name} title={huddleGroups[name]} count={count} tight>
          <ui.Parts
            empty="None."
            parts={cases.map((one) => (
              <li class="row">
                <ui.CaseLink visit={visit} to={one} /> <ui.LoopPill loop={one.loop} />
              </li>
            ))}
          />
          {count > cases.length && name !== 'confirmed' && <a href={list(name)}>All {count}</a>}
        </ui.Section>
      ))}
      <ui.Section id="moved" title="Figures that moved most">
        <ui.Table
          name="Figures that moved most"
          style="figures-table"
          columns={['Figure', 'This period', 'The period before']}
          empty="No figure moved."
          rows={moved.map(({ title, list: address, unit, now, before }) => [
            address ? <a href={`${home}/${address}`}>{title}</a> : title,
            formatFigure(now, unit),
            formatFigure(before, unit),
          ])}
        />
      </ui.Section>
      <ui.Section id="rising" title="Rising words">
        <ui.Parts
          empty="No word rises."
          parts={terms.map(({ term, now, before }) => (
            <li>
              <a href={`${home}/words?${new URLSearchParams({ term, from, to })}`} dir="auto">
                {term}
              </a>
              : {now} people, {before} before
            </li>
          ))}
        />
      </ui.Section>
    </ui.WorkspacePage>
  );
}
