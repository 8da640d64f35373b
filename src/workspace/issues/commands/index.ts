import { acknowledge, markContacted, snooze as rest } from '../../cases/acknowledge.ts';
import { changeGoal, setClockPaused } from '../../cases/case-clock.ts';
import { changeAssignee, changeField, changePerson, changeSeverity, changeStatus } from '../../cases/change-fields.ts';
import { addCaseLink, elevateByRules } from '../../cases/elevate.ts';
import { AppError, basics, type Case, casework, type Core, handleOf, store, timing } from '../../kit.ts';
import { linkCaseToIssue } from '../../tracker-requests/reopen.ts';
import * as closing from './closing.ts';

function requirePerson(core: Core, caseRecord: Case, text: string): string {
  const wanted = text.replace(/^@/, '').toLowerCase();
  const { people } = core.settings.workspace;
  const named = Object.entries(people).find(
    ([key, { name }]) => key.toLowerCase() === wanted || name.toLowerCase() === wanted,
  );
  const person = named?.[0] ?? basics.findPersonByAccount(core, wanted, caseRecord.tracker);
  if (person === null || !basics.hasAccess(core, person, 'member')) {
    const keys = Object.keys(people)
      .filter((key) => basics.hasAccess(core, key, 'member'))
      .join(', ');
    basics.refuseField('assign', `is nobody who works on cases; the people are ${keys}`);
  }
  return person;
}

