import * as z from 'zod';
import { readCsv } from '#domain/base/csv.ts';
import * as json from '#domain/json/index.ts';
import { reportedLists } from '#domain/reports/reported.ts';
import { endpoint, who } from './endpoint.ts';
import { Limit } from './lists.ts';

const mostValues = 400;
const reason = z.string().max(1000);
const words = z.strictObject({ text: z.string().max(10_000), who });

export const strategicEndpoints = {
  'GET strategic': endpoint('strategicList', json.StrategicCaseListJson, {
    summary: 'Lists strategic cases and the revenue at risk',
    query: z.strictObject({ limit: Limit }),
    values: ({ query }) => [query.limit],
    present: ({ items, atRisk }) => ({ items, next: null, atRisk }),
  }),
  'GET cases/:id/strategic': endpoint('strategicCase', json.StrategicCaseJson, {
    summary: 'Reads the strategic part of a case',
  }),
  'GET cases/:id/links': endpoint('links', json.CaseLinks, {
    summary: 'Lists linked cases, and strategic cases to which a case can be elevated',
  }),
  'POST cases/:id/links': endpoint('link', json.CaseLinks, {
    summary: 'Links a case to a related one, elevates it to a strategic case, or takes it out of one',
    body: z.strictObject({
      kind: z.enum(['related', 'elevated-to', 'parted']),
      to: z.string().min(1, 'is empty; name the other case, or a strategic template'),
      theme: z.string().max(60).nullable().default(null),
      reason,
      who,
    }),
  }),
  'POST cases/:id/decision': endpoint('decide', json.StrategicCaseJson, {
    summary: 'Records the decision of a strategic case',
    body: words,
  }),
  'POST cases/:id/measure': endpoint('measure', json.StrategicCaseJson, {
    summary: 'Records what is measured before and after',
    body: z.strictObject({
      name: z.string().max(200),
      unit: z.string().max(40).default(''),
      source: z.enum(['manual', 'theme-rate']).default('manual'),
      before: z.number().nullable().default(null),
      after: z.number().nullable().default(null),
      target: z.number().nullable().default(null),
      who,
    }),
  }),
  'POST cases/:id/measure/values': endpoint('takeMeasureValues', json.StrategicCaseJson, {
    summary: 'Takes values of what a strategic case measures, day by day',
    csv: 'allowed',
    body: z.strictObject({ values: z.array(reportedLists.values).min(1).max(mostValues), who }),
    values: ({ id, csv, body }) => [
      id,
      csv ? { rows: readCsv(csv, mostValues) } : { rows: body.values, who: body.who },
    ],
  }),
  'POST cases/:id/what-changed': endpoint('setWhatChanged', json.CaseJson, {
    summary: 'Writes what changed, for the customers of a case',
    body: words,
  }),
  'POST cases/:id/decision-owner': endpoint('nameDecisionOwner', json.StrategicCaseJson, {
    summary: 'Names the person who decides about a strategic case',
    body: z.strictObject({ person: z.string(), who }),
  }),
};
