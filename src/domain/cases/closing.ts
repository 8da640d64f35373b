import type { ClosingReason } from './case-record.ts';

export type Earned =
  | { earns: 'follow-up' | 'explanation' }
  | { earns: 'the same as'; caseId: string }
  | { earns: 'decision'; why: string };

export interface Closed {
  reason: ClosingReason;
  note: string | null;
  explanation: string | null;
  duplicateOf: string | null;
}

export const originalUnknown = 'closed as duplicate: which case it repeats is not known; name it, or decide otherwise';

const ask = 'decide whether the customer should be asked';
const unexplained = `no reason given, so nobody is asked; ${ask}`;
const whyNobodyIsAsked: Record<Exclude<ClosingReason, 'fixed'>, string> = {
  declined: `closed as declined: ${unexplained}`,
  'not-planned': `closed as not-planned: ${unexplained}`,
  duplicate: originalUnknown,
  stale: `closed as stale: an automatic closing solves nothing, so nobody is asked; ${ask}`,
  gone: 'its issue can no longer be read: deleted, moved, or no longer visible to Caselite; nobody is asked',
};

/** Table of consequences: nobody is asked unless something was done, or somebody said why not. */
export function decideClosingConsequence({ reason, note, explanation, duplicateOf }: Closed): Earned {
  if (reason === 'fixed') return { earns: 'follow-up' };
  if (reason === 'duplicate' && duplicateOf) return { earns: 'the same as', caseId: duplicateOf };
  const isDeclined = reason === 'declined' || reason === 'not-planned';
  if (isDeclined && explanation) return { earns: 'explanation' };
  if (!isDeclined || !note) return { earns: 'decision', why: whyNobodyIsAsked[reason] };
  const remedy = 'write what the customer may read, or decide otherwise';
  return { earns: 'decision', why: `closed as ${reason}, for a reason that stays with the team: ${remedy}` };
}
