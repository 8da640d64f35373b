import * as z from 'zod';
import { readCsv } from '#domain/base/csv.ts';
import { FileCheck, HeldMatchesJson, SourceDetail, SourceJson } from '#domain/json/intake-json.ts';
import { Instant, ReplayBody, toDeliveryFilter } from '../delivery-query.ts';
import type { BodyLimit } from '../read-body.ts';
import { allOf, endpoint, pageOf, who } from './endpoint.ts';

export const importLimit: BodyLimit = { kibibytes: 1024, remedy: 'import the file in parts' };
export const customerListLimit: BodyLimit = { kibibytes: 8 * 1024, remedy: 'send the list in parts' };

const Replayed = z.object({ replayed: z.int() });

export const intakeEndpoints = {
  'GET sources': endpoint({
    operation: 'sources',
    summary: 'Lists survey sources',
    answers: pageOf(SourceJson),
    present: allOf,
  }),
  'GET sources/:name': endpoint({
    operation: 'source',
    summary: 'Reads a survey source with its questions',
    answers: SourceDetail,
    values: ({ param }) => [param('name')],
  }),
  'POST sources/:name/back-fill': endpoint({
    operation: 'backFill',
    summary: 'Fetches responses that no delivery brought',
    answers: z.object({ forms: z.array(z.string()) }),
    status: 202,
    body: z.strictObject({ since: Instant, forms: z.array(z.string().min(1).max(500)).max(100).default([]) }),
    values: ({ param, body: { since, forms } }) => [param('name'), { since: Date.parse(since), forms }],
  }),
  'POST sources/:name/import': endpoint({
    limit: importLimit,
    operation: 'importFile',
    summary: 'Imports responses from a file',
    answers: z.object({ delivery: z.string(), rows: z.int() }),
    status: 202,
    csv: 'always',
    values: ({ param, csv }) => [param('name'), { body: csv ?? new Uint8Array(), contentType: 'text/csv' }],
  }),
  'POST sources/:name/import/check': endpoint({
    limit: importLimit,
    operation: 'checkFile',
    summary: 'Checks a file before its import, and stores nothing',
    answers: FileCheck,
    csv: 'always',
    values: ({ param, csv }) => [param('name'), { body: csv ?? new Uint8Array(), contentType: 'text/csv' }],
  }),
  'PUT customers': endpoint({
    limit: customerListLimit,
    operation: 'putCustomers',
    summary: 'Replaces entries of the customer list',
    answers: z.object({ customers: z.int() }),
    csv: 'allowed',
    // The workspace knows its attributes, and so reads the rows.
    body: z.strictObject({ customers: z.array(z.record(z.string(), z.unknown())).min(1).max(20_000) }),
    values: ({ csv, body }) => [csv ? readCsv(csv) : body.customers],
  }),
  'POST deliveries/:id/replay': endpoint({
    operation: 'replay',
    summary: 'Processes a delivery again that was set aside',
    answers: Replayed,
    status: 202,
    values: ({ id }) => [{ id }],
  }),
  'POST deliveries/replay': endpoint({
    operation: 'replay',
    summary: 'Processes all matching deliveries again that were set aside',
    answers: Replayed,
    status: 202,
    body: ReplayBody,
    values: ({ body }) => [toDeliveryFilter(body)],
  }),
  'GET held-matches': endpoint({
    operation: 'heldMatches',
    summary: 'Lists templates that opened too many cases, with the number of matches that wait',
    answers: pageOf(HeldMatchesJson),
    present: allOf,
  }),
  'POST templates/:name/held-matches': endpoint({
    operation: 'decideHeld',
    summary: 'Opens or drops the matches that wait for a template',
    answers: z.object({ decided: z.int() }),
    body: z.strictObject({ decision: z.enum(['open', 'drop']), who }),
    values: ({ param, body }) => [param('name'), body],
  }),
  'POST trackers/retry': endpoint({
    operation: 'retryRefused',
    summary: 'Tries again what the trackers refused',
    answers: z.object({ trackers: z.array(z.string()) }),
    status: 202,
  }),
  'POST poll': endpoint({
    operation: 'pollNow',
    summary: 'Polls the trackers now',
    answers: z.object({ trackers: z.array(z.string()) }),
    status: 202,
  }),
};
