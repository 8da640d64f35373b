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
  const closerSays = clauses[closer ?? 'silent'];
  if (customer === null)
    return isAnswerWindowOver
      ? { verdict: 'unverified', why: `the customer did not answer in time; ${closerSays}` }
      : null;
  const isUnable = closer === 'unable' || closer === 'partly';
  const customerSays = `the customer says it is ${{ yes: '', partly: 'only partly ', no: 'not ' }[customer]}resolved`;
  if (customer === 'yes')
    return isUnable
      ? { verdict: 'unseen-recovery', why: `${customerSays} although ${closerSays}` }
      : { verdict: 'confirmed', why: `${customerSays}; ${closerSays}` };
  return isUnable
    ? { verdict: 'known-gap', why: `${customerSays}, and ${closerSays}` }
    : { verdict: 'disputed', why: `${customerSays}; ${closerSays}` };
}

const clauses: Record<CloserAnswer | 'silent', string> = {
  yes: 'the closer says it was closed',
  partly: 'the closer says it could be closed only in part',
  unable: 'the closer says it could not be closed',
  silent: 'the closer has not answered',
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
  const [most = 'unverified'] = order.toSorted((a, b) => count(b) - count(a));
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
