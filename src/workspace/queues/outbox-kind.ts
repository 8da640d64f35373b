import { type Case, type Core, type port, store } from '../kit.ts';

export interface Settled {
  issue?: port.IssueSnapshot;
  /** What an edit wrote, and what of it the tracker refused. */
  written?: port.IssueEdit;
  refusedParts?: { part: string; reason: string }[];
  /** Parts that were left out, because their next try was not due. */
  heldParts?: Set<string>;
  provider?: string;
  response?: port.IncomingResponse;
  questions?: port.QuestionDescription[];
  /** Why nothing more is tried; nobody knows what came of it where `isUnknown`, else nothing did. */
  failed?: string;
  isUnknown?: boolean;
}

/** One kind of outbox row: how it is called, how its unknown outcome is resolved, and how it settles. */
export interface Kind<Name extends store.OutboxKind = store.OutboxKind> {
  /** Floor for a later read-back, read before the call; throws where nothing is set up. */
  prepare?(core: Core, row: store.OutboxRow<Name>): Promise<string | null>;
  /** Null where nothing had to be done: no call was made, so it says nothing about the host. */
  call(core: Core, row: store.OutboxRow<Name>): Promise<Settled | null>;
  /** After a call without an answer: `repeat`, `same-key` while the provider honours it, or a lookup or null. */
  unknown: 'repeat' | 'same-key' | ((core: Core, row: store.OutboxRow<Name>) => Promise<Settled | null>);
  /** Whether a refused call stays intended, shown by this, and is tried again; otherwise a refusal ends the row. */
  showRefusal?(core: Core, row: store.OutboxRow<Name>, reason: string): void;
  /** Applies the outcome, in the transaction that ends the row. */
  settle(core: Core, row: store.OutboxRow<Name>, settled: Settled): void;
}

export type Kinds<Name extends store.OutboxKind = store.OutboxKind> = { [Each in Name]: Kind<Each> };

/** The case that a row is about; null for a row of none. */
export const findCaseOfRow = ({ sql }: Core, { orderingKey }: Pick<store.OutboxRow, 'orderingKey'>): Case | null =>
  store.findCase(sql, orderingKey.replace(/^case:/, ''));

/** Queue of the calls to a survey tool's API. */
export const queueOfSource = (source: string): string => `source:${source}`;

/** Source of a queue; null for the queue of a tracker or of mail. */
export const sourceOfQueue = (queue: string): string | null =>
  queue.startsWith('source:') ? queue.slice('source:'.length) : null;