const isIssueKey = (name: string) => /^(?:#?\d{1,9}|[a-z][a-z0-9_]{0,20}-\d{1,9})$/i.test(name);

export type OperatedAction = Exclude<casework.ActionName, 'comment' | 'note' | 'retry'>;

const operations: Record<OperatedAction | 'help', closing.Operation> = {
  category(core, { caseRecord, who, value, because }) {
    const { categories } = basics.findSettingsOfCase(core, caseRecord)['case-options'];
    const known = categories.find((name) => name.toLowerCase() === value.toLowerCase());
    if (known === undefined) basics.refuseField('category', `is not among ${categories.join(', ')}`);
    if (known === caseRecord.category) return 'Nothing changes.';
    const line = ['category changed', caseRecord.category, known] as const;
    changeField(core, caseRecord, { category: known }, line, { who, why: because });
    elevateByRules(core, caseRecord.id, 'category');
    return `The category is ${known} now.`;
  },
  owner(core, { caseRecord, who, value, because }) {
    const person = requirePerson(core, caseRecord, value);
    if (person === caseRecord.loopOwner) return 'Nothing changes.';
    changePerson(core, caseRecord, 'loopOwner', person, { who, why: because });
    return `${basics.findPersonName(core, person)} is the loop owner now.`;
  },
  ...closing.operations,
  link(core, { caseRecord, who, value, because }) {
    const name = value.replace(/^(?:to|with)\s+/i, '').trim();
    const other = /^c-/i.test(name) ? store.findCaseByHandle(core.sql, name) : null;
    const linked = other ?? store.findCaseByIssueKey(core.sql, caseRecord.tracker, name.replace(/^#/, ''));
    if (linked?.id === caseRecord.id) basics.refuseField('link', 'names this case itself; write as in C-12');
    if (!linked && (/^c-\d+$/i.test(name) || !isIssueKey(name)))
      basics.refuseField('link', 'names no other case and no issue of this tracker; write as in C-12 or SUP-12');
    if (!linked) {
      linkCaseToIssue(core, caseRecord, name.replace(/^#/, ''), who);
      return `Linking it to ${name}.`;
    }
    if (!addCaseLink(core, caseRecord, linked, { kind: 'related', why: because ?? 'linked by a person', who }))
      return `It was linked to ${handleOf(linked)} before.`;
    return `Linking it to ${handleOf(linked)}.`;
  },
  'root-cause'(core, input) {
    const { caseRecord, who } = input;
    const cause = closing.readWholeText(input);
    if (cause === '') basics.refuseField('root-cause', 'is empty; name the root cause');
    const known = basics.findSettingsOfCase(core, caseRecord)['case-options']['root-causes'];
    const named = known.find((value) => value.toLowerCase() === cause.toLowerCase());
    store.updateCase(core.sql, caseRecord.id, { rootCause: named ?? cause });
    basics.record(core, caseRecord.id, 'root cause given', named ?? cause, { who });
    elevateByRules(core, caseRecord.id, 'root-cause');
    return 'The root cause is noted.';
  },
  blocked(core, input) {
    const { caseRecord, who, value, because, evidence } = input;
    const note = closing.readWholeText({ value: value.replace(/^by\s+/i, ''), because });
    if (note === '') basics.refuseField('blocked', 'is empty; name the blocker');
    if (caseRecord.loop !== 'working') return closing.unable(core, { ...input, because: note });
    const { blockers } = basics.findSettingsOfCase(core, caseRecord)['case-options'];
    const blocker = casework.findNamedBlocker(note, blockers);
    basics.record(core, caseRecord.id, 'blocked', blocker ?? note, { who, evidence });
    return `Noted: blocked${blocker ? ` by ${blocker}` : ''}.`;
  },
  severity(core, { caseRecord, who, value, because }) {
    changeSeverity(core, caseRecord.id, value.toLowerCase(), { who, why: because });
    return `The severity is ${value.toLowerCase()} now.`;
  },
  /** A date means the end of that working day; a duration counts from the opening. */
  due(core, { caseRecord, who, value, because }) {
    changeGoal(core, caseRecord.id, { goal: value, reason: because?.trim() || 'by a person', who });
    if (timing.isDate(value)) return `It is due by the end of the working day of ${value}.`;
    return `It is due ${value} after its opening now.`;
  },
  status(core, { caseRecord, who, value, because }) {
    const settings = basics.findSettingsOfCase(core, caseRecord);
    const name = casework.findStatusByName(settings, value) ?? value;
    changeStatus(core, caseRecord.id, name, { who, why: because });
    return `The status is ${name} now.`;
  },
  assign(core, { caseRecord, who, value, because }) {
    const person = value.toLowerCase() === 'nobody' ? null : requirePerson(core, caseRecord, value);
    changeAssignee(core, caseRecord.id, person, { who, why: because });
    return `${basics.findPersonName(core, person) ?? 'Nobody'} is the assignee now.`;
  },
  /** Records a first contact; the ledger counts mails only. */
  contacted(core, { caseRecord, who, value, because }) {
    const how = [value.trim(), because].filter(Boolean).join('; ');
    const isFirstContact = caseRecord.firstContactAt === null;
    markContacted(core, caseRecord.id, { who, how: how || 'no details' });
    return isFirstContact ? 'The first contact is noted.' : 'The first contact was noted before.';
  },
  snooze(core, { caseRecord, who, value, because }) {
    const ms = timing.parseDuration(value.replace(/^(\d+)\s*d$/i, '$1 days').replace(/^(\d+)\s*h$/i, '$1 hours'));
    if (ms === null || ms <= 0) basics.refuseField('snooze', 'wants a time, as in 3d or 4 hours');
    const why = because?.trim();
    if (!why) basics.refuseField('because', 'is missing; give a reason, as in "/snooze 3d because …"');
    rest(core, caseRecord.id, { ms, why, who });
    return 'No reminders until then. The goal stays.';
  },
  pause(core, input) {
    setClockPaused(core, input.caseRecord.id, true, input.who, closing.requireReason(input));
    return 'The clock is paused.';
  },
  resume(core, { caseRecord, who, because }) {
    setClockPaused(core, caseRecord.id, false, who, because ?? 'by a person');
    return 'The clock runs.';
  },
  ack(core, { caseRecord, who, evidence }) {
    const { acknowledgedAt, acknowledgedBy: by } = caseRecord;
    if (acknowledgedAt !== null && by !== who) return `${basics.findPersonName(core, by)} has it already.`;
    acknowledge(core, caseRecord.id, who, `by a command (${evidence})`);
    return 'Noted: you have it.';
  },
  help: () => `Commands in comments; a leading exclamation mark works as well:\n\n${casework.formatCommandHelp()}`,
};

const actionsOnOpenCases: ReadonlySet<OperatedAction | 'help'> = new Set([
  ...(['category', 'severity', 'due', 'status', 'assign', 'snooze', 'pause', 'resume', 'ack'] as const),
  ...(['close', 'decline', 'duplicate'] as const),
]);

/** The operation of a command, or of an action that only pages offer. */
export const findOperation =
  (name: OperatedAction | 'help'): closing.Operation =>
  (core, input) => {
    if (actionsOnOpenCases.has(name) && input.caseRecord.loop !== 'working')
      throw new AppError('conflict', 'It is closed already; reopen it first.');
    return operations[name](core, input);
  };
