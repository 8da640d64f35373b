import type { Tracker } from '#domain/integrations/tracker.ts';
import { type Core, createIssueMarker, deriveUuid, IntegrationError, minuteMs, store } from '../kit.ts';
import { markOfMail } from '../mail/lost-mail.ts';

const clockToleranceMs = 10 * minuteMs;

/** Name of the poll that asks the mail provider what it took between a backup and its restore. */
export const mailPollName = 'mail';

/** Notes a changed issue of no case here, which may be ours from between the backup and the restore. */
export async function recordLaterIssue(
  core: Core,
  tracker: { name: string; port: Tracker },
  issueId: string,
  { backupAt }: store.Restore,
): Promise<void> {
  const shown = await tracker.port.readIssue(issueId);
  for (const marker of shown?.ownershipMarks.markers ?? []) {
    const [, handle = '', caseHandle = ''] = /^1\.((C-\d+)(?:-\d+)?)\./.exec(marker) ?? [];
    if (marker !== createIssueMarker(core.keys, core.workspace, handle)) continue;
    const known = store.findCaseByHandle(core.sql, caseHandle);
    const link = shown?.ownershipMarks.links.map((url) => /\/cases\/(c_[0-9a-f]{24})/.exec(url)?.[1]).find(Boolean);
    const caseId = known?.id ?? link;
    if (!caseId || (handle === caseHandle && known?.issue)) continue;
    const uuid = deriveUuid(core.keys, 'issue-uuid.1', core.workspace, caseId);
    const startedAt = backupAt - clockToleranceMs;
    const own = await tracker.port.relations?.listOwnIssuesWithMarker({ marker, uuid, floor: '', startedAt });
    const issue = own?.find(({ id }) => id === issueId);
    if (!issue) continue;
    const { id, key: issueKey, url } = issue;
    const number = Number(caseHandle.slice(2));
    const row = { marker, tracker: tracker.name, issueId: id, issueKey, url, number, caseId };
    core.sql.transaction(() => store.insertLaterIssue(core.sql, row, core.clock.now()));
  }
}

/** Asks the mail provider what it took since the backup, so that no mail goes twice. */
export async function readLaterMails(core: Core): Promise<void> {
  const hold = store.findHold(core.sql);
  const now = core.clock.now();
  if (!hold) return store.clearTimer(core.sql, 'poll', mailPollName);
  const settledAt = hold.restoredAt + core.settings.workspace.polling.settle;
  if (now < settledAt) return store.setTimer(core.sql, 'poll', mailPollName, settledAt);
  try {
    const mailer = await core.integrations.mailer();
    const sent = (await mailer.listSent?.(hold.backupAt - clockToleranceMs)) ?? null;
    core.sql.transaction(() => {
      for (const { id: provider, to, subject, at } of sent ?? [])
        store.insertLaterMail(core.sql, { provider, mark: markOfMail(core, to, subject), at });
      store.updateRestore(core.sql, { listsMails: sent !== null });
      store.clearTimer(core.sql, 'poll', mailPollName);
    });
  } catch (error) {
    if (!(error instanceof IntegrationError)) throw error;
    core.log.error('poll-failed', { tracker: mailPollName, code: error.code, status: error.status, failures: 1 });
    store.setTimer(core.sql, 'poll', mailPollName, now + (error.retryAfterMs ?? minuteMs));
  }
}
