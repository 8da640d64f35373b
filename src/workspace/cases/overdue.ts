import { instantText } from '#domain/due.ts';
import { overdueLabel } from '#domain/label.ts';
import type { Core } from '../core.ts';
import { comment } from '../issues/reopen.ts';
import { notify } from '../mail/notify.ts';
import { findCase, handleOf, updateCase } from '../store/cases.ts';
import { addToOutbox } from '../store/outbox.ts';
import { accountOf } from './people.ts';
import { record } from './timeline.ts';

/** Still open at its closure goal: marked in the tracker and on the pages, and told to those who must hear of it. */
export function markOverdue(core: Core, caseId: string): void {
  const found = findCase(core.sql, caseId);
  if (found?.loop !== 'working' || found.overdue || found.dueAt > core.clock.now()) return;
  const due = instantText(found.dueAt, core.settings.workspace['time-zone']);
  const once = `overdue:${found.generation}`;
  updateCase(core.sql, caseId, { overdue: true });
  record(core, caseId, 'overdue and escalated', `still open at its closure goal, ${due}`);
  addToOutbox(core.sql, {
    key: `${once}:${caseId}`,
    lane: found.tracker,
    subject: `case:${caseId}`,
    kind: 'issue.edit',
    payload: { caseId, addLabels: [overdueLabel] },
    at: core.clock.now(),
  });
  const mention = [accountOf(core, found.loopOwner, found.tracker)].filter((account) => account !== null);
  comment(
    core,
    found,
    once,
    `Overdue: this was to be closed by ${due}. The case managers were told.`,
    mention,
  );
  notify(core, found, 'overdue', `${handleOf(found)} is overdue since ${due}`);
}
