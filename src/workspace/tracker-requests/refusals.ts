import { basics, type Case, casework, type Core, handleOf, store, timing } from '../kit.ts';
import { notifyAdmins } from '../mail/notify.ts';
import { queueIssueEdit } from './sync-issue.ts';

export const refusalRemedy =
  'Correct the tracker’s set-up or the workspace file. Caselite tries again after a push, after a check of the trackers, when somebody presses “Try again”, and from time to time by itself';

const mostCasesRetriedPerPoll = 5;
const startRetryAgeMs = 10 * timing.minuteMs;

/** Remembers what a tracker refused, in a transaction. @returns instant of the next try; the waits grow */
export function recordRefusal(core: Core, caseRecord: Case, part: string, reason: string): number {
  const { id: caseId, tracker } = caseRecord;
  const now = core.clock.now();
  const known = store.refusals.find(core.sql, { caseId, part });
  const tries = (known?.tries ?? 0) + 1;
  const nextAt = now + timing.computeRefusalWaitMs(tries, !part.startsWith('issue.'), core.random.fraction());
  store.refusals.put(core.sql, { caseId, part, tracker, reason, since: known?.since ?? now, tries, nextAt });
  if (known?.reason === reason) return nextAt;
  basics.record(core, caseId, 'refused by the tracker', `${casework.describePart(part)}: ${reason}`);
  const place = `${core.integrations.vendor(tracker)?.title ?? 'The tracker'} (tracker ${tracker})`;
  notifyAdmins(core, {
    once: ['refused', String(core.settings.version), tracker, casework.fieldOfPart(part), reason],
    subject: `${place} refuses ${casework.describePart(casework.fieldOfPart(part))}`,
    paragraphs: [
      `First at ${handleOf(caseRecord)}, ${casework.describePart(part)}: ${reason}.`,
      `${refusalRemedy}. Everything else goes on.`,
    ],
    path: `cases/${caseId}`,
    label: `Open ${handleOf(caseRecord)}`,
  });
  return nextAt;
}

/** Parts of edits that the tracker refused, and that are not due for another try. */
export function listHeldParts(core: Core, caseId: string): Set<string> {
  const held = store.refusals.list(core.sql, { caseId }).filter(({ nextAt }) => nextAt > core.clock.now());
  return new Set(held.map(({ part }) => part));
}

/** Tries everything again that a tracker refused, in all or in one case. Call it inside a transaction. */
export function retryRefused(core: Core, by: { tracker: string } | { caseId: string }): void {
  for (const caseId of store.hastenRefusals(core.sql, by, core.clock.now())) queueEditOfOpenCase(core, caseId);
}

/** Tries everything again that a tracker of the workspace refused. */
export function retryRefusedEverywhere(core: Core): { trackers: string[] } {
  const trackers = Object.keys(core.settings.workspace.trackers);
  core.sql.transaction(() => {
    for (const tracker of trackers) retryRefused(core, { tracker });
  });
  return { trackers };
}

/** Tries refused calls again after a start of the process, which may have other secrets, but not those just tried. */
export const retryLongRefusedRows = ({ sql, clock }: Core): void =>
  store.hastenRowsRefusedBefore(sql, clock.now() - startRetryAgeMs, clock.now());

/** Tries refused parts of edits again whose wait is over, a few cases at a time. Call it inside a transaction. */
export function retryDueParts(core: Core, tracker: string): void {
  for (const caseId of store.listCasesWithDueParts(core.sql, tracker, core.clock.now(), mostCasesRetriedPerPoll))
    queueEditOfOpenCase(core, caseId);
}

function queueEditOfOpenCase(core: Core, caseId: string) {
  const caseRecord = store.findCase(core.sql, caseId);
  if (caseRecord?.loop === 'working' && caseRecord.issue) return queueIssueEdit(core, caseId);
  for (const { part } of store.refusals.list(core.sql, { caseId }))
    if (!part.startsWith('issue.')) store.refusals.delete(core.sql, { caseId, part });
}
