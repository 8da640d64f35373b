import * as z from 'zod';
import { rejoinWindowMs } from '#domain/cases/case-record.ts';
import { memoize } from '../base/memoize.ts';
import { finishSteps } from '../base/steps.ts';
import { chooseAssignee, collectAssignmentFields } from '../cases/assignment.ts';
import { computeNeededHistoryMs } from '../responses/condition.ts';
import { listGatheringCaseKeys } from '../responses/gather.ts';
import type { Answer, SurveyResponse } from '../responses/response.ts';
import { findUnhappyScore, listScores } from '../responses/unhappy.ts';
import type { WorkspaceSettings } from '../settings/workspace-file.ts';
import { computeSeverityAndDue, findCalendar } from '../templates/due.ts';
import {
  type CaseTemplate,
  CaseTemplateFile,
  evaluate,
  explain,
  findTier,
  matchesTemplate,
  tierOf,
} from '../templates/template.ts';
import { isClosedDay } from '../time/calendar.ts';
import { dayMs, weekMs } from '../time/units.ts';

const mostExamplesShown = 20;

export interface Backtest {
  settings: WorkspaceSettings;
  name: string;
  template: CaseTemplate;
  against: CaseTemplate | null;
  others: Map<string, CaseTemplate>;
  responses: SurveyResponse[];
  /** Hidden fields by response, for a template that gathers by one; responses without them go to "other". */
  hidden?: HiddenFieldsByResponse;
}

type HiddenFieldsByResponse = ReadonlyMap<string, ReadonlyMap<string, string>>;

const BacktestCase = z.object({
  response: z.string(),
  at: z.int(),
  tier: z.string().nullable(),
  severity: z.string(),
  dueAt: z.int(),
  assignee: z.string().nullable(),
  onClosedDay: z.boolean(),
  why: z.array(z.string()),
});
type BacktestCase = z.output<typeof BacktestCase>;

const instantOrNull = z.int().nullable();
const shown = z.array(z.string());
const counted = z.object({ count: z.int(), shown });

/** Times are UTC milliseconds. */
export const BacktestReport = z.object({
  name: z.string(),
  action: CaseTemplateFile.shape.action,
  responses: z.int(),
  from: instantOrNull,
  until: instantOrNull,
  matched: z.int(),
  joined: z.int().describe('Responses that would have joined an open case'),
  opened: z.int(),
  perWeek: z.array(z.object({ weekOf: z.int(), opened: z.int() })),
  perPerson: z.array(z.object({ person: z.string(), opened: z.int(), perWeek: z.number() })),
  shown: z.array(BacktestCase),
  overlaps: z.array(z.object({ template: z.string(), responses: z.int() })),
  unhappy: z.object({ responses: z.int(), uncaught: z.int(), shown }),
  closedDays: z.object({ calendar: z.string(), due: z.int() }).nullable(),
  difference: z
    .object({
      opened: z.int(),
      openedBefore: z.int(),
      newlyMatched: counted,
      noLongerMatched: counted,
      otherGoal: z.int().describe('Matched by both templates, with another severity or due time'),
    })
    .nullable(),
});
export type BacktestReport = z.output<typeof BacktestReport>;

/** Responses replayed against a template; each case counts as resolved at its goal, because nobody closes it. */
export function* backtestInSteps(input: Backtest): Generator<void, BacktestReport> {
  const { settings, name, template, against, others, responses, hidden } = input;
  const ordered = responses.filter(({ partial }) => !partial).sort((a, b) => a.submittedAt - b.submittedAt);
  const isUnhappy = buildUnhappyTest(ordered, settings);
  const draft = replay(settings, template, hidden);
  const former = against && replay(settings, against, hidden);
  const judges = [template, ...others.values(), ...(against ? [against] : [])];
  const lookBackMs = Math.max(...judges.map(({ when }) => computeNeededHistoryMs(when.condition)));
  const earlierByCustomer = new Map<string, SurveyResponse[]>();
  const overlaps = new Map<string, number>();
  const difference = { newly: [] as string[], lost: [] as string[], otherGoal: 0 };
  let [matched, unhappy] = [0, 0];
  const uncaught: string[] = [];
  for (const response of ordered) {
    const customer = readCustomerKeyOrResponseId(response);
    const earlier = earlierByCustomer.get(customer) ?? [];
    const tier = findTier(settings, response.customer);
    const evaluationContext = { earlier, tier, done: new Map() };
    const matches = (entry: CaseTemplate) => matchesTemplate(entry, response, evaluationContext);
    const now = matches(template);
    const before = against !== null && matches(against);
    const taking = [...others].filter(([, other]) => matches(other)).map(([other]) => other);
    if (now) matched += 1;
    if (now) draft.take(response, () => explain(evaluate({ ...template, state: 'on' }, response, evaluationContext)));
    if (before) former?.take(response, () => []);
    if (now) for (const other of taking) overlaps.set(other, (overlaps.get(other) ?? 0) + 1);
    if (against && now && !before) difference.newly.push(response.responseId);
    if (!now && before) difference.lost.push(response.responseId);
    if (former && now && before && !isSame(draft.goalOf(response), former.goalOf(response))) difference.otherGoal += 1;
    if (isUnhappy(response)) {
      unhappy += 1;
      if (!now && taking.length === 0) uncaught.push(response.responseId);
    }
    const since = response.submittedAt - lookBackMs;
    if (lookBackMs > 0)
      earlierByCustomer.set(customer, [...earlier.filter(({ submittedAt }) => submittedAt >= since), response]);
    yield;
  }
  const from = ordered[0]?.submittedAt ?? null;
  const until = ordered.at(-1)?.submittedAt ?? null;
  const weeks = from === null || until === null ? 1 : Math.max((until - from) / weekMs, 1);
  return {
    name,
    action: template.action,
    responses: ordered.length,
    from,
    until,
    matched,
    joined: draft.joined.length,
    opened: draft.opened.length,
    perWeek: byWeek(draft.opened),
    perPerson: countOpenedByPerson(draft.opened, weeks),
    shown: newest(draft.opened),
    overlaps: [...overlaps]
      .map(([other, count]) => ({ template: other, responses: count }))
      .sort((a, b) => b.responses - a.responses),
    unhappy: { responses: unhappy, uncaught: uncaught.length, shown: newest(uncaught) },
    closedDays: draft.closedDays(),
    difference: former && {
      opened: draft.opened.length,
      openedBefore: former.opened.length,
      newlyMatched: { count: difference.newly.length, shown: newest(difference.newly) },
      noLongerMatched: { count: difference.lost.length, shown: newest(difference.lost) },
      otherGoal: difference.otherGoal,
    },
  };
}

