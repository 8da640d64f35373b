import * as z from 'zod';
import { readCsv } from '#domain/base/csv.ts';
import { filterOf, Instant, ReplayBody } from '../delivery-query.ts';
import { allOf, endpoint } from './endpoint.ts';

export const listSources = endpoint({
  operation: 'sources',
  summary: 'Lists survey sources',
  values: () => [],
  present: allOf,
});

export const readSource = endpoint({
  operation: 'source',
  summary: 'Reads a survey source with its questions',
  values: ({ param }) => [param('name')],
});

export const backFill = endpoint({
  operation: 'backFill',
  summary: 'Fetches responses that no delivery brought',
  status: 202,
  body: z.strictObject({ since: Instant, forms: z.array(z.string().min(1).max(500)).max(100).default([]) }),
  values: ({ param, body: { since, forms } }) => [param('name'), { since: Date.parse(since), forms }],
});

export const importFile = endpoint({
  operation: 'importFile',
  summary: 'Imports responses from a file',
  status: 202,
  csv: 'always',
  values: ({ param, csv }) => [param('name'), { body: csv ?? new Uint8Array(), contentType: 'text/csv' }],
});

export const putCustomers = endpoint({
  operation: 'putCustomers',
  summary: 'Replaces entries of the customer list',
  csv: 'allowed',
  // The workspace knows its attributes, and so reads the rows.
  body: z.strictObject({ customers: z.array(z.record(z.string(), z.unknown())).min(1).max(20_000) }),
  values: ({ csv, body }) => [csv ? readCsv(csv) : body.customers],
});

export const replayDelivery = endpoint({
  operation: 'replay',
  summary: 'Processes a delivery again that was set aside',
  status: 202,
  values: ({ id }) => [{ id }],
});

export const replayDeliveries = endpoint({
  operation: 'replay',
  summary: 'Processes all matching deliveries again that were set aside',
  status: 202,
  body: ReplayBody,
  values: ({ body }) => [filterOf(body)],
});

export const pollTrackers = endpoint({
  operation: 'pollNow',
  summary: 'Polls the trackers now',
  status: 202,
  values: () => [],
});
