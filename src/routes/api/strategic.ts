import * as z from 'zod';
import { endpoint, who } from './endpoint.ts';
import { Limit } from './lists.ts';

const reason = z.string().max(1000);
const words = z.strictObject({ text: z.string().max(10_000), who });

export const listStrategic = endpoint({
  operation: 'strategicList',
  summary: 'Lists strategic cases and the revenue at risk',
  query: z.strictObject({ limit: Limit }),
  values: ({ query }) => [query.limit],
  present: ({ items, atRisk }) => ({ items, next: null, atRisk }),
});

export const readStrategic = endpoint({
  operation: 'strategicCase',
  summary: 'Reads the strategic part of a case',
  values: ({ id }) => [id],
});

export const readElevation = endpoint({
  operation: 'elevation',
  summary: 'Lists the strategic cases that a case is or can be linked to',
  values: ({ id }) => [id],
});

export const elevate = endpoint({
  operation: 'elevate',
  summary: 'Links a case to a strategic case',
  body: z.strictObject({
    to: z.string().min(1, 'is empty; name a strategic case by its id, or a strategic template'),
    theme: z.string().max(60).nullable().default(null),
    reason,
    who,
  }),
  values: ({ id, body }) => [id, body],
});

export const decide = endpoint({
  operation: 'decide',
  summary: 'Records the decision of a strategic case',
  body: words,
  values: ({ id, body }) => [id, body],
});

export const measure = endpoint({
  operation: 'measure',
  summary: 'Records what is measured before and after',
  body: z.strictObject({
    name: z.string().max(200),
    unit: z.string().max(40).default(''),
    source: z.enum(['manual', 'theme-rate']).default('manual'),
    before: z.number().nullable().default(null),
    after: z.number().nullable().default(null),
    who,
  }),
  values: ({ id, body }) => [id, body],
});

export const setWhatChanged = endpoint({
  operation: 'setWhatChanged',
  summary: 'Writes what changed, for the customers of a case',
  body: words,
  values: ({ id, body }) => [id, body],
});

export const nameDecisionOwner = endpoint({
  operation: 'nameDecisionOwner',
  summary: 'Names the person who decides about a strategic case',
  body: z.strictObject({ person: z.string(), who }),
  values: ({ id, body }) => [id, body],
});

export const linkRelatedCase = endpoint({
  operation: 'linkRelatedCase',
  summary: 'Links a related strategic case',
  body: z.strictObject({ sister: z.string(), reason, who }),
  values: ({ id, body }) => [id, body],
});
