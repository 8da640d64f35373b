import * as z from 'zod';
import { type CaseFilter, caseFacets, caseSorts, caseStates, listedFacts } from '#domain/cases/case-list.ts';
import { possibleCloserAnswers, possibleCustomerAnswers, verdicts } from '#domain/cases/verdict.ts';
import { moods } from '#domain/responses/unhappy.ts';
import { scoreKinds } from '#domain/settings/workspace-file.ts';
import { reportFacets } from '../workspace/queries/report.ts';

/** An instant, or a day on the workspace's wall clock. */
export const Instant = z.union(
  [z.iso.datetime({ offset: true }), z.iso.date()],
  'must be an instant such as 2026-11-24T08:00:00Z, or a day',
);

/** An empty field of a form asks for nothing. */
const Blank = <Value extends z.ZodType>(schema: Value) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const text = Blank(z.string().max(200, 'is longer than 200 characters'));
const oneOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  Blank(z.enum(names, `must be one of ${names.join(', ')}`));
const facetsOf = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, text])) as Record<Name, typeof text>;

const search = {
  source: Blank(z.string()),
  error: Blank(z.string()),
  response: Blank(z.string()),
  after: Blank(Instant),
  before: Blank(Instant),
};

/** How the log of deliveries is searched; `before` is not included. */
export const DeliveryQuery = z.strictObject({
  ...search,
  id: Blank(z.string()),
  outcome: oneOf(['stored', 'duplicate', 'set-aside', 'test']),
});

export const ReplayBody = z.strictObject(search);

export const caseQueryShape = {
  show: oneOf(caseStates).describe('State, such as open or overdue'),
  sort: oneOf(caseSorts).describe('Order of states of open cases; other states begin with the newest'),
  person: text.describe('Assignee or loop owner'),
  ...facetsOf(caseFacets),
  search: text.describe('A handle, the key of an issue, or words of the customer, of the case or of its comments'),
  fact: oneOf(listedFacts).describe('What happened to them, as reports count it'),
  verdict: oneOf(verdicts).describe('A verdict that one of their closings got'),
  'customer-says': oneOf(possibleCustomerAnswers).describe('What a customer said of a closing'),
  'closer-says': oneOf(possibleCloserAnswers).describe('What the closer said of a closing'),
  reason: text.describe('A blocker that the closer named, or a reason that the customer gave'),
  scored: oneOf(scoreKinds).describe('A score that the customer gave before the case and again after it'),
  respondents: text.describe('Kind of respondent that their source is for'),
  from: Blank(Instant).describe(
    'Opened from this day or instant on; with a verdict, answer or score: said from then on',
  ),
  to: Blank(Instant).describe('Opened until the end of this day, or before this instant; likewise'),
};
const CaseQuery = z.object(caseQueryShape);

/** The filter without what is not asked for. */
export const toCaseFilter = (
  query: z.output<typeof CaseQuery>,
  show: CaseFilter['show'],
): CaseFilter & { search?: string } => ({
  show,
  ...(Object.fromEntries(
    Object.entries(CaseQuery.parse(query)).filter(([, value]) => value !== undefined),
  ) as Partial<CaseFilter>),
});

export const CasePageQuery = CaseQuery.extend({ show: caseQueryShape.show.catch('open') });

export const reportQueryShape = {
  quarter: text.describe('Calendar quarter, such as 2026-Q4'),
  from: text.describe('First day'),
  to: text.describe('Last day; today by default, with the 90 days up to it'),
  by: text.describe(`What cases are broken down by: ${reportFacets.join(', ')}, respondents or customer.NAME`),
  ...facetsOf(reportFacets),
};
export const ReportParameters = z.object(reportQueryShape);

const day = Blank(z.iso.date('must be a day, such as 2026-11-24'));
const days = { from: day.describe('First day'), to: day.describe('Last day') };

export const HuddleQuery = z.object({
  team: text.describe('Team whose cases it is about'),
  every: oneOf(['week', 'month']).describe('The last 7 days, or the last 30'),
});

export const wordsQueryShape = {
  ...days,
  source: text,
  question: text.describe('Alias of a question, or its id'),
  mood: oneOf(moods).describe('By the scores of the response'),
  template: text.describe('Template of a case behind them'),
  category: text.describe('Category of a case behind them'),
  case: text.describe('Id of a case, such as a strategic one: all answers behind it'),
  search: text.describe('Words that all occur'),
  term: text.describe('A rising term'),
};
export const WordsQuery = z.object(wordsQueryShape);

export const outcomeQueryShape = {
  ...days,
  verdict: text.describe('Newest verdict of the customer, or none'),
  handling: text.describe('handled, not handled or no complaint'),
  outcome: text.describe('stayed, renewed, grew, left, or kept for all but left'),
  each: oneOf(['newest']).describe('Only the newest outcome of each customer in this time'),
};
export const OutcomeParameters = z.strictObject(outcomeQueryShape);

export const ResponseQuery = z.object({
  ...days,
  source: text,
  case: text,
  acted: oneOf(['yes', 'no']).describe('Whether a notice, a task or a case came of them'),
  again: text.describe('Rule of a re-survey that asked their respondents again in this time'),
  opened: oneOf(['yes', 'no']).describe('Whether a case came of them'),
  scored: oneOf(scoreKinds).describe('A score that they gave'),
});
