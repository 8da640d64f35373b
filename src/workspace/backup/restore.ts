import type { Sql } from '#domain/base/ports.ts';
import { mailPollName } from '../issues/poll.ts';
import { AppError, type json, store } from '../kit.ts';

export type RestorePart = { header: json.BackupHeader; from: number; lines: string[]; replace: boolean };

export const unfinishedRestoreMessage =
  'A restore into this workspace was not finished. Run caselite restore again, with --replace.';

/** Takes a part of a backup, the first of which empties the store. @returns whether it was the last part */
export function takeRestorePart(
  sql: Sql,
  { header, from, lines, replace }: RestorePart,
  { workspace, migrations, now }: { workspace: string; migrations: store.Migration[]; now: number },
): boolean {
  const refuse = (message: string): never => {
    throw new AppError('conflict', message);
  };
  if (header.workspace !== workspace)
    refuse(`The backup is of workspace ${header.workspace}, and cannot be restored as ${workspace}.`);
  const position = migrations.findIndex(({ name }) => name === header.schema);
  if (position < 0) throw store.createNewerSchemaError(header.schema, migrations);
  const taken = store.findLinesTaken(sql);
  if (from === 0 && !replace && (taken !== null || !store.isStoreEmpty(sql)))
    refuse('The workspace is not empty. Restore with --replace to lose what it holds now.');
  if (from > 0 && taken !== from) refuse(`Line ${(taken ?? -1) + 1} is expected next; start the restore again.`);
  if (from + lines.length > header.lines) refuse(`The backup has more than its ${header.lines} lines.`);
  const isLast = from + lines.length === header.lines;
  if (!isLast && lines.length === 0) refuse(`The backup ends after ${from} of ${header.lines} lines: the file is cut.`);
  sql.transaction(() => {
    if (from === 0) store.emptyForRestore(sql, migrations.slice(0, position + 1));
    store.takeLines(sql, lines);
    if (!isLast) return;
    store.endRestoring(sql);
    store.migrate(sql, migrations);
    store.insertHold(sql, Date.parse(header.at), now);
    store.setTimer(sql, 'poll', mailPollName, now);
  });
  return isLast;
}
