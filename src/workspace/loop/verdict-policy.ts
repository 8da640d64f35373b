import { maxAutomaticReopenings } from '#domain/cases/case.ts';
import { type Case, handleOf } from '#domain/cases/case-record.ts';
import type { Cause, Verdict } from '#domain/cases/verdict.ts';
import { elevateByRules } from '../cases/elevate.ts';
import { escalate } from '../cases/ladder.ts';
import type { Core } from '../core.ts';
import { notify } from '../mail/notify.ts';
import { findOriginalId } from '../store/case-links.ts';
import { findCase, updateCase } from '../store/cases.ts';
import { comment } from '../tracker-requests/comment.ts';
import { reopen, takeBackReopening } from '../tracker-requests/reopen.ts';
import { notifyBlockerOwner } from './blocker-owner.ts';
import { requestDecision } from './wait-for-decision.ts';

interface Policy {
  /** Headline of the notice about it, after the handle of the case. */
  headline: string;
  /** Whether it counts after the case was reopened or dropped as well. */
  appliesWhenLate: boolean;
  /** What follows besides the notice. */
  act(core: Core, caseRecord: Case, cause: Cause, isLate: boolean): void;
}

const policies: Record<Verdict, Policy> = {
  confirmed: { headline: 'is confirmed', appliesWhenLate: false, act: confirm },
  disputed: { headline: 'was closed, and that is disputed', appliesWhenLate: false, act: dispute },
  'known-gap': { headline: 'is a known gap', appliesWhenLate: true, act: applyKnownGap },
  'unseen-recovery': { headline: 'is an unseen recovery', appliesWhenLate: false, act: () => {} },
  unverified: { headline: 'stays unverified', appliesWhenLate: false, act: () => {} },
};

/** Applies the policy of a verdict. Texts on an issue name the answer, the rule and the closing. */
export function applyVerdict(core: Core, caseRecord: Case, cause: Cause): void {
  const { verdict, generation, why } = cause;
  const { headline, appliesWhenLate, act } = policies[verdict];
  const { loop } = caseRecord;
  const isLate = caseRecord.generation !== generation || loop === 'working' || loop === 'dropped';
  if (isLate ? !(appliesWhenLate && cause.isNew) : loop === verdict) return;
  if (!isLate) updateCase(core.sql, caseRecord.id, { loop: verdict });
  if (loop === 'disputed' && !isLate && (verdict === 'confirmed' || verdict === 'unseen-recovery'))
    takeBackReopening(core, caseRecord, generation, 'the customer says now that it is resolved');
  notify(core, caseRecord, verdict, `${handleOf(caseRecord)} ${headline}: ${why} (closing ${generation})`);
  act(core, caseRecord, cause, isLate);
}

function confirm(core: Core, caseRecord: Case, cause: Cause): void {
  const text = `Confirmed: ${confirmation(caseRecord)}. ${because(caseRecord, cause, 'yes confirms')}`;
  comment(core, caseRecord, `confirmed:${cause.generation}`, text, []);
}

function dispute(core: Core, caseRecord: Case, cause: Cause): void {
  const disputes = caseRecord.disputes + 1;
  updateCase(core.sql, caseRecord.id, { disputes });
  // Work on a duplicate goes on at its original; the duplicate waits for the next closing.
  const originalId = findOriginalId(core.sql, caseRecord.id);
  const original = originalId === null ? null : findCase(core.sql, originalId);
  const policy = core.settings.workspace['follow-up'];
  const rule = core.settings.templates.get(caseRecord.template)?.['on-dispute'] ?? policy['on-dispute'];
  if (rule === 'decide') requestDecision(core, caseRecord, 'disputed; by the rule on-dispute a person decides');
  else if (Math.max(disputes, caseRecord.generation, original?.generation ?? 0) > maxAutomaticReopenings)
    requestDecision(core, caseRecord, 'disputed a third time; it is no longer reopened automatically');
  else reopenDisputed(core, caseRecord, original, cause, disputes);
}

function reopenDisputed(core: Core, caseRecord: Case, original: Case | null, cause: Cause, disputes: number): void {
  if (disputes === 2)
    escalate(core, caseRecord, `it is disputed for the second time: ${cause.why}`, `disputed:${caseRecord.generation}`);
  const once = `disputed:${caseRecord.generation}`;
  const why = `the closing is disputed: ${cause.why} (${because(caseRecord, cause, 'no reopens')})`;
  if (original?.loop === 'working') return;
  reopen(core, original ?? caseRecord, why, original ? `${once}:${caseRecord.id}` : once);
}

/** Leaves the case closed and notifies the blocker's owner. */
function applyKnownGap(core: Core, caseRecord: Case, cause: Cause, isLate: boolean): void {
  const blocker = cause.blocker ? ` Blocker: ${cause.blocker}.` : '';
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

const confirmation = ({ kind }: Case) =>
  kind === 'strategic' ? 'most of the customers say that it is resolved' : 'the customer says that it is resolved';

/** The answer, rule and closing behind an action of Caselite. */
function because(caseRecord: Case, { generation, evidence }: Cause, rule: string): string {
  const answer =
    caseRecord.kind === 'strategic' || evidence === null
      ? 'Answers of all affected customers'
      : `Answer to follow-up ${evidence.slice(0, 10)}`;
  return `${answer}; rule: ${rule}; closing ${generation}.`;
}
