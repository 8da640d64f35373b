import { cut, escapeMarkdown } from '#domain/text/safe-text.ts';
import { toDueDate } from '../templates/due.ts';
import { formatInstant } from '../time/time-text.ts';
import type { BacktestReport } from './backtest.ts';

type Section = { title: string; lines: string[] };

const mostWeeksShown = 12;
const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Findings of a back-test as sections of lines, the same on the page, on the command line and in a comment. */
export function buildBacktestSections(report: BacktestReport, timeZone: string): Section[] {
  const { action: what, perWeek: weeks, difference, unhappy, closedDays } = report;
  const date = (at: number) => toDueDate(at, timeZone);
  const busiest = Math.max(0, ...weeks.map(({ opened }) => opened));
  const span =
    report.from === null || report.until === null ? '' : `, from ${date(report.from)} to ${date(report.until)}`;
  const sections = {
    'How much': [
      `${counted(report.responses, 'response')}${span}`,
      `${report.matched} match: ${counted(report.opened, what)}${report.joined > 0 ? `, ${report.joined} join one of them` : ''}`,
      `${busiest} in the busiest week`,
    ],
    'Difference to the version before': difference
      ? [
          `${counted(difference.opened, what)} instead of ${difference.openedBefore} (${signed(difference.opened - difference.openedBefore)})`,
          `${difference.newlyMatched.count} responses match newly${listed(difference.newlyMatched.shown)}`,
          `${difference.noLongerMatched.count} no longer match${listed(difference.noLongerMatched.shown)}`,
          `${difference.otherGoal} keep matching with another severity or due time`,
        ]
      : [],
    'Per week': [
      ...weeks.slice(-mostWeeksShown).map(({ weekOf, opened }) => `week of ${toDueDate(weekOf, 'UTC')}: ${opened}`),
      ...(weeks.length > mostWeeksShown ? [`and ${weeks.length - mostWeeksShown} earlier weeks with any`] : []),
    ],
    'Per person': report.perPerson.map(
      ({ person, opened, perWeek }) => `${person}: ${opened}, ${perWeek.toFixed(1)} a week`,
    ),
    Overlaps: report.overlaps.map(({ template, responses }) => `${responses} also match ${template}`),
    'Unhappy, and caught by no template': [
      `${unhappy.uncaught} of ${unhappy.responses} responses with a score among the lowest two fifths${listed(unhappy.shown)}`,
    ],
    'Due on closed days': closedDays
      ? [`${closedDays.due} of ${report.opened}, by calendar ${closedDays.calendar}`]
      : [],
    [`The newest ${what}s`]: report.shown.map(
      ({ response, at, severity, tier, dueAt }) =>
        `${id(response)} on ${date(at)}: ${severity}${tier ? `, ${tier}` : ''}${what === 'notice' ? '' : `, due ${formatInstant(dueAt, timeZone, at)}`}`,
    ),
  };
  return Object.entries(sections).flatMap(([title, lines]) => (lines.length > 0 ? [{ title, lines }] : []));
}

export function renderBacktestText(report: BacktestReport, timeZone: string): string {
  const sections = buildBacktestSections(report, timeZone);
  return [
    `Backtest of ${report.name}`,
    ...sections.map(({ title, lines }) => [title, ...lines.map((line) => `  ${line}`)].join('\n')),
  ].join('\n\n');
}

export function renderBacktestMarkdown(report: BacktestReport, timeZone: string): string {
  const sections = buildBacktestSections(report, timeZone);
  return [
    `### Backtest of ${escapeMarkdown(report.name)}`,
    ...sections.map(
      ({ title, lines }) => `**${title}**\n\n${lines.map((line) => `- ${escapeMarkdown(line, 600)}`).join('\n')}`,
    ),
  ].join('\n\n');
}

const signed = (count: number) => (count > 0 ? `+${count}` : String(count));
const listed = (ids: string[]) =>
  ids.length === 0 ? '' : `: ${ids.slice(0, 5).map(id).join(', ')}${ids.length > 5 ? ', …' : ''}`;
const id = (text: string) => cut(text, 40);
