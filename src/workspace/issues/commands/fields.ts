import type { Case } from '#domain/cases/case-record.ts';
import { isDate } from '#domain/cases/ownership.ts';
import { findStatusByName } from '#domain/cases/status.ts';
import { applyTeamCaseOptions } from '#domain/templates/options.ts';
import { parseDuration } from '#domain/time/duration.ts';
import { refuseField } from '../../basics/field-text.ts';
import { findPersonByAccount, findPersonName } from '../../basics/people.ts';
import { record } from '../../basics/record-activity.ts';
import { hasAccess } from '../../basics/roles.ts';
import { changeGoal } from '../../cases/case-clock.ts';
import { changeAssignee } from '../../cases/change-assignee.ts';
import { changeSeverity } from '../../cases/change-severity.ts';
import { changeStatus } from '../../cases/change-status.ts';
import type { Core } from '../../core.ts';
import { updateCase } from '../../store/cases.ts';
import { queueIssueEdit } from '../../tracker-requests/sync-issue.ts';
import { type Operation, requireOpenCase } from './command-input.ts';

export const severity: Operation = (core, { caseRecord, who, value, because }) => {
  requireOpenCase(caseRecord, 'change its severity');
  changeSeverity(core, caseRecord.id, value.toLowerCase(), { who, why: because });
  return `The severity is ${value.toLowerCase()} now.`;
};

/** A date means the end of that working day; a duration counts from the opening. */
export const due: Operation = (core, { caseRecord, who, value, because }) => {
  requireOpenCase(caseRecord, 'change its date');
  const isDay = /^\d{4}-\d\d-\d\d$/.test(value) && isDate(value);
  if (!isDay && parseDuration(value) === null)
    refuseField('due', 'is not a date; write as in 2026-12-01, or a time from the opening as in 36 hours');
  changeGoal(core, caseRecord.id, { goal: value, reason: because ?? 'by a person', who });
  if (isDay) return `It is due by the end of the working day of ${value}.`;
  return `It is due ${value} after its opening now.`;
};

export const status: Operation = (core, { caseRecord, who, value, because }) => {
  requireOpenCase(caseRecord, 'change its status');
  const settings = applyTeamCaseOptions(core.settings.workspace, caseRecord.team);
  const name = findStatusByName(settings, value) ?? value;
  changeStatus(core, caseRecord.id, name, { who, why: because });
  return `The status is ${name} now.`;
};

export const assign: Operation = (core, { caseRecord, who, value, because }) => {
  requireOpenCase(caseRecord, 'assign it');
  const person = value.toLowerCase() === 'nobody' ? null : requirePerson(core, caseRecord, value);
  changeAssignee(core, caseRecord.id, person, { who, why: because });
  return `${findPersonName(core, person) ?? 'Nobody'} is the assignee now.`;
};

/** Names who answers for telling the customer. */
export const owner: Operation = (core, { caseRecord, who, value, because }) => {
  const person = requirePerson(core, caseRecord, value);
  if (person === caseRecord.loopOwner) return 'Nothing changes.';
  updateCase(core.sql, caseRecord.id, { loopOwner: person });
  const [before, after] = [caseRecord.loopOwner, person].map((key) => findPersonName(core, key) ?? 'nobody');
  record(core, caseRecord.id, 'loop owner changed', `from ${before} to ${after}${because ? `: ${because}` : ''}`, {
    who,
  });
  queueIssueEdit(core, caseRecord.id);
  return `${after} is the loop owner now.`;
};

export const category: Operation = (core, { caseRecord, who, value, because }) => {
  requireOpenCase(caseRecord, 'change its category');
  const { categories } = applyTeamCaseOptions(core.settings.workspace, caseRecord.team)['case-options'];
  const known = categories.find((name) => name.toLowerCase() === value.toLowerCase());
  if (known === undefined) refuseField('category', `is not among ${categories.join(', ')}`);
  if (known === caseRecord.category) return 'Nothing changes.';
  updateCase(core.sql, caseRecord.id, { category: known });
  const reason = because ? `: ${because}` : '';
  record(core, caseRecord.id, 'category changed', `from ${caseRecord.category} to ${known}${reason}`, { who });
  queueIssueEdit(core, caseRecord.id);
  return `The category is ${known} now.`;
};

/** Finds a person by key, full name, or account in this tracker. */
function requirePerson(core: Core, caseRecord: Case, text: string): string {
  const wanted = text.replace(/^@/, '').toLowerCase();
  const { people } = core.settings.workspace;
  const named = Object.entries(people).find(
    ([key, { name }]) => key.toLowerCase() === wanted || name.toLowerCase() === wanted,
  );
  const person = named?.[0] ?? findPersonByAccount(core, wanted, caseRecord.tracker);
  if (person === null || !hasAccess(core, person, 'member')) {
    const keys = Object.keys(people)
      .filter((key) => hasAccess(core, key, 'member'))
      .join(', ');
    refuseField('assign', `is nobody who works on cases; the people are ${keys}`);
  }
  return person;
}
