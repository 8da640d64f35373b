import { AppError, basics, type Core, type json, store, toIsoText } from '../kit.ts';
import { computeVerdict } from '../loop/compute-verdict.ts';
import { skip } from '../loop/withdraw.ts';
import { findLostOutcome } from '../mail/send-mail.ts';

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
    issues: store.listLaterIssues(core.sql).map(({ tracker, issueKey: key, url, number, isCaseKnown }) => ({
      tracker,
      key,
      url,
      case: `C-${number}`,
      isCaseKnown: isCaseKnown === 1,
    })),
    mailsFound: listsMails ? store.countLaterMails(core.sql) : null,
    mails: store.mails
      .list(core.sql, { state: 'intent' })
      .map(({ kind, subject, caseId }) => ({ kind, subject, case: caseId })),
    calls: store.countHeldCalls(core.sql),
    deliveries: store.countDeliveriesLeft(core.sql, 'waiting'),
  };
}

/** Trackers are read once more after their lists are settled, because they may lag behind. */
function listMissingLookups(core: Core, { restoredAt, listsMails }: store.Restore): string[] {
  const settledAt = restoredAt + core.settings.workspace.polling.settle;
  const after = basics.formatTime(core, settledAt);
  const unread = Object.keys(core.settings.workspace.trackers).filter(
    (tracker) => (store.findPollState(core.sql, tracker).polledAt ?? 0) < settledAt,
  );
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
    store.setMailOutcome(core.sql, mail.id, { ...lost, at });
    store.endRow(core.sql, `mail:${mail.id}`, {
      state: lost.state === 'sent' ? 'done' : 'refused',
      at,
      error: lost.why,
    });
  }
  if (hold.listsMails === false)
    for (const ask of store.listDueAsksOfCasesClosedSince(core.sql, hold.restoredAt)) {
      skip(core, ask, why);
      computeVerdict(core, ask.caseId, ask.generation, ask.person);
    }
  store.restores.update(core.sql, {}, { releasedAt: at, releasedBy: who });
  return { released: true };
}
