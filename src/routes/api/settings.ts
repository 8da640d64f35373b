import * as z from 'zod';
import { LoopReportJson } from '#domain/json/loop-json.ts';
import {
  BackupHeader,
  HealthJson,
  HoldJson,
  SettingsFilesJson,
  SettingsVersionJson,
  TemplateJson,
  UnpushedChangesJson,
  warnings,
} from '#domain/json/settings-json.ts';
import { BacktestReport } from '#domain/reports/backtest.ts';
import { SettingsFile } from '#domain/templates/template.ts';
import { allOf, endpoint, pageOf, who } from './endpoint.ts';

const files = z.array(SettingsFile).min(1).max(500);

export const settingsEndpoints = {
  'GET settings': endpoint({
    operation: 'pull',
    summary: 'Reads the files of the settings',
    answers: SettingsFilesJson,
  }),
  'PUT settings': endpoint({
    operation: 'push',
    summary: 'Pushes the files of the settings',
    answers: z.object({ version: z.int(), changed: z.boolean(), warnings }),
    creates: true,
    body: z.strictObject({
      files,
      base: z.int().nullable().default(null),
      successors: z.record(z.string(), z.string()).optional(),
      author: z.string().min(1).max(100).optional(),
    }),
    values: ({ param, body }) => [param('workspace'), body],
  }),
  'POST settings/validate': endpoint({
    operation: 'validate',
    summary: 'Checks files as a push does, without keeping them',
    answers: UnpushedChangesJson,
    body: z.strictObject({ files }),
    values: ({ body }) => [body.files],
  }),
  'POST sources/:name/questions': endpoint({
    operation: 'renameQuestion',
    summary: 'Lets an alias of a source name another question, as a new version of the settings',
    answers: z.object({ version: z.int(), changed: z.boolean(), warnings }),
    body: z.strictObject({
      alias: z.string().min(1).max(100),
      question: z.string().min(1).max(500),
      base: z.int().nullable().default(null),
      who: z.string().min(1).max(100).default('the API'),
    }),
    values: ({ param, body }) => [param('workspace'), { ...body, source: param('name') }],
  }),
  'GET settings/versions': endpoint({
    operation: 'versions',
    summary: 'Lists versions of the settings',
    answers: pageOf(SettingsVersionJson),
    values: () => [null],
    present: allOf,
  }),
  'GET settings/versions/:version': endpoint({
    operation: 'settingsAt',
    summary: 'Reads the files of one version of the settings',
    answers: SettingsFilesJson,
    values: ({ param }) => [Number(param('version'))],
  }),
  'GET health': endpoint({
    operation: 'health',
    summary: 'Tells what waits, since when, and what holds it',
    answers: HealthJson,
  }),
  'GET templates': endpoint({
    operation: 'templates',
    summary: 'Lists case templates',
    answers: pageOf(TemplateJson),
    present: allOf,
  }),
  'GET templates/:name/versions': endpoint({
    operation: 'versions',
    summary: 'Lists versions of a case template',
    answers: pageOf(SettingsVersionJson),
    values: ({ param }) => [param('name')],
    present: allOf,
  }),
  'POST backtest': endpoint({
    operation: 'backtest',
    summary: 'Applies a case template to stored responses without opening cases',
    answers: z.object({ report: BacktestReport, timeZone: z.string() }),
    body: z.strictObject({
      template: z.string(),
      text: z.string().max(200_000).nullable().default(null),
      against: z.int().min(1).nullable().default(null),
    }),
  }),
  'GET reports/loops': endpoint({
    operation: 'loopReport',
    summary: 'Sums up verdicts and blockers of a period',
    answers: LoopReportJson,
    query: z.strictObject({ days: z.coerce.number().default(90) }),
    values: ({ query }) => [query.days],
  }),
};

export const backupEndpoints = {
  'POST backups': endpoint({
    operation: 'startBackup',
    summary: 'Copies everything at one instant, to be read in pages',
    answers: z.object({ header: BackupHeader, next: z.string() }),
  }),
  'GET backups/lines': endpoint({
    operation: 'backupLines',
    summary: 'Reads lines of the copy that was started last',
    answers: pageOf(z.string()),
    query: z.strictObject({ cursor: z.coerce.number().int().min(1) }),
    values: ({ query }) => [query.cursor],
  }),
  'POST restore': endpoint({
    limit: { kibibytes: 8 * 1024, remedy: 'send fewer lines at once' },
    operation: 'restore',
    summary: 'Takes lines of a backup; the last ones begin the hold',
    answers: z.object({ taken: z.int() }),
    creates: true,
    body: z.strictObject({
      header: BackupHeader,
      from: z.int().min(0),
      lines: z.array(z.string()).max(10_000),
      replace: z.boolean().default(false),
    }),
    values: ({ param, body }) => [param('workspace'), body],
  }),
  'GET hold': endpoint({
    operation: 'hold',
    summary: 'Reads what a restored workspace holds back',
    answers: z.object({ hold: HoldJson.nullable() }),
    present: (hold) => ({ hold }),
  }),
  'POST hold/release': endpoint({
    operation: 'releaseHold',
    summary: 'Lets everything leave again after a restore',
    answers: z.object({ released: z.boolean() }),
    body: z.strictObject({ who }),
  }),
  'DELETE backups': endpoint({
    operation: 'endBackup',
    summary: 'Drops the copy',
    answers: z.object({ ended: z.boolean() }),
  }),
};
