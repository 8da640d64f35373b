import { elevateByRules } from '../cases/elevate.ts';
import { escalate } from '../cases/ladder.ts';
import { basics, type Case, casework, type Core, handleOf, json, maxAutomaticReopenings, store } from '../kit.ts';
import { notify } from '../mail/notify.ts';
import { reopen, takeBackReopening } from '../tracker-requests/reopen.ts';
import { comment } from '../tracker-requests/sync-issue.ts';
import { requestDecision } from './gates.ts';
import { getsExplanation } from './schedule.ts';

/** Compares the customers' answers with the closer's, and applies the verdict, of `only` one customer or of all. */
export function computeVerdict(core: Core, caseId: string, generation: number, only?: string): void {
  const caseRecord = store.getCase(core.sql, caseId);
  const { closed: closer, blocker } = findCloserAnswers(core, caseId, generation);
  const customers = only === undefined ? store.listAffectedCustomers(core.sql, caseId).map(({ key }) => key) : [only];
  const news = customers.flatMap((key) => computeVerdictOfCustomer(core, caseRecord, generation, key, closer));
  const outcome = caseRecord.kind === 'strategic' ? sum(core, caseRecord, generation) : news.at(-1);
  if (outcome) applyVerdict(core, store.getCase(core.sql, caseId), outcome, blocker);
}

const readCountedAnswers = (core: Core, { id, state, answers }: store.FollowUp): store.FollowUp['answers'] =>
  state === 'answered' && store.findTimerDueAt(core.sql, 'settle', id) === null ? answers : null;

function computeVerdictOfCustomer(core: Core, caseRecord: Case, generation: number, customer: string, closer?: string) {
  const own = store.followUps.find(core.sql, { caseId: caseRecord.id, generation, kind: 'customer', person: customer });
  const { survey, 'explained-survey': explained } = core.settings.workspace['follow-up'];
  // The setting may name another survey since it was sent.
  const isRenamed = own?.survey !== survey && generation === caseRecord.generation && getsExplanation(core, caseRecord);
  if (own && (own.survey === explained || isRenamed)) {
    computeExplanationOutcome(core, caseRecord, own);
    return [];
  }
  const result = casework.decideVerdict({
    customer: (own && (readCountedAnswers(core, own)?.resolved as casework.CustomerAnswer | undefined)) ?? null,
    closer: (closer as casework.CloserAnswer | undefined) ?? null,
    isAnswerWindowOver: own?.state === 'expired' || own?.state === 'skipped',
  });
  if (!result) return [];
  const why = own?.state === 'skipped' ? `the customer was not asked: ${own.why}` : result.why;
  const row = { customerKey: customer, generation, verdict: result.verdict, why, at: core.clock.now() };
  const isNew = store.setVerdict(core.sql, caseRecord.id, row);
  const facts = { evidence: own?.id ?? caseRecord.id, generation };
  if (isNew) basics.record(core, caseRecord.id, `verdict: ${result.verdict}`, why, facts);
  return [{ verdict: result.verdict, why, generation, isNew }];
}

/** A declined closing has no verdict: it ends as declined, and a customer who does not understand it is shown. */
function computeExplanationOutcome(core: Core, caseRecord: Case, own: store.FollowUp): void {
  if (own.generation !== caseRecord.generation || caseRecord.loop === 'working') return;
  const answer = readCountedAnswers(core, own)?.resolved;
  const isSkipped = own.state === 'skipped';
  if (answer === undefined && own.state !== 'expired' && !isSkipped) return;
  const needs = isSkipped
    ? `the customer was not informed: ${own.why}`
    : answer && answer !== 'yes' && 'the customer got the reason and does not find it clear; write to them';
  const why = needs || `the customer got the reason and ${answer ? 'finds it clear' : 'did not answer'}`;
  // What one of many customers does not understand stays shown.
  const keepsNeed = caseRecord.kind === 'strategic' || json.isAnswerToCheck(own);
  const needsPerson = needs || (keepsNeed ? caseRecord.needsPerson : null);
  if (caseRecord.loop !== 'declined' || caseRecord.needsPerson !== needsPerson) {
    store.updateCase(core.sql, caseRecord.id, { loop: 'declined', needsPerson });
    basics.record(core, caseRecord.id, 'declined and explained', why, { evidence: own.id });
  }
}

