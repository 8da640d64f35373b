import { mailPollName } from '../issues/poll.ts';
import { AppError, basics, type Core, type json, type Page, type Sql, store, toIsoText } from '../kit.ts';
import { computeVerdict } from '../loop/compute-verdict.ts';
import { skip } from '../loop/withdraw.ts';
import { findLostOutcome } from '../mail/send-mail.ts';

const mostCharactersPerPage = 1024 * 1024;
/** Rows may have 2 MB each. */
const rowsPerRead = 20;

/** Copies every row at one instant, to be read in pages; an earlier copy is dropped. */
export function startBackup(core: Core): { header: json.BackupHeader; next: string } {
  const { first, lines } = store.copyRowsToLines(core.sql);
  const header: json.BackupHeader = {
    caselite: 'backup',
    format: 1,
    schema: store.readSchemaName(core.sql),
    workspace: core.workspace,
    at: toIsoText(core.clock.now()),
    key: store.findSealFingerprint(core.sql),
    lines,
  };
  return { header, next: String(first) };
}

/** @throws AppError for a copy that is gone */
export function listLinesOfBackup(core: Core, from: number): Page<string> {
  const items: string[] = [];
  let next = from;
  for (let characters = 0; ; ) {
    const rows = store.listBackupLines(core.sql, next - 1, rowsPerRead);
    if (next === from && rows[0]?.seq !== from)
      throw new AppError('conflict', 'This backup was ended by another one, a restart or an erasure; start it again.');
    for (const { line } of rows) {
      if (!store.beginsLine(line)) items.push(`${items.pop()}${line}`);
      else if (characters < mostCharactersPerPage) items.push(line);
      else return { items, next: String(next) };
      characters += line.length;
      next += 1;
    }
    if (rows.length < rowsPerRead) return { items, next: null };
  }
}

export function endBackup({ sql }: Core): { ended: boolean } {
  store.deleteBackupLines(sql);
  return { ended: true };
}

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

const why = 'the customer may have been asked before the restore';

/** What a restored workspace holds back, and what was found of the lost time; null where nothing is held. */
export function readHold(core: Core): json.HoldJson | null {
  const hold = store.findHold(core.sql);
  if (!hold) return null;
  const { backupAt, restoredAt, listsMails } = hold;
  return {
    backupAt: toIsoText(backupAt),
    restoredAt: toIsoText(restoredAt),
    missing: listMissingLookups(core, hold),
    issues: store.listLaterIssues(core.sql).map(({ tracker, issueKey: key, url, number, isCaseKnown }) => {
      return { tracker, key, url, case: `C-${number}`, isCaseKnown: isCaseKnown === 1 };
    }),
    mailsFound: listsMails ? store.countLaterMails(core.sql) : null,
    mails: store.mails
      .list(core.sql, { state: 'intent' })
      .map(({ kind, subject, caseId }) => ({ kind, subject, case: caseId })),
    calls: store.countHeldCalls(core.sql),
    deliveries: store.countWaitingDeliveries(core.sql),
  };
}

/** Trackers are read once more after their lists are settled, because they may lag behind. */
function listMissingLookups(core: Core, { restoredAt, listsMails }: store.Restore): string[] {
  const settledAt = restoredAt + core.settings.workspace.polling.settle;
  const after = basics.formatTime(core, settledAt);
  const isUnread = (tracker: string) => (store.findPollState(core.sql, tracker).polledAt ?? 0) < settledAt;
  const unread = Object.keys(core.settings.workspace.trackers).filter(isUnread);
  return [
    ...unread.map((tracker) => `tracker ${tracker} is still to be read, after ${after}`),
    ...(listsMails === null ? [`the mail host is still to be asked, after ${after}`] : []),
  ];
}

/** Lets everything leave again once all is looked up; mail that left in the lost time is recorded as sent. */
export function releaseHold(core: Core, who: string): { released: boolean } {
  const hold = store.findHold(core.sql);
  if (!hold) throw new AppError('conflict', 'Nothing is held here.');
  const missing = listMissingLookups(core, hold);
  if (missing.length > 0) throw new AppError('conflict', `Not everything was looked up: ${missing.join('; ')}.`);
  const at = core.clock.now();
  for (const mail of store.mails.list(core.sql, { state: 'intent' })) {
    const lost = findLostOutcome(core, mail);
    if (!lost) continue;
    store.mails.update(core.sql, { id: mail.id }, { ...lost, endedAt: at });
    const state = lost.state === 'sent' ? 'done' : 'refused';
    store.endRow(core.sql, `mail:${mail.id}`, { state, at, error: lost.why });
  }
  if (hold.listsMails === false)
    for (const ask of store.listDueAsksOfCasesClosedSince(core.sql, hold.restoredAt)) {
      skip(core, ask, why);
      computeVerdict(core, ask.caseId, ask.generation, ask.person);
    }
  store.restores.update(core.sql, {}, { releasedAt: at, releasedBy: who });
  return { released: true };
}
