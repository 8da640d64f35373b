import { findPersonName } from '../basics/people.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { getCase, updateCase } from '../store/cases.ts';
import { queueIssueEdit } from '../tracker-requests/sync-issue.ts';

export function changeAssignee(
  core: Core,
  caseId: string,
  person: string | null,
  { who, why }: { who: string; why?: string | null },
): void {
  const caseRecord = getCase(core.sql, caseId);
  if (caseRecord.assignee === person) return;
  updateCase(core.sql, caseId, { assignee: person });
  const name = (value: string | null) => findPersonName(core, value) ?? 'nobody';
  const reason = why ? `: ${why}` : '';
  record(core, caseId, 'assignee changed', `from ${name(caseRecord.assignee)} to ${name(person)}${reason}`, {
    who,
  });
  queueIssueEdit(core, caseId);
}
