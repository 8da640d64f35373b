export type CustomerAnswer = 'yes' | 'partly' | 'no';
export type CloserAnswer = 'yes' | 'partly' | 'unable';

export const verdicts = ['confirmed', 'disputed', 'known-gap', 'unseen-recovery', 'unverified'] as const;
export type Verdict = (typeof verdicts)[number];

export type Evidence = { customer: CustomerAnswer | null; closer: CloserAnswer | null; isAnswerWindowOver: boolean };

/** The verdict for the evidence so far; null while it is open. */
export function decideVerdict({
  customer,
  closer,
  isAnswerWindowOver,
}: Evidence): { verdict: Verdict; why: string } | null {
  const closerAnswerClause = closer === null ? 'the closer has not answered' : clauseByCloserAnswer[closer];
  if (customer === null)
    return isAnswerWindowOver
      ? { verdict: 'unverified', why: `the customer did not answer in time; ${closerAnswerClause}` }
      : null;
  const unable = closer === 'unable' || closer === 'partly';
  if (customer === 'yes')
    return unable
      ? { verdict: 'unseen-recovery', why: `the customer says it is resolved although ${closerAnswerClause}` }
      : { verdict: 'confirmed', why: `the customer says it is resolved; ${closerAnswerClause}` };
  const negativeCustomerAnswerClause =
    customer === 'no' ? 'the customer says it is not resolved' : 'the customer says it is only partly resolved';
  return unable
    ? { verdict: 'known-gap', why: `${negativeCustomerAnswerClause}, and ${closerAnswerClause}` }
    : { verdict: 'disputed', why: `${negativeCustomerAnswerClause}; ${closerAnswerClause}` };
}

const clauseByCloserAnswer: Record<CloserAnswer, string> = {
  yes: 'the closer says it was closed',
  partly: 'the closer says it could be closed only in part',
  unable: 'the closer says it could not be closed',
};

/** Outcome over all affected customers, null while open; `share` is the share of "no" that reopens the case. */
export function combineVerdicts(
  counts: Partial<Record<Verdict, number>>,
  customers: number,
  share: number,
): { verdict: Verdict; why: string } | null {
  const count = (verdict: Verdict) => counts[verdict] ?? 0;
  const disputed = count('disputed');
  const why = `${customers} customers: ${verdicts.map((verdict) => `${count(verdict)} ${verdict}`).join(', ')}`;
  if (customers > 0 && disputed > 0 && disputed / customers >= share) return { verdict: 'disputed', why };
  const known = verdicts.reduce((total, verdict) => total + count(verdict), 0);
  if (customers === 0 || known < customers) return null;
  const order: Verdict[] = ['known-gap', 'confirmed', 'unseen-recovery', 'unverified'];
  const [first, ...rest] = order;
  const most = rest.reduce((best, verdict) => (count(verdict) > count(best) ? verdict : best), first ?? 'unverified');
  return { verdict: most, why };
}

export interface Cause {
  verdict: Verdict;
  why: string;
  generation: number;
  isNew: boolean;
}

export const possibleCustomerAnswers = ['yes', 'partly', 'no', 'silent'] as const;
export const possibleCloserAnswers = ['yes', 'partly', 'unable', 'silent'] as const;
