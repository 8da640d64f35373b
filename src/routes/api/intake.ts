import * as z from 'zod';
import { readCsv } from '#domain/base/csv.ts';
import * as json from '#domain/json/index.ts';
import { reportedLists, type TakenList } from '#domain/reports/reported.ts';
import { Instant, ReplayBody } from '../queries.ts';
import type { BodyLimit } from '../read-body.ts';
import { endpoint, pageOf, who } from './endpoint.ts';
import { pageQuery } from './lists.ts';

export const importLimit: BodyLimit = { kibibytes: 1024, remedy: 'import the file in parts' };
export const customerListLimit: BodyLimit = { kibibytes: 8 * 1024, remedy: 'send the list in parts' };

const Replayed = z.object({ replayed: z.int() });

const mostReportedRows = 5000;

const reportedEndpoint = (list: TakenList, summary: string) =>
  endpoint('takeReported', z.object({ taken: z.int() }), {
    limit: importLimit,
    summary,
    csv: 'allowed',
    body: z.strictObject({ rows: z.array(reportedLists[list]).min(1).max(mostReportedRows), who }),
    values: ({ csv, body }) => [
      list,
      csv ? { rows: readCsv(csv, mostReportedRows) } : { who: body.who, rows: body.rows },
    ],
  });

const reportedEndpoints = {
  'POST reported/surveys': reportedEndpoint('surveys', 'Takes surveys that other tools sent, for the rules of contact'),
  'POST reported/outcomes': reportedEndpoint(
    'outcomes',
    'Takes whether customers stayed, renewed, grew or left, with a value',
  ),
  'POST reported/counts': reportedEndpoint('counts', 'Takes how many finished responses of a day a survey tool counts'),
};

export const intakeEndpoints = {
  'GET sources': endpoint('sources', pageOf(json.SourceJson), { summary: 'Lists survey sources' }),
  'GET sources/:name': endpoint('source', json.SourceDetail, { summary: 'Reads a survey source with its questions' }),
  'POST sources/:name/back-fill': endpoint('backFill', z.object({ forms: z.array(z.string()) }), {
    summary: 'Fetches responses that no delivery brought',
    status: 202,
    body: z.strictObject({ since: Instant, forms: z.array(z.string().min(1).max(500)).max(100).default([]) }),
  }),
  'POST sources/:name/import': endpoint('importFile', z.object({ delivery: z.string(), rows: z.int() }), {
    limit: importLimit,
    summary: 'Imports responses from a file',
    status: 202,
    csv: 'always',
    values: ({ param, csv }) => [param('name'), { body: csv ?? new Uint8Array(), contentType: 'text/csv' }],
  }),
  'POST sources/:name/import/check': endpoint('checkFile', json.FileCheck, {
    limit: importLimit,
    summary: 'Checks a file before its import, and stores nothing',
    csv: 'always',
    values: ({ param, csv }) => [param('name'), { body: csv ?? new Uint8Array(), contentType: 'text/csv' }],
  }),
  'PUT customers': endpoint('putCustomers', z.object({ customers: z.int() }), {
    limit: customerListLimit,
    summary: 'Replaces entries of the customer list',
    csv: 'allowed',
    // The workspace knows its attributes, and so reads the rows.
    body: z.strictObject({ customers: z.array(z.record(z.string(), z.unknown())).min(1).max(20_000) }),
    values: ({ csv, body }) => [csv ?? body.customers, {}],
  }),
  ...reportedEndpoints,
  'POST deliveries/:id/replay': endpoint('replay', Replayed, {
    summary: 'Processes a delivery again that was set aside',
    status: 202,
    values: ({ id }) => [{ id }],
  }),
  'POST deliveries/replay': endpoint('replay', Replayed, {
    summary: 'Processes all matching deliveries again that were set aside',
    status: 202,
    body: ReplayBody,
    values: ({ body }) => [body],
  }),
  'GET triage': endpoint('triage', pageOf(json.TriageJson), {
    summary: 'Lists unhappy responses that no template took, and later answers "no" without a case',
    query: pageQuery,
  }),
  'POST triage': endpoint(
    'decideTriage',
    z.object({ decided: z.int(), left: z.array(z.object({ response: z.string(), why: z.string() })) }),
    {
      summary: 'Opens cases for responses, or dismisses them with a reason',
      body: z.strictObject({
        responses: z.array(z.string()).min(1),
        decision: z.enum(['open', 'dismiss']),
        template: z.string().nullable().default(null),
        reason: z.string().max(300),
        who,
      }),
    },
  ),
  'POST triage/template': endpoint('draftTemplate', json.TemplateDraft, {
    summary: 'Drafts a case template for what some responses share, and saves nothing',
    body: z.strictObject({ responses: z.array(z.string()).min(1).max(200) }),
    values: ({ body }) => [body.responses],
  }),
  'POST templates/:name/stored-matches': endpoint('holdStoredMatches', z.object({ held: z.int() }), {
    summary: 'Holds stored responses that a template matches, until a case manager opens or drops them',
    body: z.strictObject({ days: z.int().default(30), who }),
  }),
  'GET held-matches': endpoint('heldMatches', pageOf(json.HeldMatchesJson), {
    summary: 'Lists templates that opened too many cases, with the number of matches that wait',
  }),
  'POST templates/:name/held-matches': endpoint('decideHeld', z.object({ decided: z.int() }), {
    summary: 'Opens or drops the matches that wait for a template',
    body: z.strictObject({ decision: z.enum(['open', 'drop']), who }),
  }),
  'POST trackers/retry': endpoint('retryRefused', z.object({ trackers: z.array(z.string()) }), {
    summary: 'Tries again what the trackers refused',
    status: 202,
  }),
  'POST poll': endpoint('pollNow', z.object({ trackers: z.array(z.string()) }), {
    summary: 'Polls the trackers now',
    status: 202,
  }),
};
