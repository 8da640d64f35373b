import { takeSteps } from '#domain/base/steps.ts';
import { AppError, type Core, deriveResponseId, type port, store, toWellFormedCopy } from '../kit.ts';
import { recordShipment } from '../loop/gates.ts';
import { planInvitations } from '../loop/schedule.ts';
import { type ReadReply, readReplyDelivery, repliesSource, takeReply } from '../loop/take-reply.ts';
import { queueOfSource } from '../queues/outbox-kind.ts';
import { storeRowsAsDeliveries } from './import-file.ts';
import { buildSourceNotInUsePrefix, noteSourceDelivered } from './keep-sources.ts';
import { takeReportedEvent } from './take-reported.ts';
import { processResponse } from './take-response.ts';

const mostDeliveryTries = 3;

/** A waiting delivery made a response and cases in one transaction; after three tries it is set aside. */
export async function processWaitingDelivery(core: Core, seq: number): Promise<void> {
  const found = store.deliveries.find(core.sql, { seq, outcome: 'waiting' });
  if (!found) return;
  const source = core.integrations.source(found.source);
  const body = source?.prepare ? await source.prepare(found.body) : null;
  const rows = source?.readFile ? await readFile(core, source.readFile(found)) : null;
  const reply = found.source === repliesSource ? await readReplyDelivery(core, found.body) : null;
  const isRead = body !== null || rows !== null || reply !== null;
  for (let goesOn = true; goesOn; ) {
    // A call in between may have settled or erased it.
    const waiting = isRead ? store.deliveries.find(core.sql, { seq, outcome: 'waiting' }) : found;
    if (!waiting) return;
    const isSame = waiting.body.length === found.body.length;
    const delivery = body && isSame ? { ...waiting, body } : waiting;
    goesOn = settleOrSetAside(core, delivery, isSame ? { rows, reply } : { rows: null, reply: null });
    if (goesOn) await core.giveWay();
  }
}

type ReadRows = () => port.ResponseRow[];
type Read = { rows: ReadRows | null; reply: ReadReply | null };

/** Rows of a file, read in steps; its problems are thrown when they are asked for. */
const readFile = (core: Core, steps: Generator<void, port.ResponseRow[]>): Promise<ReadRows> =>
  takeSteps(steps, core.clock, core.giveWay).then(
    (rows) => () => rows,
    (error) => () => {
      throw error;
    },
  );

/** @returns whether more of it waits */
function settleOrSetAside(core: Core, delivery: store.Delivery, read: Read): boolean {
  const tries = store.countDeliveryTry(core.sql, delivery.seq);
  // An unusable delivery also shows that the source is alive.
  if (delivery.via === 'push' && delivery.replays === 0 && !read.reply)
    noteSourceDelivered(core, delivery.source, delivery.receivedAt);
  try {
    const { outcome, responseId } = core.sql.transaction(() => settleDelivery(core, delivery, read));
    const facts = { delivery: delivery.id, source: delivery.source, outcome, response: responseId };
    core.log.info('delivery-processed', facts);
    return outcome === 'waiting';
  } catch (error) {
    const expected = error instanceof AppError;
    if (!expected) core.log.error('delivery-failed', { delivery: delivery.id, source: delivery.source, tries });
    if (expected || tries >= mostDeliveryTries) {
      const why = expected ? error.message : 'an unexpected error; the raw delivery is stored';
      store.setDeliveryOutcome(core.sql, delivery.seq, 'set-aside', { error: why });
    }
    return false;
  }
}

/** Sets a delivery aside that stopped the process; a replay tries it again. */
export function setStoppingDeliveryAside(core: Core, seq: number): void {
  const delivery = store.deliveries.find(core.sql, { seq, outcome: 'waiting' });
  if (!delivery) return;
  core.log.error('delivery-stopped-process', { delivery: delivery.id, source: delivery.source });
  store.setDeliveryOutcome(core.sql, seq, 'set-aside', { error: 'it stopped the process; the raw delivery is stored' });
}

type End = { outcome: store.DeliveryOutcome; responseId: string | null; error?: string };

function settleDelivery(core: Core, delivery: store.Delivery, { rows, reply }: Read): End {
  const end = reply ? ended(takeReply(core, delivery, reply)) : processDelivery(core, delivery, rows);
  const { outcome, responseId, error = null } = end;
  store.setDeliveryOutcome(core.sql, delivery.seq, outcome, { ...(responseId && { responseId }), error });
  return end;
}

const ended = (outcome: store.DeliveryOutcome, responseId: string | null = null): End => ({ outcome, responseId });

function processDelivery(core: Core, delivery: store.Delivery, rows: ReadRows | null): End {
  const source = core.integrations.source(delivery.source);
  if (!source || source.removed)
    throw new AppError('config', `${buildSourceNotInUsePrefix(delivery.source)}it is no longer in the workspace file`);
  if (source.paused) throw new AppError('config', `${buildSourceNotInUsePrefix(delivery.source)}it is paused`);
  if (rows && !delivery.fetched) return takeRows(core, delivery, rows());
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
  if (parsed.kind === 'rows') return takeRows(core, delivery, parsed.rows, parsed.problem);
  if (parsed.kind === 'reference') return planResponseFetch(core, delivery, parsed.reference);
  const { id, kept } = processResponse(core, delivery, parsed.response);
  if (kept === 'duplicate' && store.isResponseErased(core.sql, id)) store.eraseDeliveryBytes(core.sql, delivery.seq);
  return ended(kept === 'duplicate' ? 'duplicate' : 'stored', id);
}

function takeRows(core: Core, delivery: store.Delivery, rows: port.ResponseRow[], error?: string): End {
  const { isNew, until } = storeRowsAsDeliveries(core, delivery, rows);
  if (until !== null) {
    store.deliveries.update(core.sql, { seq: delivery.seq }, { line: until });
    return ended('waiting');
  }
  // What could not be read is set aside with its bytes; a replay takes only that.
  store.deliveries.update(core.sql, { seq: delivery.seq }, { line: 0, ...(error ? {} : { body: new Uint8Array() }) });
  if (error) return { ...ended('set-aside'), error };
  return ended(isNew || delivery.line ? 'stored' : 'duplicate');
}

function planResponseFetch(core: Core, delivery: store.Delivery, reference: port.ResponseReference): End {
  const { source, replays } = delivery;
  const id = deriveResponseId(core.keys, source, reference.form, reference.responseId);
  const stored = store.findStoredRevision(core.sql, id);
  if (reference.revision > 0 && stored !== null && stored >= reference.revision) return ended('duplicate', id);
  const orderingKey = `response:${id}`;
  // The waiting call reads the newest state.
  if (reference.revision === 0 && store.hasWaitingRow(core.sql, orderingKey, 'response.fetch'))
    return ended('duplicate', id);
  store.addToOutbox(core.sql, {
    key: `fetch:${delivery.id}:${replays}`,
    queue: queueOfSource(source),
    orderingKey,
    kind: 'response.fetch',
    payload: { delivery: delivery.id, reference },
    at: core.clock.now(),
  });
  return ended('fetching', id);
}
