import { suggestKnownNames } from '#domain/base/nearest.ts';
import type { Sql } from '#domain/base/ports.ts';
import { collectAttributes, dayMs, feedback, hourMs, listOptions, store, templating, timing, weekMs } from '../kit.ts';
import { explainLargePatterns } from './check-template.ts';
import { describeChangedLabels } from './settings-diff.ts';

type Checked = Pick<templating.Settings, 'workspace' | 'templates'>;

/**
 * What is formally right in settings and becomes something else, or will not work as meant: one readable line each.
 * @param sql the store with responses and customers; null where there is none yet
 */
export const describeDoubts = (settings: Checked, sql: Sql | null): string[] => [
  ...describeChangedLabels(settings),
  ...describeTiersWithoutGoals(settings),
  ...describePeopleWithoutAccount(settings),
  ...describeClocksWithoutNotices(settings),
  ...describeLargePatterns(settings),
  ...describeRulesThatNeverHold(settings),
  ...describeGoalsInDays(settings),
  ...[describeLeftTrackers, describeUnknownTiers, describeUnseenQuestions].flatMap((find) =>
    sql ? find(sql, settings) : [],
  ),
];

function describeTiersWithoutGoals({ workspace: { sources, tiers } }: Checked): string[] {
  if (Object.keys(tiers).length > 0) return [];
  const reading = Object.keys(sources).filter((name) => sources[name]?.respondent.tier !== undefined);
  return reading.map(
    (name) =>
      `source ${name} reads the customer’s tier, and there are no tiers; write their severities and goals under tiers`,
  );
}

function describeClocksWithoutNotices({ workspace }: Checked): string[] {
  const { tiers, clock, 'quiet-hours': quiet } = workspace;
  if (!quiet) return [];
  return Object.entries(tiers).flatMap(([name, tier]) => {
    const calendar = tier.calendar ?? clock.calendar ?? null;
    if (tier['closure-goal'] >= weekMs || (calendar !== null && calendar === quiet.calendar)) return [];
    const isUrgent = templating.findSeverityRank(workspace, tier.severity ?? '') === 1;
    const waiting = isUrgent ? ['overdue'] : ['opened', 'overdue'];
    const asleep = waiting.filter((event) => !quiet.exempt.includes(event));
    if (asleep.length === 0) return [];
    const hours = calendar === null ? 'around the clock' : `in the hours of ${calendar}`;
    return `goals of tier ${name} run ${hours}, and its notices “${asleep.join('” and “')}” wait for the end of quiet hours; add them to quiet-hours: exempt, or name the same calendar under tiers`;
  });
}

function describeRulesThatNeverHold({ workspace, templates }: Checked): string[] {
  const { teams, tiers, sources, 'case-options': own, 'follow-up': followUp } = workspace;
  const categories = listOptions(workspace, 'categories');
  const aliases = new Set(Object.values(sources).flatMap(({ questions }) => Object.keys(questions)));
  const attributes = ['key', ...collectAttributes(workspace).keys()].map((name) => `customer.${name}`);
  const listUnknown = (where: string, names: string[], group: string, known: string[]) =>
    names
      .filter((name) => known.length > 0 && !known.includes(name))
      .map((name) => `${where} names ${name}, which is not among ${group}; ${suggestKnownNames(name, known)}`);
  const inTeams = Object.entries(teams).flatMap(([team, { assign, 'loop-owner': owner }]) => [
    ...[assign, owner].flatMap((rule) => {
      const named = typeof rule === 'object' && 'by-category' in rule ? Object.keys(rule['by-category']) : [];
      return listUnknown(`team ${team}`, named, 'the categories', categories);
    }),
    ...(typeof assign === 'object' && 'by-field' in assign
      ? listUnknown(`team ${team}`, Object.keys(assign['by-field']), 'the fields', [...aliases, ...attributes])
      : []),
  ]);
  const inConditions = [...templates].flatMap(([name, { when }]) => {
    const named = feedback.collectNames(when.condition, 'tier').map((tier) => tier.toLowerCase());
    return listUnknown(`template ${name}`, named, 'the tiers', Object.keys(tiers));
  });
  return [
    ...inTeams,
    ...inConditions,
    ...listUnknown('case-options.priorities', Object.keys(own.priorities), 'the severities', own.severities),
    ...(followUp.reminder >= followUp.window
      ? ['follow-up.reminder is not before the end of follow-up.window, so nobody is reminded; shorten it']
      : []),
  ];
}

