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

/** What a restored workspace holds back until somebody releases it. */
export const HoldJson = z.object({
  backupAt: z.string(),
  restoredAt: z.string(),
  /** What must be looked up before a release. */
  missing: z.array(z.string()),
  /** Issues made after the backup. The case of an unknown one opens under its number once its response is back. */
  issues: z.array(
    z.object({ tracker: z.string(), key: z.string(), url: z.string(), case: z.string(), isCaseKnown: z.boolean() }),
  ),
  /** Number of mails that the mail host took after the backup; null where it lists none. */
  mailsFound: z.int().nullable(),
  mails: z.array(z.object({ kind: z.string(), subject: z.string(), case: z.string().nullable() })),
  /** Number of calls that wait for the release. */
  calls: z.int(),
  deliveries: z.int(),
});
export type HoldJson = z.output<typeof HoldJson>;
