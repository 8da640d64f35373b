import * as z from 'zod';
import * as json from '#domain/json/index.ts';
import { validateRequestValue } from '../read-body.ts';
import { endpoint, pageOf, who } from './endpoint.ts';
import { pageQuery } from './lists.ts';

const Position = z.coerce.number().int().min(1);
/** By key or address, in the body: an address of a page or a log line names nobody. */
const person = z.string().min(1, 'is empty; give a customer key or an e-mail address').max(300);
const Keys = z.object({ keys: z.array(z.string()).describe('All keys of the person') });
/** Keys of linked customers who go along; nobody does unless named. */
const others = z.array(person).max(100).default([]);

const changeMail = (operation: 'mailAgain' | 'stopMail', summary: string) =>
  endpoint(operation, z.object({ ledger: json.LedgerJson.nullable() }), {
    summary,
    body: z.strictObject({ person, who, reason: z.string().max(1000) }),
    values: ({ body: { person: key, ...input } }) => [key, input],
    present: (ledger) => ({ ledger }),
  });

export const peopleEndpoints = {
  'GET people': endpoint('people', json.PeopleJson, { summary: 'Lists the people of the workspace' }),
  'PUT cases/:id/plan/:position': endpoint('tickPlan', json.CaseJson, {
    summary: 'Marks a step of the response plan as done or open',
    body: z.strictObject({ done: z.boolean(), who }),
    values: ({ id, param, body }) => [
      id,
      { position: validateRequestValue(Position, param('position'), 'position'), ...body },
    ],
  }),
  'POST cases/:id/acknowledge': endpoint('acknowledge', json.CaseJson, {
    summary: 'Acknowledges an escalation',
    body: z.strictObject({ who }),
    values: ({ id, body }) => [id, { ...body, how: 'through the API' }],
  }),
  'POST cases/:id/contacted': endpoint('markContacted', json.CaseJson, {
    summary: 'Records a contact with the customer, with a note of what was said',
    body: z.strictObject({ how: z.string().min(1).max(200), note: z.string().max(4000).default(''), who }),
  }),
  'POST cases/:id/contributors': endpoint('invite', json.CaseJson, {
    summary: 'Invites a contributor to a case',
    status: 201,
    body: z.strictObject({ name: z.string(), email: z.string(), who }),
  }),
  'DELETE cases/:id/contributors/:invitation': endpoint('revokeInvitation', json.CaseJson, {
    summary: 'Withdraws the invitation of a contributor',
    body: z.strictObject({ who }),
    values: ({ id, param, body }) => [id, { id: param('invitation'), ...body }],
  }),
  'POST sign-in-links': endpoint('createSignInLink', z.object({ url: z.string() }), {
    summary: 'Creates a link that signs a person in once',
    status: 201,
    body: z.strictObject({ person: z.string() }),
    values: ({ body }) => [body.person],
  }),
  'POST people-data/merge': endpoint('mergeKeys', Keys, {
    summary: 'Makes one person of customer keys',
    body: z.strictObject({ keys: z.array(person).max(20), who }),
  }),
  'POST people-data/part': endpoint('partKey', Keys, {
    summary: 'Parts a customer key from the person that it was merged into',
    body: z.strictObject({ key: person, who }),
  }),
  'POST people-data/export': endpoint('exportPerson', json.CustomerDataExport, {
    summary: 'Exports all personal data of one person, and of the linked customers under "with"',
    body: z.strictObject({ person, with: others, who }),
    values: ({ body: { person: key, ...input } }) => [key, input],
  }),
  'POST people-data/erase': endpoint('erasePerson', z.object({ responses: z.int(), cases: z.int(), mails: z.int() }), {
    summary: 'Erases the personal data of one person, and of the linked customers under "with"',
    body: z.strictObject({ person, with: others, who }),
    values: ({ body: { person: key, ...input } }) => [key, input],
  }),
  'POST people-data/mail-again': changeMail('mailAgain', 'Allows mail to an address again that bounced'),
  'POST people-data/stop-mail': changeMail('stopMail', 'Opts a customer out of mail who asked a person for it'),
};

export const accessEndpoints = {
  'GET tokens': endpoint('tokens', pageOf(json.TokenJson), {
    summary: 'Lists API tokens in force: a person’s own, for admins and programs all',
  }),
  'POST tokens': endpoint('createToken', json.TokenJson.extend({ token: z.string() }), {
    summary: 'Makes an API token, which is answered once; with the token of the deployment only',
    status: 201,
    body: z.strictObject({
      name: z.string(),
      scopes: z.array(json.TokenScope),
      days: z.int().default(90),
      program: z.boolean().default(false),
      who,
    }),
  }),
  'DELETE tokens/:token': endpoint('revokeToken', z.object({ revoked: z.boolean() }), {
    summary: 'Revokes an API token by its id',
    values: ({ param }) => [param('token'), {}],
  }),
  'GET audit': endpoint('audit', pageOf(json.AuditLineJson), { summary: 'Lists the audit log', query: pageQuery }),
};