export const backtest = (input: Backtest): BacktestReport => finishSteps(backtestInSteps(input));

const newest = <Item>(items: Item[]): Item[] => items.slice(-mostExamplesShown).toReversed();

const readCustomerKeyOrResponseId = (response: SurveyResponse) =>
  response.customer.key ?? `response ${response.responseId}`;

/** Cases that a template would have opened, response by response. */
function replay(settings: WorkspaceSettings, template: CaseTemplate, hidden: HiddenFieldsByResponse = new Map()) {
  const { calendars, clock, people, teams, trackers, 'time-zone': timeZone } = settings;
  const isNotice = template.action === 'notice';
  const team = teams[template.team];
  const opened: BacktestCase[] = [];
  const joined: string[] = [];
  const until = new Map<string, number>();
  // Without a usual calendar any calendar tells closed days, because a goal around the clock may end on one.
  const calendarName = clock.calendar ?? Object.keys(calendars)[0] ?? null;
  const calendar = findCalendar(settings, calendarName);
  const goalOf = memoize((response: SurveyResponse): Goal => {
    return computeSeverityAndDue(settings, template, response.customer, response.submittedAt);
  });
  const keysOf = (response: SurveyResponse): string[] => {
    if (template.kind === 'tactical') return [readCustomerKeyOrResponseId(response)];
    const [own = new Map(), tier] = [hidden.get(response.responseId), findTier(settings, response.customer)];
    return listGatheringCaseKeys('', template, response, own, tier).map(({ key }) => key);
  };
  const chooseFor = (response: SurveyResponse, tier: string | null): string | null => {
    if (isNotice || !team) return null;
    const { category } = template;
    const fields = collectAssignmentFields(response, tier);
    const tracker = trackers[template.tracker]?.kind ?? null;
    const choice = { team, people, category, fields, at: response.submittedAt, timeZone, tracker };
    return chooseAssignee(choice, () => opened.length).person;
  };
  const take = (response: SurveyResponse, why: () => string[]) => {
    const at = response.submittedAt;
    for (const key of keysOf(response)) {
      if (!isNotice && at <= (until.get(key) ?? Number.NEGATIVE_INFINITY)) {
        joined.push(response.responseId);
        continue;
      }
      const { severity, dueAt } = goalOf(response);
      const tier = tierOf(settings, response.customer).name;
      until.set(key, dueAt + rejoinWindowMs);
      const assignee = chooseFor(response, tier);
      const onClosedDay = calendar !== null && isClosedDay(calendar, dueAt);
      opened.push({ response: response.responseId, at, tier, severity, dueAt, assignee, onClosedDay, why: why() });
    }
  };
  const closedDays = () =>
    calendarName === null || !calendar || isNotice
      ? null
      : { calendar: calendarName, due: opened.filter(({ onClosedDay }) => onClosedDay).length };
  return { opened, joined, take, goalOf, closedDays };
}

function buildUnhappyTest(
  responses: SurveyResponse[],
  { sources }: WorkspaceSettings,
): (response: SurveyResponse) => boolean {
  const highest = new Map<string, number>();
  const keyOf = ({ form }: SurveyResponse, { alias, question }: Answer) => `${form} ${alias ?? question.id}`;
  for (const response of responses)
    for (const { answer, score } of listScores(response)) {
      const key = keyOf(response, answer);
      highest.set(key, Math.max(highest.get(key) ?? 0, score));
    }
  return (response) =>
    findUnhappyScore(
      response,
      sources[response.source]?.unhappy ?? {},
      (answer) => highest.get(keyOf(response, answer)) ?? 0,
    ) !== null;
}

type Goal = ReturnType<typeof computeSeverityAndDue>;

const isSame = (a: Goal, b: Goal): boolean => a.dueAt === b.dueAt && a.severity === b.severity;

/** Weeks begin on Monday, in UTC as they are shown; empty weeks are left out. */
function byWeek(opened: BacktestCase[]): BacktestReport['perWeek'] {
  const mondayToEpochMs = 3 * dayMs;
  const weeks = Map.groupBy(opened, ({ at }) => Math.floor((at + mondayToEpochMs) / weekMs) * weekMs - mondayToEpochMs);
  return [...weeks].map(([weekOf, { length }]) => ({ weekOf, opened: length }));
}

function countOpenedByPerson(opened: BacktestCase[], weeks: number): BacktestReport['perPerson'] {
  return [...Map.groupBy(opened, ({ assignee }) => assignee)]
    .flatMap(([person, { length }]) => (person === null ? [] : { person, opened: length, perWeek: length / weeks }))
    .sort((a, b) => b.opened - a.opened);
}
