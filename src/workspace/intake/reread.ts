import { followScores } from '../cases/watch-risks.ts';
import { AppError, type Core, deriveResponseId, feedback, port, store, timing, toWellFormedCopy } from '../kit.ts';
import { notifyOfMistake } from '../mail/notify.ts';
import { applyTemplatesAfterWait, waitForQuestions } from './apply-templates.ts';
import { applySettingsToResponse, findAnsweredAsk, storeScores } from './take-response.ts';
import { findUnreadPart } from './unread-answers.ts';

/** Row numbers of the next stored responses to reread, newest first, of one source at a time. */
export function listNextResponsesToReread(core: Core, limit: number): number[] {
  for (const { name, rereadBelowSeq } of store.listSourcesToReread(core.sql)) {
    const isInUse = Object.hasOwn(core.settings.workspace.sources, name);
    const seqs = isInUse ? store.listResponsesToReread(core.sql, name, rereadBelowSeq ?? 0, limit) : [];
    if (seqs.length > 0) return seqs;
    store.sources.update(core.sql, { name }, { rereadBelowSeq: null });
  }
  return [];
}

/** Rereads a stored response from its raw delivery; decisions stay, and no case opens. */
export async function rereadNextResponse(core: Core, seq: number): Promise<void> {
  const stored = store.responses.find(core.sql, { seq });
  const { prepare } = (stored && core.integrations.source(stored.content.source)) ?? {};
  const delivery = prepare && stored?.deliveryId ? store.deliveries.find(core.sql, { id: stored.deliveryId }) : null;
  const body = prepare && delivery ? await prepare(delivery.body) : null;
  const response = takeNextToReread(core, seq);
  if (!response) return;
  try {
    core.sql.transaction(() => reread(core, response.content.source, response, body));
  } catch (error) {
    core.log.error('reread-failed', { response: response.id, error: error instanceof Error ? error.name : 'unknown' });
  }
}

/** Leaves a response that stopped the process with its old reading, until its source is reread again. */
export function leaveStoppingResponse(core: Core, seq: number): void {
  const response = takeNextToReread(core, seq);
  if (!response) return;
  core.log.error('response-stopped-process', { response: response.id, source: response.content.source });
  const place = { path: `responses/${response.id}`, label: 'Open the response' };
  notifyOfMistake(core, 'stopped Caselite', 'reading stored responses again', place);
}

/** Moves the rereading of a source past its next response; null where another response is the next one. */
function takeNextToReread(core: Core, seq: number): store.StoredResponse | null {
  const response = store.responses.find(core.sql, { seq });
  if (!response) return null;
  const { source } = response.content;
  const below = store.sources.find(core.sql, { name: source })?.rereadBelowSeq ?? 0;
  if (store.listResponsesToReread(core.sql, source, below, 1)[0] !== seq) return null;
  store.sources.update(core.sql, { name: source }, { rereadBelowSeq: seq });
  return response;
}

/** Judges a response that waited, as the settings and titles of now read it, whether or not `rereadSource` reached it. */
export function judgeWaitingResponse(core: Core, id: string): void {
  const waiting = store.findResponse(core.sql, id);
  if (!waiting || waiting.decidedRevision === waiting.content.revision) return;
  reread(core, waiting.content.source, waiting);
  const response = store.findResponse(core.sql, id);
  if (!response) return;
  const { source, partial } = response.content;
  const isUnread =
    !partial && response.incoming && findUnreadPart(core, source, response.incoming, false) === 'choices';
  if (isUnread && core.clock.now() - response.receivedAt < timing.giveUpAfterMs) waitForQuestions(core, id);
  else applyTemplatesAfterWait(core, response);
}

function reread(core: Core, source: string, stored: store.StoredResponse, body: Uint8Array | null = null): void {
  const incoming = reparseStoredDelivery(core, source, stored, body) ?? stored.incoming;
  if (!incoming) return;
  try {
    const { content, reported } = applySettingsToResponse(core, source, incoming);
    const { revision } = stored.content;
    const answered = findAnsweredAsk(core, source, incoming, content);
    const customerKey = answered?.ask?.person ?? content.customer.key ?? stored.id;
    // Nothing new was heard of the customer: only an attribute that was not mapped before becomes known.
    const times = { submittedAt: content.submittedAt, now: stored.receivedAt };
    if (!answered) store.addReportedAttributes(core.sql, customerKey, feedback.toAttributeValues(reported), times);
    store.storeRereadResponse(core.sql, { id: stored.id, customerKey, content: { ...content, revision }, incoming });
    if (!answered && storeScores(core, stored.id, content)) followScores(core, customerKey);
    if (content.customer.email) pinLaterKnownAddress(core, stored.id, content.customer.email);
  } catch (error) {
    // A response that the new settings cannot read keeps its old reading.
    if (!(error instanceof AppError)) throw error;
  }
}

/** Pins an address that the settings did not read before; a later response may have given the same, which waits then. */
function pinLaterKnownAddress({ sql }: Core, responseId: string, address: string): void {
  const unknown = { responseId, state: 'pinned', address: '' } as const;
  for (const { seq, caseId, customerKey } of store.caseAddresses.list(sql, unknown)) {
    store.caseAddresses.delete(sql, { caseId, customerKey, address, state: 'waiting' });
    if (!store.caseAddresses.has(sql, { caseId, customerKey, address }))
      store.caseAddresses.update(sql, { seq }, { address });
  }
}

/** The raw delivery as today's settings read it; null where they find another response in it, or none. */
function reparseStoredDelivery(core: Core, source: string, stored: store.StoredResponse, body: Uint8Array | null) {
  const delivery = stored.deliveryId === null ? null : store.deliveries.find(core.sql, { id: stored.deliveryId });
  const known = core.integrations.source(source);
  if (!delivery || delivery.fetched || !known) return null;
  try {
    const parsed = toWellFormedCopy(known.parse(body && delivery.body.length > 0 ? { ...delivery, body } : delivery));
    if (parsed.kind !== 'response' || parsed.response.adds) return null;
    const { form, responseId: named } = parsed.response;
    return deriveResponseId(core.keys, source, form, named) === stored.id
      ? port.bounded(port.boundTimes(parsed.response, stored.receivedAt, delivery.via === 'push'))
      : null;
  } catch {
    return null;
  }
}
