import type { IssueSnapshot } from '#domain/integrations/issue.ts';
import type { IncomingResponse, QuestionDescription } from '#domain/integrations/survey-source.ts';
import type { Core } from '../core.ts';
import type { OutboxRow } from '../store/outbox.ts';
import type { OutboxKind } from '../store/payloads.ts';

/** How a row ended, and what came back. */
export interface Settled {
  issue?: IssueSnapshot;
  provider?: string;
  response?: IncomingResponse;
  questions?: QuestionDescription[];
  refused?: string;
  unknown?: string;
}

/** One kind of thing that leaves the workspace: how it is called, how a lost answer is found out, how it settles. */
export interface Kind<Name extends OutboxKind = OutboxKind> {
  /** Where a read-back would start, asked before the intent is written; throws where nothing is set up. */
  prepare?(core: Core, row: OutboxRow<Name>): Promise<string | null>;
  /** Answers null where there was nothing to do, and the host was not asked: that tells nothing about the host. */
  call(core: Core, row: OutboxRow<Name>): Promise<Settled | null>;
  /**
   * After a call without an answer: `repeat` what does no harm twice, `same-key` within the provider's memory, or
   * look whether it worked; a look that finds nothing answers null.
   */
  unknown: 'repeat' | 'same-key' | ((core: Core, row: OutboxRow<Name>) => Promise<Settled | null>);
  /** Carries the outcome to where it was wanted, in the transaction that ends the row. */
  settle(core: Core, row: OutboxRow<Name>, settled: Settled): void;
}
