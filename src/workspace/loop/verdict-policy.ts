import { mostAutomaticReopenings } from '#domain/cases/case.ts';
import type { Cause } from '#domain/cases/verdict.ts';
import { elevateByRules } from '../cases/elevate.ts';
import { escalate } from '../cases/ladder.ts';
import type { Core } from '../core.ts';
import { notify } from '../mail/notify.ts';
import { type Case, handleOf } from '../store/case-record.ts';
import { findCase, updateCase } from '../store/cases.ts';
import { comment } from '../tracker-requests/comment.ts';
import { reopen } from '../tracker-requests/reopen.ts';
import { notifyBlockerOwner } from './blocker-owner.ts';
import { waitForDecision } from './wait-for-decision.ts';

/** Does what the policy of a verdict says. Whatever is written on an issue names the answer, the rule and the closing. */
export function applyVerdict(core: Core, found: Case, cause: Cause): void {
  const { verdict, generation } = cause;
  const isCurrent = found.generation === generation && found.loop !== 'working' && found.loop !== 'dropped';
  const before = found.loop;
  if (isCurrent && before !== verdict) updateCase(core.sql, found.id, { loop: verdict });
  if (!isCurrent) {
    if (cause.isNew && verdict === 'known-gap') knownGap(core, found, cause, true);
    return;
  }
  if (before === verdict) return;
  if (verdict === 'disputed') dispute(core, found, cause);
  if (verdict === 'known-gap') knownGap(core, found, cause, false);
  if (verdict === 'confirmed') confirm(core, found, cause);
  if (verdict === 'unseen-recovery')
    notify(
      core,
      found,
      'unseen-recovery',
      `${handleOf(found)} is an unseen recovery: ${cause.why} (closing ${cause.generation})`,
    );
  if (verdict === 'unverified')
    notify(
      core,
      found,
      'unverified',
      `${handleOf(found)} stays unverified: ${cause.why} (closing ${cause.generation})`,
    );
}

function confirm(core: Core, found: Case, cause: Cause): void {
  const text = `Confirmed: ${told(found)}. ${because(found, cause, 'yes confirms')}`;
  comment(core, found, `confirmed:${cause.generation}`, text, []);
  notify(
    core,
    found,
    'confirmed',
    `${handleOf(found)} is confirmed: ${cause.why} (closing ${cause.generation})`,
  );
}

function dispute(core: Core, found: Case, cause: Cause): void {
  const disputes = found.disputes + 1;
  updateCase(core.sql, found.id, { disputes });
  notify(
    core,
    found,
    'disputed',
    `${handleOf(found)} was closed, and that is disputed: ${cause.why} (closing ${cause.generation})`,
  );
  // Where a case repeats another, work goes on there; this one waits for the next closing.
  const original = found.duplicateOf === null ? null : findCase(core.sql, found.duplicateOf);
  const policy = core.settings.workspace['follow-up'];
  const rule = core.settings.templates.get(found.template)?.['on-dispute'] ?? policy['on-dispute'];
  if (rule === 'decide') waitForDecision(core, found, 'disputed; by the rule on-dispute a person decides');
  else if (Math.max(disputes, found.generation, original?.generation ?? 0) > mostAutomaticReopenings)
    waitForDecision(core, found, 'disputed a third time; it is not reopened by itself any more');
  else takeUpAgain(core, found, original, cause, disputes);
}

function takeUpAgain(core: Core, found: Case, original: Case | null, cause: Cause, disputes: number): void {
  if (disputes === 2)
    escalate(core, found, `it is disputed for the second time: ${cause.why}`, `disputed:${found.generation}`);
  const once = `disputed:${found.generation}`;
  const why = `the closing is disputed: ${cause.why} (${because(found, cause, 'no reopens')})`;
  if (original?.loop === 'working') return;
  reopen(core, original ?? found, why, original ? `${once}:${found.id}` : once);
}

/** Nothing is reopened: whoever owns what stood in the way hears of it. */
function knownGap(core: Core, found: Case, cause: Cause, isLate: boolean): void {
  const blocker = cause.blocker ? ` Blocker: ${cause.blocker}.` : '';
  notify(
    core,
    found,
    'known-gap',
    `${handleOf(found)} is a known gap: ${cause.why} (closing ${cause.generation})`,
  );
  notifyBlockerOwner(core, found, cause);
  elevateByRules(core, found.id, 'verdict');
  const since = isLate ? ' since it was reopened' : '';
  comment(
    core,
    found,
    `known-gap:${cause.generation}`,
    `Known gap${since}: the customer says that it is not resolved, and the closer was unable to close it.${blocker} ${because(found, cause, 'no and unable make a known gap')}`,
    [],
  );
}

const told = ({ kind }: Case) =>
  kind === 'strategic'
    ? 'most of the customers say that it is resolved'
    : 'the customer says that it is resolved';

/** Which answer, rule and closing made Caselite act. */
function because(found: Case, { generation, evidence }: Cause, rule: string): string {
  const answer =
    found.kind === 'strategic' || evidence === null
      ? 'Answers counted over everyone behind this issue'
      : `Answer to follow-up ${evidence.slice(0, 10)}`;
  return `${answer}; rule: ${rule}; closing ${generation}.`;
}
