import * as z from 'zod';
import type { Page } from '#domain/base/page.ts';
import * as json from '#domain/json/index.ts';
import type { ListQuery } from '../../workspace/queries/lists.ts';
import { caseQueryShape, DeliveryQuery, toCaseFilter, wordsQueryShape } from '../queries.ts';
import { validateRequestValue } from '../read-body.ts';
import { endpoint, pageOf } from './endpoint.ts';

export const Limit = z.coerce.number().int().min(1).max(200).default(50);
const CustomerNumber = z.coerce.number().int().min(1);
/** The `next` of the page before; empty for the newest. */
const cursor = z
  .string()
  .default('')
  .transform((text) => text || null);
const page = { cursor, limit: Limit };

const attributeParameterPattern = /^customer\.[a-z0-9-]+$/;
const byName = z
  .record(z.string().regex(attributeParameterPattern), z.string(), 'needs the name of an attribute in place of NAME')
  .optional()
  .describe('Customers with this value of an attribute, as customer.region=emea');

/** Parameters of a list that `customer.NAME` narrows by attributes, as `customer.region=emea`, which it gives beside them. */
export const createAttributeQuerySchema = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .object({ ...shape, 'customer.NAME': byName })
    .catchall(z.string())
    .superRefine((query, context) => {
      const message = `is not known here; there are ${Object.keys(shape).join(', ')}, and customer.NAME for an attribute`;
      for (const name of Object.keys(query))
        if (!Object.hasOwn(shape, name) && !attributeParameterPattern.test(name))
          context.addIssue({ code: 'custom', path: [name], message });
    })
    .transform((query) => {
      const [attributes, own] = [new Map<string, string>(), new Map<string, unknown>()];
      for (const [name, value] of Object.entries(query))
        if (attributeParameterPattern.test(name)) attributes.set(name.slice('customer.'.length), String(value));
        else own.set(name, value);
      const given = Object.fromEntries(own) as z.output<z.ZodObject<Shape>>;
      return { ...given, attributes: Object.fromEntries(attributes) };
    });

export const pageQuery = z.strictObject(page);
type Paged = z.output<typeof pageQuery>;

const listOf = <Item, Query extends Paged>(
  summary: string,
  what: ListQuery['what'],
  item: z.ZodType<Item>,
  query: z.ZodType<Query>,
  narrow: (query: Omit<Query, keyof Paged>) => Partial<ListQuery> = () => ({}),
) =>
  endpoint<'list', undefined, Query, Page<Item>>('list', pageOf(item), {
    summary,
    query,
    values: ({ query: { cursor: next, limit, ...rest } }) => [
      { what, cursor: next, limit, ...narrow(rest as Omit<Query, keyof Paged>) },
    ],
    present: (found) => found as Page<Item>,
  });

export const listEndpoints = {
  'GET cases': listOf(
    'Lists cases',
    'cases',
    json.CaseJson,
    createAttributeQuerySchema({ ...page, ...caseQueryShape }),
    ({ search = '', attributes, ...query }) => ({ cases: toCaseFilter(query, 'all'), search, attributes }),
  ),
  'GET responses': listOf(
    'Lists responses',
    'responses',
    json.ResponseJson,
    pageQuery.extend({ search: z.string().default('').describe('Words of the respondent') }),
    ({ search }) => ({ search }),
  ),
  'GET follow-ups': endpoint('followUpList', pageOf(json.FollowUpRow), {
    summary: 'Lists follow-ups',
    query: pageQuery.extend({ state: json.FollowUpRow.shape.state.nullable().default(null) }),
    values: ({ query }) => [query],
  }),
  'GET mails': listOf('Lists mails', 'mails', json.MailJson, pageQuery),
  'GET deliveries': listOf(
    'Lists deliveries',
    'deliveries',
    json.DeliveryJson,
    DeliveryQuery.extend(page),
    (query) => ({ deliveries: query }),
  ),
  'GET customers': listOf(
    'Lists customers',
    'customers',
    json.CustomerJson,
    createAttributeQuerySchema({ ...page, search: z.string().default('') }),
    (query) => query,
  ),
  'GET words': endpoint('words', pageOf(json.WordsJson), {
    summary: 'Lists what respondents wrote, with the cases behind it',
    query: createAttributeQuerySchema({ ...page, ...wordsQueryShape }),
  }),
  'GET words/terms': endpoint('risingTerms', json.RisingTermsJson, {
    summary: 'Lists words that more people use than in the period before, by default of 30 days',
    query: createAttributeQuerySchema(wordsQueryShape),
  }),
  'GET responses/:id': endpoint('response', json.ResponseJson, { summary: 'Reads a response' }),
  'GET deliveries/:id': endpoint('delivery', json.DeliveryDetail, { summary: 'Reads a delivery' }),
  'GET customers/:id': endpoint('customer', json.CustomerDetailsJson, {
    summary: 'Reads a customer with the newest responses and cases',
    values: ({ id }) => [validateRequestValue(CustomerNumber, id, 'id')],
  }),
  'GET ledger/:key': endpoint('ledger', json.LedgerJson, { summary: 'Reads every contact with a customer' }),
};
