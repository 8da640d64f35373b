import { mostAutomaticReopenings } from '#domain/cases/case.ts';
import { type Case, handleOf } from '#domain/cases/case-record.ts';
import type { Cause } from '#domain/cases/verdict.ts';
import { elevateByRules } from '../cases/elevate.ts';
import { escalate } from '../cases/ladder.ts';
import type { Core } from '../core.ts';
import { notify } from '../mail/notify.ts';
import { findCase, updateCase } from '../store/cases.ts';
import { comment } from '../tracker-requests/comment.ts';
import { reopen } from '../tracker-requests/reopen.ts';
import { notifyBlockerOwner } from './blocker-owner.ts';
import { waitForDecision } from './wait-for-decision.ts';

/** Applies the policy of a verdict. Texts on an issue name the answer, the rule and the closing. */
export function applyVerdict(core: Core, caseRecord: Case, cause: Cause): void {
  const { verdict, generation } = cause;
  const isCurrent =
    caseRecord.generation === generation && caseRecord.loop !== 'working' && caseRecord.loop !== 'dropped';
  const before = caseRecord.loop;
  if (isCurrent && before !== verdict) updateCase(core.sql, caseRecord.id, { loop: verdict });
  if (!isCurrent) {
    if (cause.isNew && verdict === 'known-gap') knownGap(core, caseRecord, cause, true);
    return;
  }
  if (before === verdict) return;
  if (verdict === 'disputed') dispute(core, caseRecord, cause);
  if (verdict === 'known-gap') knownGap(core, caseRecord, cause, false);
  if (verdict === 'confirmed') confirm(core, caseRecord, cause);
  if (verdict === 'unseen-recovery')
    notify(
      core,
      caseRecord,
      'unseen-recovery',
      `${handleOf(caseRecord)} is an unseen recovery: ${cause.why} (closing ${cause.generation})`,
    );
  if (verdict === 'unverified')
    notify(
      core,
      caseRecord,
      'unverified',
      `${handleOf(caseRecord)} stays unverified: ${cause.why} (closing ${cause.generation})`,
    );
}

function confirm(core: Core, caseRecord: Case, cause: Cause): void {
  const text = `Confirmed: ${told(caseRecord)}. ${because(caseRecord, cause, 'yes confirms')}`;
  comment(core, caseRecord, `confirmed:${cause.generation}`, text, []);
  notify(
    core,
    caseRecord,
    'confirmed',
    `${handleOf(caseRecord)} is confirmed: ${cause.why} (closing ${cause.generation})`,
  );
}

function dispute(core: Core, caseRecord: Case, cause: Cause): void {
  const disputes = caseRecord.disputes + 1;
  updateCase(core.sql, caseRecord.id, { disputes });
  notify(
    core,
    caseRecord,
    'disputed',
    `${handleOf(caseRecord)} was closed, and that is disputed: ${cause.why} (closing ${cause.generation})`,
  );
  // Work on a duplicate goes on at its original; the duplicate waits for the next closing.
  const original = caseRecord.duplicateOf === null ? null : findCase(core.sql, caseRecord.duplicateOf);
  const policy = core.settings.workspace['follow-up'];
  const rule = core.settings.templates.get(caseRecord.template)?.['on-dispute'] ?? policy['on-dispute'];
  if (rule === 'decide') waitForDecision(core, caseRecord, 'disputed; by the rule on-dispute a person decides');
  else if (Math.max(disputes, caseRecord.generation, original?.generation ?? 0) > mostAutomaticReopenings)
    waitForDecision(core, caseRecord, 'disputed a third time; it is no longer reopened automatically');
  else takeUpAgain(core, caseRecord, original, cause, disputes);
}

function takeUpAgain(core: Core, caseRecord: Case, original: Case | null, cause: Cause, disputes: number): void {
  if (disputes === 2)
    escalate(core, caseRecord, `it is disputed for the second time: ${cause.why}`, `disputed:${caseRecord.generation}`);
  const once = `disputed:${caseRecord.generation}`;
  const why = `the closing is disputed: ${cause.why} (${because(caseRecord, cause, 'no reopens')})`;
  if (original?.loop === 'working') return;
  reopen(core, original ?? caseRecord, why, original ? `${once}:${caseRecord.id}` : once);
}

/** Leaves the case closed and notifies the blocker's owner. */
function knownGap(core: Core, caseRecord: Case, cause: Cause, isLate: boolean): void {
  const blocker = cause.blocker ? ` Blocker: ${cause.blocker}.` : '';
  notify(
    core,
    caseRecord,
    'known-gap',
    `${handleOf(caseRecord)} is a known gap: ${cause.why} (closing ${cause.generation})`,
  );
  notifyBlockerOwner(core, caseRecord, cause);
  elevateByRules(core, caseRecord.id, 'verdict');
  const since = isLate ? ' since it was reopened' : '';
  comment(
    core,
    caseRecord,
    `known-gap:${cause.generation}`,
    `Known gap${since}: the customer says that it is not resolved, and the closer was unable to close it.${blocker} ${because(caseRecord, cause, 'no and unable make a known gap')}`,
    [],
  );
}

const told = ({ kind }: Case) =>
  kind === 'strategic' ? 'most of the customers say that it is resolved' : 'the customer says that it is resolved';

/** The answer, rule and closing behind an action of Caselite. */
function because(caseRecord: Case, { generation, evidence }: Cause, rule: string): string {
  const answer =
    caseRecord.kind === 'strategic' || evidence === null
      ? 'Answers of all affected customers'
      : `Answer to follow-up ${evidence.slice(0, 10)}`;
  return `${answer}; rule: ${rule}; closing ${generation}.`;
}
