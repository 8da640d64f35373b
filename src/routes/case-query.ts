import * as z from 'zod';
import { type CaseFilter, caseFacets, caseFacts, caseSorts, caseStates } from '#domain/cases/case-list.ts';
import { possibleCloserAnswers, possibleCustomerAnswers, verdicts } from '#domain/cases/verdict.ts';
import { scoreKinds } from '#domain/settings/workspace-file.ts';
import { Blank, Instant } from './delivery-query.ts';

const Name = Blank(z.string().max(200, 'is longer than 200 characters'));
const oneOf = <Names extends readonly [string, ...string[]]>(names: Names) =>
  Blank(z.enum(names, `must be one of ${names.join(', ')}`));

export const caseQueryShape = {
  show: oneOf(caseStates).describe('State, such as open or overdue'),
  sort: oneOf(caseSorts).describe('Order of states of open cases; other states begin with the newest'),
  person: Name.describe('Assignee or loop owner'),
  ...(Object.fromEntries(caseFacets.map((facet) => [facet, Name])) as Record<(typeof caseFacets)[number], typeof Name>),
  search: Name.describe('A handle, the key of an issue, or words of the customer, of the case or of its comments'),
  fact: oneOf(caseFacts).describe('What happened to them, as reports count it'),
  verdict: oneOf(verdicts).describe('A verdict that one of their closings got'),
  'customer-says': oneOf(possibleCustomerAnswers).describe('What a customer said of a closing'),
  'closer-says': oneOf(possibleCloserAnswers).describe('What the closer said of a closing'),
  reason: Name.describe('A blocker that the closer named, or a reason that the customer gave'),
  scored: oneOf(scoreKinds).describe('A score that the customer gave before the case and again after it'),
  respondents: Name.describe('Kind of respondent that their source is for'),
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

/** Parameters of the address of a page: an unknown state is the open one. */
export const CasePageQuery = CaseQuery.extend({ show: caseQueryShape.show.catch('open') });
