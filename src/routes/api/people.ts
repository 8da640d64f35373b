import * as z from 'zod';
import { CaseJson } from '#domain/json/case-json.ts';
import { LedgerJson } from '#domain/json/loop-json.ts';
import { CustomerDataExport, LinkedCustomer, PeopleJson } from '#domain/json/people-json.ts';
import { AuditLineJson, TokenJson, TokenScope } from '#domain/json/settings-json.ts';
import { validateRequestValue } from '../read-body.ts';
import { allOf, endpoint, pageOf, who } from './endpoint.ts';
import { Limit } from './lists.ts';

const Position = z.coerce.number().int().min(1);
/** By key or address, in the body: an address of a page or a log line names nobody. */
const person = z.string().min(1, 'is empty; give a customer key or an e-mail address').max(300);
/** Keys of linked customers who go along; nobody does unless named. */
const others = z.array(person).max(100).default([]);

export const peopleEndpoints = {
  'GET people': endpoint({
    operation: 'people',
    summary: 'Lists the people and teams of the workspace',
    answers: PeopleJson,
  }),
  'PUT cases/:id/plan/:position': endpoint({
    operation: 'tickPlan',
    summary: 'Marks a step of the response plan as done or open',
    answers: CaseJson,
    body: z.strictObject({ done: z.boolean(), who }),
    values: ({ id, param, body }) => [
      id,
      { position: validateRequestValue(Position, param('position'), 'position'), ...body },
    ],
  }),
  'POST cases/:id/acknowledge': endpoint({
    operation: 'acknowledge',
    summary: 'Acknowledges an escalation',
    answers: CaseJson,
    body: z.strictObject({ who }),
    values: ({ id, body }) => [id, { ...body, how: 'through the API' }],
  }),
  'POST cases/:id/snooze': endpoint({
    operation: 'snooze',
    summary: 'Snoozes reminders and escalations of a case',
    answers: CaseJson,
    body: z.strictObject({
      until: z.iso.datetime({ offset: true, error: 'is not a time; write for example 2026-11-27T09:00:00Z' }),
      reason: z.string().max(1000),
      who,
    }),
    values: ({ id, body: { until, ...input } }) => [id, { ...input, until: Date.parse(until) }],
  }),
  'POST cases/:id/contacted': endpoint({
    operation: 'markContacted',
    summary: 'Records a contact with the customer, with a note of what was said',
    answers: CaseJson,
    body: z.strictObject({ how: z.string().min(1).max(200), note: z.string().max(4000).default(''), who }),
  }),
  'POST cases/:id/contributors': endpoint({
    operation: 'invite',
    summary: 'Invites a contributor to a case',
    answers: CaseJson,
    status: 201,
    body: z.strictObject({ name: z.string(), email: z.string(), who }),
  }),
  'DELETE cases/:id/contributors/:invitation': endpoint({
    operation: 'revokeInvitation',
    summary: 'Withdraws the invitation of a contributor',
    answers: CaseJson,
    body: z.strictObject({ who }),
    values: ({ id, param, body }) => [id, { id: param('invitation'), ...body }],
  }),
  'POST sign-in-links': endpoint({
    operation: 'createSignInLink',
    summary: 'Creates a link that signs a person in once',
    answers: z.object({ url: z.string() }),
    status: 201,
    body: z.strictObject({ person: z.string() }),
    values: ({ body }) => [body.person],
  }),
  'POST people-data/linked': endpoint({
    operation: 'linkedCustomers',
    summary: 'Lists customers who may be the same person, and why',
    answers: z.object({ keys: z.array(z.string()), linked: z.array(LinkedCustomer) }),
    body: z.strictObject({ person }),
    values: ({ body }) => [body.person],
  }),
  'POST people-data/merge': endpoint({
    operation: 'mergeKeys',
    summary: 'Makes one person of customer keys',
    answers: z.object({ keys: z.array(z.string()).describe('All keys of the person') }),
    body: z.strictObject({ keys: z.array(person).max(20), who }),
  }),
  'POST people-data/part': endpoint({
    operation: 'partKey',
    summary: 'Parts a customer key from the person that it was merged into',
    answers: z.object({ keys: z.array(z.string()).describe('All keys of the person') }),
    body: z.strictObject({ key: person, who }),
  }),
  'POST people-data/export': endpoint({
    operation: 'exportPerson',
    summary: 'Exports all personal data of one person, and of the linked customers under "with"',
    answers: CustomerDataExport,
    body: z.strictObject({ person, with: others, who }),
    values: ({ body: { person: key, ...input } }) => [key, input],
  }),
  'POST people-data/erase': endpoint({
    operation: 'erasePerson',
    summary: 'Erases the personal data of one person, and of the linked customers under "with"',
    answers: z.object({ responses: z.int(), cases: z.int(), mails: z.int() }),
    body: z.strictObject({ person, with: others, who }),
    values: ({ body: { person: key, ...input } }) => [key, input],
  }),
  'POST people-data/mail-again': endpoint({
    operation: 'mailAgain',
    summary: 'Allows mail to an address again that bounced',
    answers: z.object({ ledger: LedgerJson.nullable() }),
    body: z.strictObject({ person, who, reason: z.string().max(1000) }),
    values: ({ body: { person: key, ...input } }) => [key, input],
    present: (ledger) => ({ ledger }),
  }),
};

export const accessEndpoints = {
  'GET tokens': endpoint({
    operation: 'tokens',
    summary: 'Lists API tokens in force: a person’s own, for admins and programs all',
    answers: pageOf(TokenJson),
    present: allOf,
  }),
  'POST tokens': endpoint({
    operation: 'createToken',
    summary: 'Makes an API token, which is answered once; with the token of the deployment only',
    answers: TokenJson.extend({ token: z.string() }),
    status: 201,
    body: z.strictObject({
      name: z.string(),
      scopes: z.array(TokenScope),
      days: z.int().default(90),
      program: z.boolean().default(false),
      who,
    }),
  }),
  'DELETE tokens/:token': endpoint({
    operation: 'revokeToken',
    summary: 'Revokes an API token by its id',
    answers: z.object({ revoked: z.boolean() }),
    values: ({ param }) => [param('token'), {}],
  }),
  'GET audit': endpoint({
    operation: 'audit',
    summary: 'Lists the audit log',
    query: z.strictObject({ cursor: z.string().default(''), limit: Limit }),
    answers: pageOf(AuditLineJson),
    values: ({ query: { cursor, limit } }) => [{ cursor: cursor || null, limit }],
  }),
};
