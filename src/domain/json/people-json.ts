import * as z from 'zod';
import { apiObject, each, orNull } from '../base/api-object.ts';
import { AttributesJson, CaseJson } from './case-json.ts';
import { ResponseJson } from './intake-json.ts';
import { InvitationJson, ReportedSurveyJson, ResurveyJson } from './loop-json.ts';

/* Customers, contributors and people as outside programs and pages get them. Times are ISO 8601 in UTC. */

export const CustomerJson = apiObject('Customer', {
  id: z.int().describe('Number of the customer in addresses of pages'),
  key: z.string(),
  ...each(['email', 'name', 'tier'], orNull),
  revenue: z.number().nullable(),
  language: orNull,
  renewal: orNull.describe('A day'),
  attributes: AttributesJson,
  isListed: z.boolean(),
  from: z
    .record(z.string(), z.enum(['list', 'response']))
    .describe('Origin of each attribute: the customer list, which takes precedence, or a response'),
  updatedAt: z.string(),
});
export type CustomerJson = z.output<typeof CustomerJson>;

export const LinkedCustomer = apiObject('LinkedCustomer', {
  id: z.int(),
  key: z.string(),
  name: orNull,
  addresses: z.array(z.string()),
  by: z.enum(['merge', 'address']).describe('A case manager merged them, or they only share an address'),
});
export type LinkedCustomer = z.output<typeof LinkedCustomer>;

export const CustomerDetailsJson = CustomerJson.extend({
  linked: z.array(LinkedCustomer),
  responses: z.array(ResponseJson),
  cases: z.array(CaseJson),
}).meta({ id: 'CustomerDetail' });
export type CustomerDetailsJson = z.output<typeof CustomerDetailsJson>;

const rows = z.array(z.record(z.string(), z.unknown()));

export const CustomerDataExport = z.object({
  exportedAt: z.string(),
  workspace: z.string(),
  customers: rows,
  responses: z.array(ResponseJson),
  deliveries: z.array(z.object({ id: z.string(), receivedAt: orNull, text: z.string() })),
  cases: z.array(CaseJson.omit({ followUps: true, responses: true })),
  replies: rows,
  followUps: rows,
  resurveys: z.array(ResurveyJson),
  invitations: z.array(InvitationJson),
  surveys: z.array(ReportedSurveyJson),
  ...each(['outcomes', 'risks', 'scores', 'mails'], rows),
});
export type CustomerDataExport = z.output<typeof CustomerDataExport>;

const names = z.array(z.string());

export const PeopleJson = z.object({
  people: z.array(
    z.object({
      key: z.string(),
      name: z.string(),
      ...each(['manages', 'memberOf', 'roles', 'accounts'], names),
      away: z.array(z.object({ from: z.string(), until: z.string() })),
      isAway: z.boolean(),
      access: z.enum(['viewer', 'member', 'manager', 'admin']),
      isUndeliverable: z.boolean().describe('Whether the address bounced permanently, so that it gets no more mail'),
      worksOn: z.int(),
      answersFor: z.int(),
    }),
  ),
  nobody: z
    .object({ works: z.int(), answers: z.int() })
    .describe('Open cases without an assignee, and without a loop owner'),
});
export type PeopleJson = z.output<typeof PeopleJson>;
