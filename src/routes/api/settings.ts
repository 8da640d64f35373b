import * as z from 'zod';
import { TrackerSetUpReport } from '#domain/integrations/tracker-state.ts';
import * as json from '#domain/json/index.ts';
import { BacktestReport } from '#domain/reports/backtest.ts';
import { OutcomeJson } from '#domain/reports/effect.ts';
import { HuddleJson } from '#domain/reports/huddle.ts';
import { ReportJson } from '#domain/reports/report.ts';
import { RiskJson } from '#domain/reports/risk.ts';
import { SettingsFile } from '#domain/templates/template.ts';
import { HuddleQuery, Instant, outcomeQueryShape, reportQueryShape } from '../queries.ts';
import { endpoint, pageOf, who } from './endpoint.ts';
import { createAttributeQuerySchema, pageQuery } from './lists.ts';

const files = z.array(SettingsFile).min(1).max(500);

export const settingsEndpoints = {
  'GET settings': endpoint('pull', json.SettingsFilesJson, { summary: 'Reads the files of the settings' }),
  'PUT settings': endpoint('push', z.object({ version: z.int(), changed: z.boolean(), warnings: json.warnings }), {
    summary: 'Pushes the files of the settings',
    creates: true,
    body: z.strictObject({
      files,
      base: z.int().nullable().default(null),
      author: z.string().min(1).max(100).optional(),
      why: z.string().max(300).optional(),
    }),
    values: ({ param, body }) => [param('workspace'), body],
  }),
  'POST settings/validate': endpoint('validate', json.UnpushedChangesJson, {
    summary: 'Checks files as a push does, without keeping them',
    body: z.strictObject({ files }),
    values: ({ body }) => [body.files],
  }),
  'GET settings/versions': endpoint('versions', pageOf(json.SettingsVersionJson), {
    summary: 'Lists versions of the settings',
    values: () => [null],
  }),
  'GET settings/versions/:version': endpoint('settingsAt', json.SettingsFilesJson, {
    summary: 'Reads the files of one version of the settings',
    values: ({ param }) => [Number(param('version'))],
  }),
  'GET events': endpoint('eventChannels', pageOf(json.EventChannelJson), {
    summary: 'Lists channels that get events of cases',
  }),
  'GET events/:name/attempts': endpoint('eventAttempts', pageOf(json.EventAttemptJson), {
    summary: 'Lists tries to post events to a channel',
    query: pageQuery,
  }),
  'POST events/:name/replay': endpoint('replayEvents', z.object({ replayed: z.int(), until: z.string().nullable() }), {
    summary: 'Posts events again, one by its sequence or up to 1,000 since an instant, and resumes an ended channel',
    status: 202,
    body: z.strictObject({ since: Instant.optional(), sequence: z.int().optional(), who }),
  }),
  'GET health': endpoint('health', json.HealthJson, { summary: 'Tells what waits, since when, and what holds it' }),
  'GET secrets': endpoint('secrets', pageOf(json.SecretJson), {
    summary: 'Lists secrets that the settings name, and where each comes from, without their values',
  }),
  'POST trackers/check': endpoint('check', pageOf(TrackerSetUpReport), {
    summary: 'Checks the set-up of the trackers with the secrets of the deployment',
  }),
  'GET templates': endpoint('templates', pageOf(json.TemplateJson), { summary: 'Lists case templates' }),
  'GET templates/:name/versions': endpoint('versions', pageOf(json.SettingsVersionJson), {
    summary: 'Lists versions of a case template',
  }),
  'POST backtest': endpoint('backtest', z.object({ report: BacktestReport, timeZone: z.string() }), {
    summary: 'Applies a case template to stored responses without opening cases',
    body: z.strictObject({
      template: z.string(),
      text: z.string().max(200_000).nullable().default(null),
      against: z.int().min(1).nullable().default(null),
    }),
  }),
  'GET reports': endpoint('report', ReportJson, {
    summary: 'Reports what came of the feedback of a period, beside the period before',
    query: createAttributeQuerySchema(reportQueryShape),
  }),
  'GET at-risk': endpoint('risks', pageOf(RiskJson), {
    summary: 'Lists customers at risk with their reasons, those of late first',
    query: pageQuery,
  }),
  'GET outcomes': endpoint('outcomes', pageOf(OutcomeJson), {
    summary: 'Lists whether customers stayed, renewed, grew or left, newest day first',
    query: pageQuery.extend(outcomeQueryShape),
    values: ({ query: { cursor, limit, ...filter } }) => [{ cursor, limit, filter }],
  }),
  'GET huddle': endpoint('huddle', HuddleJson, {
    summary: 'Reads what a team talks about once a week or month: open work, recoveries, rising words and figures',
    query: HuddleQuery.strict(),
  }),
  'GET reports/loops': endpoint('loopReport', json.LoopReportJson, {
    summary: 'Sums up verdicts and blockers of a period',
    query: z.strictObject({ days: z.coerce.number().default(90) }),
    values: ({ query }) => [query.days],
  }),
};

export const backupEndpoints = {
  'POST backups': endpoint('startBackup', z.object({ header: json.BackupHeader, next: z.string() }), {
    summary: 'Copies everything at one instant, to be read in pages',
  }),
  'GET backups/lines': endpoint('backupLines', pageOf(z.string()), {
    summary: 'Reads lines of the copy that was started last',
    query: z.strictObject({ cursor: z.coerce.number().int().min(1) }),
    values: ({ query }) => [query.cursor],
  }),
  'POST restore': endpoint('restore', z.object({ taken: z.int() }), {
    limit: { kibibytes: 8 * 1024, remedy: 'send fewer lines at once' },
    summary: 'Takes lines of a backup; the last ones begin the hold',
    creates: true,
    body: z.strictObject({
      header: json.BackupHeader,
      from: z.int().min(0),
      lines: z.array(z.string()).max(10_000),
      replace: z.boolean().default(false),
    }),
    values: ({ param, body }) => [param('workspace'), body],
  }),
  'GET hold': endpoint('hold', z.object({ hold: json.HoldJson.nullable() }), {
    summary: 'Reads what a restored workspace holds back',
    present: (hold) => ({ hold }),
  }),
  'POST hold/release': endpoint('releaseHold', z.object({ released: z.boolean() }), {
    summary: 'Lets everything leave again after a restore',
    body: z.strictObject({ who }),
  }),
  'DELETE backups': endpoint('endBackup', z.object({ ended: z.boolean() }), { summary: 'Drops the copy' }),
};
