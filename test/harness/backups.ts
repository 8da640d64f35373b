import type { BackupHeader } from '#domain/json/settings-json.ts';
import { listLinesOfBackup, startBackup, takeRestorePart } from '#src/workspace/backup/backup.ts';
import type { Core } from '#src/workspace/core.ts';
import { migrations } from './migrations.ts';

export interface Backup {
  header: BackupHeader;
  lines: string[];
}

/** Takes a backup of a store, as `caselite backup` does. */
export function takeBackup(core: Core): Backup {
  const { header, next } = core.sql.transaction(() => startBackup(core));
  const lines: string[] = [];
  for (let cursor: string | null = next; cursor && header.lines > 0; ) {
    const page = listLinesOfBackup(core, Number(cursor));
    lines.push(...page.items);
    cursor = page.next;
  }
  return { header, lines };
}

/** Restores a backup in parts, in place of everything that a store holds. */
export function restoreBackup(core: Core, { header, lines }: Backup): void {
  const size = Math.ceil(lines.length / 3) || 1;
  for (let from = 0; from === 0 || from < lines.length; from += size) {
    const part = { header, from, lines: lines.slice(from, from + size), replace: true };
    takeRestorePart(core.sql, part, { workspace: core.workspace, migrations, now: core.clock.now() });
  }
}
