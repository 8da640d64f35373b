import * as z from 'zod';
import { moods } from '#domain/responses/unhappy.ts';
import { findStartOfDate } from '#domain/time/quiet-hours.ts';
import { reportFacets } from '../workspace/queries/report.ts';
import { Blank } from './delivery-query.ts';

const text = Blank(z.string().max(200, 'is longer than 200 characters'));

/** Parameters of a report, on its page as in the API. */
export const reportQueryShape = {
  quarter: text.describe('Calendar quarter, such as 2026-Q4'),
  from: text.describe('First day'),
  to: text.describe('Last day; today by default, with the 90 days up to it'),
  by: text.describe(`What cases are broken down by: ${reportFacets.join(', ')}, respondents or customer.NAME`),
  ...(Object.fromEntries(reportFacets.map((facet) => [facet, text])) as Record<
    (typeof reportFacets)[number],
    typeof text
  >),
};
export const ReportParameters = z.object(reportQueryShape);

const day = Blank(z.iso.date('must be a day, such as 2026-11-24'));
const days = { from: day.describe('First day'), to: day.describe('Last day') };

/** Parameters of a huddle, on its page as in the API. */
export const HuddleQuery = z.object({
  team: text.describe('Team whose cases it is about'),
  every: Blank(z.enum(['week', 'month'])).describe('The last 7 days, or the last 30'),
});

/** Parameters of the list of words, on its page as in the API. */
export const wordsQueryShape = {
  ...days,
  source: text,
  question: text.describe('Alias of a question, or its id'),
  mood: Blank(z.enum(moods, `must be one of ${moods.join(', ')}`)).describe('By the scores of the response'),
  template: text.describe('Template of a case behind them'),
  category: text.describe('Category of a case behind them'),
  case: text.describe('Id of a case, such as a strategic one: all answers behind it'),
  search: text.describe('Words that all occur'),
  term: text.describe('A rising term'),
};
export const WordsQuery = z.object(wordsQueryShape);

export const toWordsQuery = ({ case: caseId, ...query }: z.output<typeof WordsQuery>) => ({ ...query, caseId });
export const outcomeQueryShape = {
  from: text.describe('First day'),
  to: text.describe('Last day'),
  verdict: text.describe('Newest verdict of the customer, or none'),
  handling: text.describe('handled, not handled or no complaint'),
  outcome: text.describe('stayed, renewed, grew, left, or kept for all but left'),
};
export const OutcomeParameters = z.strictObject(outcomeQueryShape);

/** Parameters that narrow the list of responses to those that a report counts. */
export const ResponseQuery = z.object({
  ...days,
  source: text,
  case: text,
  acted: Blank(z.enum(['yes', 'no'])).describe('Whether a notice, a task or a case came of them'),
  again: text.describe('Rule of a re-survey that asked their respondents again in this time'),
});

export const toResponseFilter = (
  { from, to, source, acted, case: caseId, again }: z.output<typeof ResponseQuery>,
  timeZone: string,
) => ({
  from: from ? findStartOfDate(from, timeZone) : undefined,
  to: to ? findStartOfDate(to, timeZone, 1) : undefined,
  source,
  caseId,
  isActedOn: acted === undefined ? undefined : acted === 'yes',
  askedAgain: again,
});
