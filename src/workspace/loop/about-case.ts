import { oneLine } from '#domain/neutralise.ts';
import type { Case } from '../store/case-record.ts';
import type { FollowUp } from '../store/follow-ups.ts';

/** A follow-up with its case. */
export interface Asked {
  followUp: FollowUp;
  found: Case;
}

const longest = 1000;

/** What a customer reads of a case of theirs: its category, and no word that anybody wrote. */
export const aboutCase = ({ category }: Case): string => `your report on ${category.toLowerCase()}`;

/** Why it was declined, as the person wrote it, without anything that does not show; empty where nobody did. */
export function explanationOf({ closingReason, closingNote }: Case): string {
  const isDeclined = closingReason === 'declined' || closingReason === 'not-planned';
  return isDeclined && closingNote ? oneLine(closingNote, longest) : '';
}
