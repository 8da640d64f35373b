import { AppError, type Core, type json, type Page, store, toIsoText } from '../kit.ts';

const mostCharactersPerPage = 1024 * 1024;

/** Copies every row at one instant, to be read in pages; an earlier copy is dropped. */
export function startBackup(core: Core): { header: json.BackupHeader; next: string } {
  const { first, last } = store.copyRowsToLines(core.sql);
  const header: json.BackupHeader = {
    caselite: 'backup',
    format: 1,
    schema: store.readSchemaName(core.sql),
    workspace: core.workspace,
    at: toIsoText(core.clock.now()),
    key: store.findSealFingerprint(core.sql),
    lines: last - first + 1,
  };
  return { header, next: String(first) };
}

/** @throws AppError for a copy that is gone */
export function listLinesOfBackup(core: Core, from: number): Page<string> {
  const rows = store.listBackupLines(core.sql, from - 1, mostCharactersPerPage);
  if (rows[0]?.seq !== from)
    throw new AppError('conflict', 'This backup was ended by another one, a restart or an erasure; start it again.');
  const next = from + rows.length;
  const isLast = store.listBackupLines(core.sql, next - 1, 1).length === 0;
  return { items: rows.map(({ line }) => line), next: isLast ? null : String(next) };
}

export function endBackup({ sql }: Core): { ended: boolean } {
  store.deleteBackupLines(sql);
  return { ended: true };
}
