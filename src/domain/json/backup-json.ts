import * as z from 'zod';

/** First line of a backup. */
export const BackupHeader = z.object({
  caselite: z.literal('backup'),
  format: z.literal(1),
  /** The schema that the rows have, by the name of its newest migration. */
  schema: z.string().max(100),
  workspace: z.string().max(63),
  at: z.iso.datetime(),
  /** Fingerprint of the CASELITE_KEY under which the root of the keys is sealed. */
  key: z.string().max(100),
  /** Number of the lines that follow, one row each. */
  lines: z.int().min(0),
});
export type BackupHeader = z.output<typeof BackupHeader>;
