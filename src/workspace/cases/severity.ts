import type { Case } from '#domain/cases/case-record.ts';
import { applyTeamCaseOptions, findSeverityRank } from '#domain/templates/options.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { updateCase } from '../store/cases.ts';
import { queueIssueEdit } from '../tracker-requests/sync-issue.ts';

/** Raises a case's severity in the case, its labels and its issue's text, with the reason in the timeline. */
export function raiseSeverity(
  core: Core,
  caseRecord: Case,
  severity: string,
  { why, evidence }: { why: string; evidence: string },
): void {
  const settings = applyTeamCaseOptions(core.settings.workspace, caseRecord.team);
  updateCase(core.sql, caseRecord.id, { severity, severityRank: findSeverityRank(settings, severity) });
  record(core, caseRecord.id, 'severity raised', `from ${caseRecord.severity} to ${severity}: ${why}`, {
    evidence,
  });
  queueIssueEdit(core, caseRecord.id);
}
