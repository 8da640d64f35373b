import { settingsFor, severityRank } from '#domain/templates/options.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import type { Case } from '../store/case-record.ts';
import { updateCase } from '../store/cases.ts';
import { syncIssue } from '../tracker-requests/sync-issue.ts';

/** Gives a case a higher severity: in the case, its labels and its issue's text, with the reason in its history. */
export function raiseSeverity(
  core: Core,
  found: Case,
  severity: string,
  { why, evidence }: { why: string; evidence: string },
): void {
  const settings = settingsFor(core.settings.workspace, found.team);
  updateCase(core.sql, found.id, { severity, severityRank: severityRank(settings, severity) });
  record(core, found.id, 'severity raised', `from ${found.severity} to ${severity}: ${why}`, { evidence });
  syncIssue(core, found.id);
}