/** A day of a goal counts 24 working hours, which is seldom meant. */
function describeGoalsInDays({ workspace, templates }: Checked): string[] {
  return [...templates].flatMap(([name, template]) => {
    const { closureGoalMs: goal, calendar } = templating.chooseGoals(workspace, template, { name: null, why: '' });
    const shown = timing.formatDuration(goal);
    if (template['closure-goal'] === 'by tier' || calendar === null || !/day|week/.test(shown)) return [];
    const days = Math.round(timing.addWorkingTime(templating.findCalendar(workspace, calendar), 0, goal) / dayMs);
    return `template ${name}: its goal of ${shown} is ${goal / hourMs} working hours, about ${days} days in the calendar ${calendar}; write the hours that you mean`;
  });
}

function describeLargePatterns({ templates }: Checked): string[] {
  const all = explainLargePatterns([...templates.values()], 'workspace');
  const each = [...templates].flatMap(([name, template]) => {
    const large = explainLargePatterns([{ ...template, state: 'on' }], 'template');
    return large ? [`template ${name} ${large}`] : [];
  });
  return [...each, ...(all ? [`the workspace ${all}`] : [])];
}

function describePeopleWithoutAccount({ workspace, templates }: Checked): string[] {
  const { teams, trackers, people } = workspace;
  const lines = [...templates.values()].flatMap(({ team, tracker }) => {
    const kind = trackers[tracker]?.kind ?? '';
    const { members = [], fallback = [] } = teams[team] ?? {};
    const assigned = [...new Set([...members, fallback].flat())];
    const lacking = assigned.filter((person) => !Object.hasOwn(people[person]?.accounts ?? {}, kind));
    if (lacking.length === 0) return [];
    const names = lacking.join(', ');
    return `${names} of team ${team} cannot be assigned in tracker ${tracker}; write their accounts there as ${kind} under people`;
  });
  return [...new Set(lines)];
}

const describeLeftTrackers = (sql: Sql, { workspace: { trackers } }: Checked): string[] =>
  [...store.countOpenCasesByTracker(sql)].flatMap(([name, count]) =>
    Object.hasOwn(trackers, name)
      ? []
      : `tracker ${name} is not under trackers, and open cases have their issues there (${count}), which are no longer followed; put it back until they are closed`,
  );

function describeUnknownTiers(sql: Sql, { workspace: { tiers } }: Checked): string[] {
  const known = Object.keys(tiers);
  if (known.length === 0) return [];
  const unknown = store.listTiersOfCustomers(sql).filter((tier) => !known.includes(tier));
  return unknown.map(
    (tier) =>
      `customers have the tier “${tier}”, which is not under tiers; their cases get the goals of ${known.at(-1)}`,
  );
}

function describeUnseenQuestions(sql: Sql, { workspace, templates }: Checked): string[] {
  return [...templates].flatMap(([name, { when }]) => {
    const aliases = when.condition ? [...new Set(feedback.collectQuestionAliases(when.condition))] : [];
    return when.source.flatMap((source) => {
      const shown = store.findQuestionNames(sql, source);
      const named = (alias: string) => workspace.sources[source]?.questions[alias];
      return aliases
        .filter((alias) => shown?.has(named(alias) ?? alias) === false)
        .map(
          (alias) =>
            `template ${name} asks about ${alias}, which is “${named(alias)}” at source ${source}, and no form there has shown such a question; choose one on the page of the source`,
        );
    });
  });
}
