import { findNamedBlocker } from '#domain/cases/command.ts';
import { applyTeamCaseOptions } from '#domain/templates/options.ts';
import { parseDuration } from '#domain/time/duration.ts';
import { refuseField } from '../../basics/field-text.ts';
import { record } from '../../basics/record-activity.ts';
import { acknowledge, snooze as rest } from '../../cases/acknowledge.ts';
import { pauseClock, resumeClock } from '../../cases/case-clock.ts';
import { markContacted } from '../../cases/first-contact.ts';
import { storeCloserAnswerByCommand } from '../../loop/answer.ts';
import { updateCase } from '../../store/cases.ts';
import { type Operation, requireOpenCase, requireReason } from './command-input.ts';

export const snooze: Operation = (core, input) => {
  const { caseRecord, who, value } = input;
  requireOpenCase(caseRecord, 'snooze it');
  const ms = parseDuration(value.replace(/^(\d+)\s*d$/i, '$1 days').replace(/^(\d+)\s*h$/i, '$1 hours'));
  if (ms === null || ms <= 0) refuseField('snooze', 'wants a time, as in 3d or 4 hours');
  if (input.because === null) refuseField('because', 'is missing; give a reason, as in "/snooze 3d because …"');
  rest(core, caseRecord.id, { until: core.clock.now() + ms, reason: input.because, who });
  return 'No reminders until then. The goal stays.';
};

export const pause: Operation = (core, input) => {
  requireOpenCase(input.caseRecord, 'pause it');
  pauseClock(core, input.caseRecord.id, input.who, requireReason(input));
  return 'The clock is paused.';
};

export const resume: Operation = (core, { caseRecord, who, because }) => {
  requireOpenCase(caseRecord, 'let its clock run');
  resumeClock(core, caseRecord.id, who, because ?? 'by a person');
  return 'The clock runs.';
};

/** Records a first contact; the ledger counts mails only. */
export const contacted: Operation = (core, { caseRecord, who, value, because }) => {
  const how = [value.trim(), because].filter(Boolean).join('; ');
  const isFirstContact = caseRecord.firstContactAt === null;
  markContacted(core, caseRecord.id, { who, how: how || 'no details' });
  return isFirstContact ? 'The first contact is noted.' : 'The first contact was noted before.';
};

export const nameRootCause: Operation = (core, input) => {
  const { caseRecord, who } = input;
  const cause = [input.value, input.because].filter(Boolean).join(' because ');
  if (cause === '') refuseField('root-cause', 'is empty; name the root cause');
  const known = applyTeamCaseOptions(core.settings.workspace, caseRecord.team)['case-options']['root-causes'];
  const named = known.find((value) => value.toLowerCase() === cause.toLowerCase());
  updateCase(core.sql, caseRecord.id, { rootCause: named ?? cause });
  record(core, caseRecord.id, 'root cause given', named ?? cause, { who });
  return 'The root cause is noted.';
};

/** Records a blocker, counted together with the closers' answers. */
export const blocked: Operation = (core, { caseRecord, who, value, because, evidence }) => {
  const note = [value.replace(/^by\s+/i, ''), because].filter(Boolean).join(' because ');
  if (note === '') refuseField('blocked', 'is empty; name the blocker');
  const { blockers } = applyTeamCaseOptions(core.settings.workspace, caseRecord.team)['case-options'];
  const blocker = findNamedBlocker(note, blockers);
  if (caseRecord.loop !== 'working') {
    storeCloserAnswerByCommand(
      core,
      caseRecord,
      who,
      { closed: 'unable', ...(blocker ? { blocker } : {}), note },
      evidence,
    );
    return `Noted: unable${blocker ? `, because of ${blocker}` : ''}.`;
  }
  record(core, caseRecord.id, 'blocked', blocker ?? note, { who, evidence });
  return `Noted: blocked${blocker ? ` by ${blocker}` : ''}.`;
};

export const ack: Operation = (core, { caseRecord, who, evidence }) => {
  requireOpenCase(caseRecord, 'take it');
  acknowledge(core, caseRecord.id, who, `by a command (${evidence})`);
  return 'Noted: you have it.';
};