function sum(core: Core, caseRecord: Case, generation: number): casework.Cause | null {
  const customers = store.countCustomersOfCase(core.sql, caseRecord.id, Number.MAX_SAFE_INTEGER);
  const share = core.settings.templates.get(caseRecord.template)?.['reopen-share'] ?? 0.2;
  const counts = Object.fromEntries(store.countVerdicts(core.sql, caseRecord.id, generation));
  const outcome = casework.combineVerdicts(counts, customers, share);
  return outcome && { ...outcome, generation, isNew: caseRecord.loop !== outcome.verdict };
}

const findCloserAnswers = (core: Core, caseId: string, generation: number): Record<string, string | undefined> =>
  store.followUps
    .list(core.sql, { caseId, generation, kind: 'closer', state: 'answered' })
    .sort((a, b) => (a.answeredAt ?? 0) - (b.answeredAt ?? 0))
    .at(-1)?.answers ?? {};

const headlines: Record<casework.Verdict, string> = {
  confirmed: 'is confirmed',
  disputed: 'was closed, and that is disputed',
  'known-gap': 'is a known gap',
  'unseen-recovery': 'is an unseen recovery',
  unverified: 'stays unverified',
};

function applyVerdict(core: Core, caseRecord: Case, cause: casework.Cause, blocker = ''): void {
  const { verdict, generation, why } = cause;
  const { loop } = caseRecord;
  const isLate = caseRecord.generation !== generation || loop === 'working' || loop === 'dropped';
  if (isLate ? verdict !== 'known-gap' || !cause.isNew : loop === verdict) return;
  if (!isLate) store.updateCase(core.sql, caseRecord.id, { loop: verdict });
  if (loop === 'disputed' && !isLate && (verdict === 'confirmed' || verdict === 'unseen-recovery'))
    takeBackReopening(core, caseRecord, generation, 'the customer says now that it is resolved');
  const blocked = verdict === 'known-gap' && blocker !== '' ? `, blocked by ${blocker}` : '';
  const owner = blocked && new Map(Object.entries(core.settings.workspace['blocker-owners'])).get(blocker);
  const headline = `${handleOf(caseRecord)} ${headlines[verdict]}${blocked}: ${why} (closing ${generation})`;
  notify(core, caseRecord, verdict, headline, { to: owner ? [owner] : [], because: 'the list of blocker-owners' });
  if (verdict === 'confirmed') {
    const who = caseRecord.kind === 'strategic' ? 'most of the customers say' : 'the customer says';
    const text = `Confirmed: ${who} that it is resolved (closing ${generation}).`;
    comment(core, caseRecord, `confirmed:${generation}`, text);
  } else if (verdict === 'disputed') dispute(core, caseRecord, cause);
  else if (verdict === 'known-gap') {
    elevateByRules(core, caseRecord.id, 'verdict');
    const since = isLate ? ' since it was reopened' : '';
    const named = blocker === '' ? '' : ` Blocker: ${blocker}.`;
    const text = `Known gap${since}: ${why} (closing ${generation}).${named}`;
    comment(core, caseRecord, `known-gap:${generation}`, text);
  }
}

function dispute(core: Core, caseRecord: Case, cause: casework.Cause): void {
  const disputes = caseRecord.disputes + 1;
  store.updateCase(core.sql, caseRecord.id, { disputes });
  // Work on a duplicate goes on at its original, unless somebody solved the duplicate itself.
  const originalId = caseRecord.closingReason === 'duplicate' ? store.findOriginalId(core.sql, caseRecord.id) : null;
  const original = store.findCase(core.sql, originalId);
  const policy = core.settings.workspace['follow-up'];
  const rule = core.settings.templates.get(caseRecord.template)?.['on-dispute'] ?? policy['on-dispute'];
  const once = `disputed:${caseRecord.generation}`;
  if (rule === 'decide') requestDecision(core, caseRecord, 'disputed; by the rule on-dispute a person decides');
  else if (Math.max(disputes, caseRecord.generation, original?.generation ?? 0) > maxAutomaticReopenings)
    requestDecision(core, caseRecord, 'disputed a third time; it is no longer reopened automatically');
  else {
    if (disputes === 2) escalate(core, caseRecord, `it is disputed for the second time: ${cause.why}`, once);
    const why = `the closing is disputed: ${cause.why} (closing ${cause.generation})`;
    if (original?.loop !== 'working')
      reopen(core, original ?? caseRecord, why, original ? `${once}:${caseRecord.id}` : once);
  }
}
