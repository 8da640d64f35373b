import { closingReason, loopAfterClosing, statusOf } from '#domain/case.ts';
import { blockerOf, readCommands } from '#domain/command.ts';
import { settingsFor } from '#domain/options.ts';
import type { IssueComment, IssueSnapshot } from '#domain/tracker.ts';
import { personOf } from '../cases/people.ts';
import { roleOf } from '../cases/roles.ts';
import { record } from '../cases/timeline.ts';
import type { Core } from '../core.ts';
import { answerByCommand } from '../loop/answer.ts';
import { scheduleFollowUps } from '../loop/follow-up.ts';
import { notify } from '../mail/notify.ts';
import { type Case, getCase, handleOf, linkIssue, updateCase } from '../store/cases.ts';
import { markCommentSeen } from '../store/commands.ts';
import { comment, startGeneration } from './reopen.ts';

const byHand = { who: 'somebody in the tracker', why: 'the issue was reopened' };

/**
 * Takes over what the tracker shows of an issue, and follows what changed. Call it inside a transaction.
 *
 * @param reopened who reopened the issue and why, should it turn out to be open again
 */
export function mirrorIssue(core: Core, caseId: string, issue: IssueSnapshot, reopened = byHand): void {
  const before = getCase(core.sql, caseId);
  linkIssue(core.sql, caseId, issue, core.clock.now());
  const wasClosed = before.loop !== 'working';
  if (issue.state === 'closed' && !wasClosed) close(core, before, issue);
  if (issue.state === 'open' && wasClosed) startGeneration(core, caseId, reopened.who, reopened.why);
}

function close(core: Core, before: Case, issue: IssueSnapshot): void {
  const workspace = settingsFor(core.settings.workspace, before.team);
  const closure = issue.closure ?? { kind: 'completed' as const, native: null, at: null, by: null };
  const reason = closingReason(closure, workspace);
  const loop = loopAfterClosing(reason, false);
  const closer = personOf(core, closure.by, before.tracker);
  const who =
    closer ?? (closure.by ? `${closure.by} (no person of the workspace)` : 'somebody in the tracker');
  updateCase(core.sql, before.id, {
    loop,
    status: statusOf(workspace, 'closed'),
    resolvedAt: core.clock.now(),
    closingReason: reason,
    closer,
    overdue: false,
  });
  const native = closure.native ? ` (${closure.native})` : '';
  record(core, before.id, `closed as ${reason}`, `the issue was closed in the tracker${native}`, {
    who,
    evidence: issue.key,
  });
  const closed = getCase(core.sql, before.id);
  notify(
    core,
    closed,
    'status-changed',
    `${handleOf(closed)} was closed as ${reason} (closing ${closed.generation})`,
  );
  if (loop === 'resolved') {
    scheduleFollowUps(core, closed);
    return;
  }
  const needsPerson = `closed as ${reason}: nobody is asked; decide whether the customer should hear of it`;
  updateCase(core.sql, before.id, { needsPerson });
  notify(core, closed, 'needs-a-person', `${handleOf(closed)} waits for a decision: ${needsPerson}`);
}

/** Reads commands in new comments. Only mapped people of the case's team are obeyed, and each is answered. */
export function obeyComments(core: Core, caseId: string, comments: IssueComment[]): void {
  for (const { id, author, text, at } of comments) {
    const found = getCase(core.sql, caseId);
    if (!markCommentSeen(core.sql, caseId, id)) continue;
    updateCase(core.sql, caseId, { commentsSeenAt: Math.max(found.commentsSeenAt, at) });
    const person = personOf(core, author, found.tracker);
    if (person && found.firstContactAt === null && found.kind === 'tactical')
      record(core, caseId, 'commented', 'in the tracker', { who: person, evidence: id });
    for (const command of readCommands(text)) {
      if (!person || roleOf(core, found, person) === null) {
        record(core, caseId, 'command not obeyed', 'its author is nobody of the team', { evidence: id });
        continue;
      }
      const blocker = blockerOf(
        command.because,
        settingsFor(core.settings.workspace, found.team)['case-options'].blockers,
      );
      const answers = {
        closed: command.answer,
        ...(blocker ? { blocker } : {}),
        ...(command.because ? { note: command.because } : {}),
      };
      answerByCommand(core, found, person, answers, `comment ${id}`);
      comment(
        core,
        found,
        `command:${id}`,
        `Noted: ${command.answer === 'yes' ? 'closed' : command.answer}${blocker ? `, because of ${blocker}` : ''}.`,
        [],
      );
    }
  }
}
