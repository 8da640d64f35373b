import * as z from 'zod';
import type { ListQuery } from '../../workspace/queries/lists.ts';
import { DeliveryQuery, filterOf } from '../delivery-query.ts';
import { readBody } from '../read-body.ts';
import { endpoint } from './endpoint.ts';

export const Limit = z.coerce.number().int().min(1).max(200).default(50);
const RowNumber = z.coerce.number().int().min(1);
/** The `next` of the page before; empty for the newest. */
const cursor = z.string().default('');
const page = { cursor, limit: Limit };

/** Parameters of a list that `customer.NAME` narrows by an attribute, as `customer.region=emea`. */
const byAttribute = <Value extends z.ZodRawShape>(schema: Value) =>
  z
    .object(schema)
    .catchall(z.string())
    .superRefine((query, context) => {
      for (const name of Object.keys(query))
        if (!Object.hasOwn(schema, name) && !/^customer\.[a-z0-9-]+$/.test(name))
          context.addIssue({ code: 'custom', path: [name], message: unknownParameter(Object.keys(schema)) });
    });
const unknownParameter = (known: string[]) =>
  `is not known here; there are ${known.join(', ')}, and customer.NAME for an attribute`;

const attributesIn = (query: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) =>
      name.startsWith('customer.') ? [[name.slice('customer.'.length), String(value)]] : [],
    ),
  );

const listOf = (what: ListQuery['what'], summary: string) =>
  endpoint({
    operation: 'list',
    summary,
    query: z.strictObject(page),
    values: ({ query }) => [{ what, cursor: query.cursor || null, limit: query.limit }],
  });

export const listCases = endpoint({
  operation: 'list',
  summary: 'Lists cases',
  query: byAttribute(page),
  values: ({ query }) => [
    { what: 'cases', cursor: query.cursor || null, limit: query.limit, attributes: attributesIn(query) },
  ],
});
export const listResponses = listOf('responses', 'Lists responses');
export const listFollowUps = listOf('follow-ups', 'Lists follow-ups');
export const listMails = listOf('mails', 'Lists mails');
export const listInvitations = listOf('invitations', 'Lists invitations to surveys');
export const listResurveys = listOf('resurveys', 'Lists repeated surveys');

export const listDeliveries = endpoint({
  operation: 'list',
  summary: 'Lists deliveries',
  query: DeliveryQuery.extend(page),
  values: ({ query: { cursor: next, limit, ...filter } }) => [
    { what: 'deliveries', cursor: next || null, limit, deliveries: filterOf(filter) },
  ],
});

export const listCustomers = endpoint({
  operation: 'list',
  summary: 'Lists customers',
  query: byAttribute({ ...page, search: z.string().default('') }),
  values: ({ query: { cursor: next, limit, search, ...query } }) => [
    { what: 'customers', cursor: next || null, limit, search, attributes: attributesIn(query) },
  ],
});

export const readResponse = endpoint({
  operation: 'response',
  summary: 'Reads a response',
  values: ({ id }) => [id],
});

export const readDelivery = endpoint({
  operation: 'delivery',
  summary: 'Reads a delivery',
  values: ({ id }) => [id],
});

export const readCustomer = endpoint({
  operation: 'customer',
  summary: 'Reads a customer with the newest responses and cases',
  values: ({ id }) => [readBody(RowNumber, id, 'id')],
});

export const readLedger = endpoint({
  operation: 'ledger',
  summary: 'Reads every contact with a customer',
  values: ({ param }) => [param('key')],
});
