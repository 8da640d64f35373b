import type { Gate } from '../settings/gate.ts';
import type { ClosingReason } from './case.ts';

/** How a case was closed, or is about to be. */
export interface CaseClosing {
  resolvedAt: number | null;
  closingReason: ClosingReason | null;
  /** Reason for the team; customers never read it. */
  closingNote: string | null;
  /** Reason of a declined case, written for the customer. */
  explanation: string | null;
  /** Summary of the change, written for the customers of one closing. */
  whatChanged: AuthoredText | null;
  /** Id of the case that this case repeats. */
  duplicateOf: string | null;
  /** Event to wait for before the customers of this closing are asked. */
  gate: Gate | null;
  /** Person who closed the issue in this generation, where known. */
  closer: string | null;
  /** Closing requested through Caselite, until the tracker shows it. */
  closing: ClosingIntent | null;
  /** Breach of the close policy, in words. */
  closingFlag: string | null;
  rootCause: string | null;
}

/** A closing that a person requested through Caselite. */
export interface ClosingIntent {
  who: string;
  kind: 'completed' | 'not-planned' | 'duplicate';
  note: string | null;
}

/** A text that a person wrote for a case. */
export interface AuthoredText {
  text: string;
  /** Key of the author. */
  who: string;
  at: number;
  /** Closing that the text belongs to, numbered like the generations of the case. */
  generation: number;
}
