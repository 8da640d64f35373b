import * as z from 'zod';
import { BackupHeader } from '#domain/json/backup-json.ts';
import { endpoint, pageOf } from './endpoint.ts';

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
  'DELETE backups': endpoint({
    operation: 'endBackup',
    summary: 'Drops the copy',
    answers: z.object({ ended: z.boolean() }),
  }),
};
