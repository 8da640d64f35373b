import * as z from 'zod';
import { BackupHeader, HoldJson } from '#domain/json/backup-json.ts';
import { endpoint, pageOf, who } from './endpoint.ts';

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
