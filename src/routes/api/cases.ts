import * as z from 'zod';
import { each } from '#domain/base/api-object.ts';
import { readCsv } from '#domain/base/csv.ts';
import { AppError } from '#domain/base/errors.ts';
import { type ActionName, actionDefinitions } from '#domain/cases/action.ts';
import * as json from '#domain/json/index.ts';
import { ClosureWarning } from '#domain/loop/closure-warnings.ts';
import { reportedLists } from '#domain/reports/reported.ts';
import { type Endpoint, endpoint, pageOf, who } from './endpoint.ts';
import { Limit } from './lists.ts';

const text = z.string('is not text').max(4000, 'is longer than 4000 characters');
const optionalText = text.nullable().default(null);
const Mention = z.array(z.string().max(100)).max(20).default([]);
const IdempotencyKey = z.string().min(1).max(100).nullable().default(null);
const optional = z.string().max(300).nullable().default(null);

const mostValues = 400;
const reason = z.string().max(1000);
const words = z.strictObject({ text: z.string().max(10_000), who });

/** `POST cases/ID/actions/severity { "severity": "high", "who": "dana" }`: a value goes by the name of its action. */
const actionEndpoints = Object.fromEntries(
  actionDefinitions.map(({ name, value: takesValue }) => [
    `POST cases/:id/actions/${name}`,
    endpoint('act', json.CaseJson, {
      summary: `Acts on a case: ${name}`,
      status: 202,
      body: z.strictObject({
        ...(takesValue ? { [name]: optionalText } : {}),
        who,
        ...each(['because', 'root-cause', 'what-changed'], optionalText),
        mention: Mention,
        once: IdempotencyKey,
      }),
      values: ({ id, body }) => {
        const { who: person, because, mention, once, 'root-cause': cause, 'what-changed': changed } = body;
        const value = takesValue ? new Map(Object.entries(body)).get(name) : null;
        const done = { action: name, value: typeof value === 'string' ? value : '', because, who: person };
        const rootCause = name === 'root-cause' ? null : cause;
        const whatChanged = name === 'what-changed' ? null : changed;
        return [id, { ...done, rootCause, whatChanged, mention, once }];
      },
    }),
  ]),
) as Record<`POST cases/:id/actions/${ActionName}`, Endpoint<json.CaseJson>>;

/** The answer to an action that does not exist. */
export const refuseUnknownAction = () => {
  const names = actionDefinitions.map(({ name }) => name).join(', ');
  throw new AppError('not-found', `There is no such action; the actions are ${names}.`);
};

export const caseEndpoints = {
  'GET cases/:id': endpoint('case', json.CaseJson, { summary: 'Reads a case' }),
  'POST cases': endpoint('openByHand', json.CaseJson, {
    summary: 'Opens a case by hand',
    status: 201,
    body: z.strictObject({
      template: z.string(),
      customer: z
        .strictObject({
          key: z.string().min(1).max(300),
          email: z.string().max(400).nullable().default(null),
          name: optional,
          tier: optional,
          revenue: z.number().nullable().default(null),
          attributes: z.record(z.string(), z.unknown()).default({}),
        })
        .nullable()
        .default(null),
      reason: z.string().min(1, 'is empty; give a reason in one line').max(1000),
      who,
    }),
  }),
  'GET responses/:id/context': endpoint('responseContext', json.ResponseContext, {
    summary: 'Lists the cases of a response, similar responses, and templates that can open a case',
  }),
  'POST responses/:id/cases': endpoint('openFromResponse', json.CaseJson, {
    summary: 'Opens a case for a response, or joins it to the case about the same problem',
    status: 201,
    body: z.strictObject({ template: z.string(), reason: z.string().max(300), who }),
  }),
  ...actionEndpoints,
  'GET cases/:id/messages': endpoint('messagesOfCase', pageOf(json.CaseMessageJson), {
    summary: 'Lists mails, notices, comments, notes and calls of a case',
  }),
  'POST cases/:id/messages': endpoint('writeToCustomer', json.CaseJson, {
    summary: 'Sends a mail to the customer of a case, or to one or everybody of a strategic case',
    status: 202,
    body: z.strictObject({
      to: z.string().nullable().default(null),
      everybody: z.boolean().default(false),
      subject: z.string(),
      text: z.string(),
      who,
    }),
  }),
  'POST cases/:id/closing': endpoint('decideClosing', json.CaseJson, {
    summary: 'Decides about a closing without a consequence, counts an answer to check, or ends a wait for a decision',
    body: z.discriminatedUnion('decision', [
      z.strictObject({ decision: z.literal('ask'), who }),
      z.strictObject({ decision: z.literal('count'), who }),
      z.strictObject({ decision: z.literal('declined'), because: z.string(), who }),
      z.strictObject({ decision: z.literal('repeats'), handle: z.string(), who }),
      z.strictObject({ decision: z.literal('leave'), who }),
    ]),
  }),
  'POST cases/:id/addresses/:address': endpoint('decideAddress', json.CaseJson, {
    summary: 'Accepts or refuses an address that waits on a case',
    body: z.strictObject({ accept: z.boolean(), who }),
    values: ({ id, param, body }) => [id, { address: Number(param('address')), ...body }],
  }),
  'POST cases/:id/customer': endpoint('nameCustomer', json.CaseJson, {
    summary: 'Names the customer of an open case without one, such as of an adopted issue',
    body: z.strictObject({ key: z.string(), email: z.string().max(400).nullable().default(null), name: optional, who }),
  }),
  'GET cases/:id/signs': endpoint(
    'closureWarningsOfCase',
    pageOf(z.object({ generation: z.int(), warnings: z.array(ClosureWarning) })),
    { summary: 'Lists closure warnings' },
  ),
  'GET strategic': endpoint('strategicList', json.StrategicCaseListJson, {
    summary: 'Lists strategic cases and the revenue at risk',
    query: z.strictObject({ limit: Limit }),
    values: ({ query }) => [query.limit],
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
      ...each(['before', 'after', 'target'], z.number().nullable().default(null)),
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
