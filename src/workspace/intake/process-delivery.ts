import { AppError } from '#domain/base/errors.ts';
import { deriveResponseId } from '#domain/base/key.ts';
import type { ResponseReference } from '#domain/integrations/survey-source.ts';
import { toWellFormedCopy } from '#domain/text/safe-text.ts';
import type { Core } from '../core.ts';
import { recordShipment } from '../loop/gates.ts';
import { planInvitations } from '../loop/plan-surveys.ts';
import * as store from '../store/index.ts';
import { storeRowsAsDeliveries } from './import-file.ts';
import { buildSourceNotInUsePrefix, noteSourceDelivered } from './keep-sources.ts';
import { isResponseFetchWaiting, queueResponseFetch } from './source-calls.ts';
import { processResponse } from './take-response.ts';
import { takeReportedEvent } from './take-reported.ts';

const mostDeliveryTries = 3;

/** A waiting delivery made a response and cases in one transaction; after three tries it is set aside. */
export async function processWaitingDelivery(core: Core, seq: number): Promise<void> {
  const found = store.findWaitingDelivery(core.sql, seq);
  if (!found) return;
  const { prepare } = core.integrations.source(found.source) ?? {};
  const body = prepare ? await prepare(found.body) : null;
  // A call in between may have settled or erased it.
  const waiting = body ? store.findWaitingDelivery(core.sql, seq) : found;
  if (!waiting) return;
  const delivery = body && waiting.body.length > 0 ? { ...waiting, body } : waiting;
  const tries = store.countDeliveryTry(core.sql, delivery.seq);
  // An unusable delivery also shows that the source is alive.
  if (delivery.via === 'push' && delivery.replays === 0)
    noteSourceDelivered(core, delivery.source, delivery.receivedAt);
  try {
    const { outcome, responseId } = core.sql.transaction(() => settleDelivery(core, delivery));
    core.log.info('delivery-processed', {
      delivery: delivery.id,
      source: delivery.source,
      outcome,
      response: responseId,
    });
  } catch (error) {
    const expected = error instanceof AppError;
    if (!expected) core.log.error('delivery-failed', { delivery: delivery.id, source: delivery.source, tries });
    if (expected || tries >= mostDeliveryTries) {
      const why = expected ? error.message : 'an unexpected error; the raw delivery is stored';
      store.setDeliveryOutcome(core.sql, delivery.seq, 'set-aside', { error: why });
    }
  }
}

/** Sets a delivery aside that stopped the process; a replay tries it again. */
export function setStoppingDeliveryAside(core: Core, seq: number): void {
  const delivery = store.findWaitingDelivery(core.sql, seq);
  if (!delivery) return;
  core.log.error('delivery-stopped-process', { delivery: delivery.id, source: delivery.source });
  store.setDeliveryOutcome(core.sql, seq, 'set-aside', { error: 'it stopped the process; the raw delivery is stored' });
}

type End = { outcome: store.DeliveryOutcome; responseId: string | null };

function settleDelivery(core: Core, delivery: store.Delivery): End {
  const end = processDelivery(core, delivery);
  const response = end.responseId === null ? {} : { responseId: end.responseId };
  store.setDeliveryOutcome(core.sql, delivery.seq, end.outcome, response);
  return end;
}

const ended = (outcome: store.DeliveryOutcome, responseId: string | null = null): End => ({ outcome, responseId });

function processDelivery(core: Core, delivery: store.Delivery): End {
  const source = core.integrations.source(delivery.source);
  if (!source || source.removed)
    throw new AppError('config', `${buildSourceNotInUsePrefix(delivery.source)}it is no longer in the workspace file`);
  if (source.paused) throw new AppError('config', `${buildSourceNotInUsePrefix(delivery.source)}it is paused`);
  const parsed = toWellFormedCopy(
    delivery.fetched ? ({ kind: 'response', response: delivery.fetched } as const) : source.parse(delivery),
  );
  if (parsed.kind === 'test') return ended('test');
  if (parsed.kind === 'event') {
    const isNewShipment = recordShipment(core, parsed.event);
    const invites = planInvitations(core, delivery.source, parsed.event, delivery.id);
    const isReported = takeReportedEvent(core, parsed.event);
    // No invitation leads to these bytes, so that an erasure would not find them.
    if (parsed.event.customer && !invites) store.eraseDeliveryBytes(core.sql, delivery.seq);
    return ended(isNewShipment || invites || isReported ? 'stored' : 'duplicate');
  }
  if (parsed.kind === 'rows') {
    const { isNew, until } = storeRowsAsDeliveries(core, delivery, parsed.rows);
    if (until !== null) {
      store.noteStoredRows(core.sql, delivery.seq, until);
      return ended('waiting');
    }
    store.emptyImportedFile(core.sql, delivery.seq);
    return ended(isNew || delivery.line ? 'stored' : 'duplicate');
  }
  if (parsed.kind === 'reference') return planResponseFetch(core, delivery, parsed.reference);
  const { id, kept } = processResponse(core, delivery.source, parsed.response, {
    deliveryId: delivery.id,
    receivedAt: delivery.receivedAt,
    via: delivery.via,
    isFetched: delivery.via === 'push' && delivery.fetched !== null,
  });
  if (kept === 'duplicate' && store.isResponseErased(core.sql, id)) store.eraseDeliveryBytes(core.sql, delivery.seq);
  return ended(kept === 'duplicate' ? 'duplicate' : 'stored', id);
}

function planResponseFetch(core: Core, delivery: store.Delivery, reference: ResponseReference): End {
  const { source, replays } = delivery;
  const id = deriveResponseId(core.keys, source, reference.form, reference.responseId);
  const stored = store.findStoredRevision(core.sql, id);
  if (reference.revision > 0 && stored !== null && stored >= reference.revision) return ended('duplicate', id);
  // The waiting call reads the newest state.
  if (reference.revision === 0 && isResponseFetchWaiting(core, id)) return ended('duplicate', id);
  queueResponseFetch(core, source, { delivery: delivery.id, reference }, { responseId: id, replays });
  return ended('fetching', id);
}
