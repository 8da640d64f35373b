import { type ClosingReason, closingReason, loopAfterClosing } from '#domain/case.ts';
import { settingsFor } from '#domain/options.ts';
import { closedStatus } from '#domain/status.ts';
import type { IssueClosure } from '#domain/tracker.ts';
import type { WorkspaceSettings } from '#domain/workspace-file.ts';
import { personOf } from '../cases/people.ts';
import { record } from '../cases/timeline.ts';
import type { Core } from '../core.ts';
import { scheduleFollowUps } from '../loop/follow-up.ts';
import { notify } from '../mail/notify.ts';
import {
  type Case,
  type ClosingSeen,
  duplicatesOf,
  findCase,
  getCase,
  handleOf,
  updateCase,
} from '../store/cases.ts';
import { checkClosing } from './close-policy.ts';

const waits = 'nobody is asked; decide whether the customer should hear of it';

/** Takes over a closing that the tracker shows: why, by whom, and what it earns. */
export function closeCase(core: Core, before: Case, seen: ClosingSeen): void {
  const workspace = settingsFor(core.settings.workspace, before.team);
  const closure = seen.closure ?? { kind: 'completed' as const, native: null, at: null, by: null };
  const person = personOf(core, closure.by, before.tracker);
  // Closed through Caselite, unless somebody else was quicker and meant something else.
  const asked =
    before.closing && (person === null || closure.kind === before.closing.kind) ? before.closing : null;
  const note = asked?.note ?? before.closingNote;
  const reason = reasonOf(closure, asked?.kind ?? null, note, workspace);
  const loop = loopAfterClosing(reason, note !== null);
  // Whoever stands behind a merge or an integration is not known: then it is the one who works on it.
  const behind = closure.by === null && reason === 'fixed' ? before.assignee : null;
  const closer = asked?.who ?? person ?? behind;
  const who =
    closer ?? (closure.by ? `${closure.by} (no person of the workspace)` : 'somebody in the tracker');
  const flag = checkClosing(core, before, seen, { closer, who, reason, note });
  if (flag === 'undone') return;
  updateCase(core.sql, before.id, {
    loop,
    status: closedStatus(workspace, seen.status.name),
    resolvedAt: core.clock.now(),
    closingReason: reason,
    closer,
    closingNote: note,
    closing: null,
    closingFlag: flag,
    overdue: false,
  });
  const native = closure.native ? ` (${closure.native})` : '';
  const through = asked ? 'closed through Caselite' : 'the issue was closed in the tracker';
  record(core, before.id, `closed as ${reason}`, `${through}${native}${note ? `: ${note}` : ''}`, {
    who,
    evidence: seen.key,
  });
  const closed = getCase(core.sql, before.id);
  notify(
    core,
    closed,
    'status-changed',
    `${handleOf(closed)} was closed as ${reason} (closing ${closed.generation})`,
  );
  if (flag) tellFlag(core, closed, flag);
  if (loop === 'resolved') earn(core, closed);
  else if (reason === 'duplicate' && closed.duplicateOf) followOriginal(core, closed);
  else askForDecision(core, closed, reason);
}

function askForDecision(core: Core, closed: Case, reason: ClosingReason): void {
  const needsPerson = `closed as ${reason}: ${waits}`;
  updateCase(core.sql, closed.id, { needsPerson });
  notify(core, closed, 'needs-a-person', `${handleOf(closed)} waits for a decision: ${needsPerson}`);
}

/** What a resolved case earns: its customers are asked, and so are those of its duplicates. */
function earn(core: Core, resolved: Case): void {
  scheduleFollowUps(core, resolved);
  for (const duplicate of duplicatesOf(core.sql, resolved.id))
    if (duplicate.loop === 'dropped') resolveWith(core, duplicate, resolved);
}

/** A duplicate waits for the case that it repeats, and shares its end. */
function followOriginal(core: Core, duplicate: Case): void {
  const original = duplicate.duplicateOf ? findCase(core.sql, duplicate.duplicateOf) : null;
  if (!original) return;
  record(core, duplicate.id, 'follows another case', `it repeats ${handleOf(original)}, and ends with it`, {
    evidence: original.id,
  });
  if (original.loop !== 'working' && original.loop !== 'dropped') resolveWith(core, duplicate, original);
}

function resolveWith(core: Core, duplicate: Case, original: Case): void {
  updateCase(core.sql, duplicate.id, {
    loop: 'resolved',
    resolvedAt: core.clock.now(),
    closer: original.closer,
    needsPerson: null,
  });
  record(
    core,
    duplicate.id,
    'resolved with another case',
    `${handleOf(original)}, which it repeats, is resolved`,
    {
      evidence: original.id,
    },
  );
  scheduleFollowUps(core, getCase(core.sql, duplicate.id));
}

/** A reason that a person gives after the closing: what was dropped without one is declined, and earns its question. */
export function declineAfterwards(core: Core, found: Case, who: string, note: string): boolean {
  const { closingReason: reason } = found;
  if (found.loop !== 'dropped' || (reason !== 'not-planned' && reason !== 'declined')) return false;
  updateCase(core.sql, found.id, {
    loop: 'resolved',
    closingReason: 'declined',
    closingNote: note,
    needsPerson: null,
  });
  record(core, found.id, 'closed as declined', `the reason was given afterwards: ${note}`, { who });
  earn(core, getCase(core.sql, found.id));
  return true;
}

function reasonOf(
  closure: IssueClosure,
  asked: IssueClosure['kind'] | null,
  note: string | null,
  workspace: WorkspaceSettings,
): ClosingReason {
  const automatic = workspace['case-options']['automatic-accounts'].some(
    (account) => account.toLowerCase() === closure.by?.toLowerCase(),
  );
  if (automatic) return 'stale';
  const reason = closingReason(
    asked === null ? closure : { ...closure, kind: asked, native: null },
    workspace,
  );
  return reason === 'not-planned' && note !== null ? 'declined' : reason;
}

function tellFlag(core: Core, closed: Case, flag: string): void {
  record(core, closed.id, 'closed against the rules', flag);
  notify(core, closed, 'closed-against-rules', `${handleOf(closed)}: ${flag}`);
}
