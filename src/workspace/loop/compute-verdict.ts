import type { Case } from '#domain/cases/case-record.ts';
import {
  type Cause,
  type CloserAnswer,
  type CustomerAnswer,
  combineVerdicts,
  decideVerdict,
} from '#domain/cases/verdict.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { type FollowUp, findCustomerFollowUp, followUpsOfCase } from '../store/asks.ts';
import { countCustomersOfCase, listAffectedCustomers } from '../store/case-responses.ts';
import { getCase, updateCase } from '../store/cases.ts';
import { isTimerSet } from '../store/schedule.ts';
import { countVerdicts, setVerdict } from '../store/verdicts.ts';
import { applyVerdict } from './verdict-policy.ts';

/**
 * Compares the customers' answers with the closer's, and applies the verdict.
 *
 * @param only the one customer with news; all customers by default
 */
export function computeVerdict(core: Core, caseId: string, generation: number, only?: string): void {
  const caseRecord = getCase(core.sql, caseId);
  const { answer: closer, blocker } = readCloserAnswer(core, caseId, generation);
  const customers = only === undefined ? listAffectedCustomers(core.sql, caseId).map(({ key }) => key) : [only];
  const news = customers.flatMap((key) =>
    computeVerdictOfCustomer(core, caseRecord, generation, key, { closer, blocker }),
  );
  const outcome = caseRecord.kind === 'strategic' ? sum(core, caseRecord, generation) : news.at(-1);
  if (outcome) applyVerdict(core, getCase(core.sql, caseId), outcome);
}

/** Answers that count: neither to be checked nor still to be corrected. */
const readCountedAnswers = (core: Core, { id, state, answers }: FollowUp): FollowUp['answers'] =>
  state === 'answered' && !isTimerSet(core.sql, 'settle', id) ? answers : null;

function computeVerdictOfCustomer(
  core: Core,
  caseRecord: Case,
  generation: number,
  customer: string,
  { closer, blocker }: { closer: CloserAnswer | null; blocker: string | null },
): Cause[] {
  const own = findCustomerFollowUp(core.sql, caseRecord.id, generation, customer);
  if (own && own.survey === core.settings.workspace['follow-up']['explained-survey']) {
    computeExplanationOutcome(core, caseRecord, own);
    return [];
  }
  const result = decideVerdict({
    customer: (own && (readCountedAnswers(core, own)?.resolved as CustomerAnswer | undefined)) ?? null,
    closer,
    isAnswerWindowOver: own?.state === 'expired' || own?.state === 'skipped',
  });
  if (!result) return [];
  const why = own?.state === 'skipped' ? `the customer was not asked: ${own.why}` : result.why;
  const row = { customerKey: customer, generation, verdict: result.verdict, why, at: core.clock.now() };
  const isNew = setVerdict(core.sql, caseRecord.id, row);
  if (isNew)
    record(core, caseRecord.id, `verdict: ${result.verdict}`, why, {
      evidence: own?.id ?? caseRecord.id,
      generation,
    });
  return [{ verdict: result.verdict, why, generation, isNew, blocker, evidence: own?.id ?? null }];
}

/** A declined closing has no verdict: it ends as declined, and a customer who does not understand it is shown. */
function computeExplanationOutcome(core: Core, caseRecord: Case, own: FollowUp): void {
  if (own.generation !== caseRecord.generation || caseRecord.loop === 'working') return;
  const answer = readCountedAnswers(core, own)?.resolved;
  const isOver = answer !== undefined || own.state === 'expired' || own.state === 'skipped';
  if (!isOver) return;
  const why =
    own.state === 'skipped'
      ? `the customer was not informed: ${own.why}`
      : answer === 'yes'
        ? 'the customer got the reason and finds it clear'
        : answer
          ? 'the customer got the reason and does not find it clear; write to them'
          : 'the customer got the reason and did not answer';
  const needsPerson = (answer && answer !== 'yes') || own.state === 'skipped' ? why : null;
  if (caseRecord.loop !== 'declined' || caseRecord.needsPerson !== needsPerson) {
    updateCase(core.sql, caseRecord.id, { loop: 'declined', needsPerson });
    record(core, caseRecord.id, 'declined and explained', why, { evidence: own.id });
  }
}

function sum(core: Core, caseRecord: Case, generation: number): Cause | null {
  const customers = countCustomersOfCase(core.sql, caseRecord.id);
  const share = core.settings.templates.get(caseRecord.template)?.['reopen-share'] ?? 0.2;
  const outcome = combineVerdicts(countVerdicts(core.sql, caseRecord.id, generation), customers, share);
  return (
    outcome && {
      ...outcome,
      generation,
      isNew: caseRecord.loop !== outcome.verdict,
      blocker: null,
      evidence: null,
    }
  );
}

function readCloserAnswer(
  core: Core,
  caseId: string,
  generation: number,
): { answer: CloserAnswer | null; blocker: string | null } {
  const last = followUpsOfCase(core.sql, caseId, generation)
    .filter(({ kind, state }) => kind === 'closer' && state === 'answered')
    .sort((a, b) => (a.answeredAt ?? 0) - (b.answeredAt ?? 0))
    .at(-1)?.answers;
  return { answer: (last?.closed as CloserAnswer | undefined) ?? null, blocker: last?.blocker ?? null };
}
