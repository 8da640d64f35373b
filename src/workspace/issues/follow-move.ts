import { IntegrationError } from '#domain/base/errors.ts';
import type { Case } from '#domain/cases/case-record.ts';
import { record } from '../basics/record-activity.ts';
import { turnSubIssuesIntoCheckBoxes } from '../cases/plan-step.ts';
import type { Core } from '../core.ts';
import { getCase, moveCaseToIssue } from '../store/cases.ts';
import { moveRowsToQueue } from '../store/outbox.ts';
import { buildIssueSearch } from './duplicate-issues.ts';
import { mirrorIssue } from './mirror.ts';

/**
 * Follows an issue that moved to another tracker of the workspace; its marker identifies it.
 *
 * @returns whether it was found there
 */
export async function followMovedIssue(core: Core, caseId: string): Promise<boolean> {
  const caseRecord = getCase(core.sql, caseId);
  for (const name of listOtherTrackersOfKind(core, caseRecord)) {
    try {
      const tracker = await core.integrations.tracker(name);
      const [issue] = (await tracker.relations?.listOwnIssuesWithMarker(buildIssueSearch(core, caseRecord))) ?? [];
      if (!issue) continue;
      core.sql.transaction(() => {
        moveCaseToIssue(core.sql, caseId, { tracker: name, issueId: issue.id });
        turnSubIssuesIntoCheckBoxes(core, caseId, caseRecord.tracker);
        moveRowsToQueue(core.sql, `case:${caseId}`, { from: caseRecord.tracker, to: name, at: core.clock.now() });
        record(core, caseId, 'issue moved', `from tracker ${caseRecord.tracker} to ${name}`, {
          evidence: issue.url,
        });
        mirrorIssue(core, caseId, issue, { isOtherIssue: true });
      });
      return true;
    } catch (error) {
      if (!(error instanceof IntegrationError)) throw error;
      // The issue is searched for again later, and that tracker's own poll reports its trouble.
      core.log.error('move-not-followed', { tracker: name, code: error.code, status: error.status });
    }
  }
  return false;
}

function listOtherTrackersOfKind(core: Core, caseRecord: Case): string[] {
  const { trackers } = core.settings.workspace;
  const kind = trackers[caseRecord.tracker]?.kind;
  return Object.keys(trackers).filter((name) => name !== caseRecord.tracker && trackers[name]?.kind === kind);
}
