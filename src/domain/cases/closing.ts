import type { ClosingReason } from './case-record.ts';

export type Earned =
  | { earns: 'follow-up' }
  | { earns: 'explanation' }
  | { earns: 'the same as'; caseId: string }
  | { earns: 'decision'; why: string };

export interface Closed {
  reason: ClosingReason;
  note: string | null;
  explanation: string | null;
  duplicateOf: string | null;
}

const ask = 'decide whether the customer should be asked';

/** Table of consequences: nobody is asked unless something was done, or somebody said why not. */
export function decideClosingConsequence({ reason, note, explanation, duplicateOf }: Closed): Earned {
  switch (reason) {
    case 'fixed':
      return { earns: 'follow-up' };
    case 'declined':
    case 'not-planned':
      if (explanation) return { earns: 'explanation' };
      if (note)
        return decision(
          `closed as ${reason}, for a reason that stays with the team: write what the customer may read, or decide otherwise`,
        );
      return decision(`closed as ${reason}: no reason given, so nobody is asked; ${ask}`);
    case 'duplicate':
      if (duplicateOf) return { earns: 'the same as', caseId: duplicateOf };
      return originalUnknown;
    case 'stale':
      return decision(`closed as stale: an automatic closing solves nothing, so nobody is asked; ${ask}`);
    case 'gone':
      return decision(
        'its issue can no longer be read: deleted, moved, or no longer visible to Caselite; nobody is asked',
      );
  }
}

const decision = (why: string) => ({ earns: 'decision' as const, why });

export const originalUnknown = decision(
  'closed as duplicate: which case it repeats is not known; name it, or decide otherwise',
);
