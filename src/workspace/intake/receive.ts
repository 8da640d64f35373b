import { memoize, remember } from '#domain/base/memoize.ts';
import { type Core, createOrderedId, hourMs, minuteMs, port, secondMs, type Sql, store } from '../kit.ts';
import { findCaseOfReply, repliesSource } from '../loop/take-reply.ts';
import { isSourceGraceOver } from './keep-sources.ts';

export type Arrival = { source: string; raw: port.RawDelivery };

/** Whether a delivery is genuine; unknown sources look like wrong signatures, removed ones count for 30 more days. */
export async function isGenuineDelivery(core: Core, arrival: Arrival): Promise<boolean> {
  const isGenuine = await verifyDelivery(core, arrival);
  if (!isGenuine) countRefusedDelivery(core, arrival.source, await explainUnverified(core, arrival));
  return isGenuine;
}

async function verifyDelivery(core: Core, { source, raw }: Arrival): Promise<boolean> {
  if (source === repliesSource) return isReplyToCase(core, raw);
  const known = core.integrations.source(source);
  if (known === null) return false;
  if ((known.paused || known.removed) && isSourceGraceOver(core, source)) return false;
  return known.verify(raw, core.clock.now());
}

const isReplyToCase = async (core: Core, raw: port.RawDelivery): Promise<boolean> =>
  (await core.integrations.replies?.verify(raw, core.clock.now())) === true && findCaseOfReply(core, raw.body) !== null;

/**
 * Stores genuine deliveries; processing follows after the answer to the sender. Each is whole in one statement, and what
 * was written in a turn is committed together, so that no transaction is needed.
 */
export function storeDeliveries(core: Core, arrivals: Arrival[]): string[] {
  const arrived = arrivals.map(({ source, raw }) => {
    const stored =
      source === repliesSource ? { ...raw, headers: {} } : (core.integrations.source(source)?.redact(raw) ?? raw);
    return { id: createOrderedId(core.random, 'd', raw.receivedAt), source, raw: stored };
  });
  store.insertDeliveries(core.sql, arrived);
  return arrived.map(({ id }) => id);
}

/** Reasons of a door that refuses a delivery before the workspace sees it. */
const reasonsAtDoor: Record<string, string> = {
  'too-large': 'larger than 1 MiB',
  'too-slow': 'did not arrive within 30 seconds',
  'invalid-input': 'broke off before the end',
  unsupported: 'compressed, which is not read; have the sender leave out Content-Encoding',
};

type Counted = Omit<store.RefusedDeliveries, 'hour'> & { storedAt: number };

const countsOf = memoize((_: Sql) => new Map<string, Counted>());

/** Counts a refused delivery, with one write per reason and minute; a process that dies loses its last minute. */
function countRefusedDelivery(core: Core, source: string, reason: string): void {
  if (core.integrations.source(source) === null) return;
  const now = core.clock.now();
  const entry = remember(countsOf(core.sql), JSON.stringify([source, reason]), () => {
    return { source, reason, count: 0, firstAt: now, lastAt: now, storedAt: 0 };
  });
  if (entry.count === 0) entry.firstAt = now;
  entry.count += 1;
  entry.lastAt = now;
  if (now - entry.storedAt >= minuteMs) storeRefusedDeliveries(core);
}

/** Stores what was counted since the last time. */
export function storeRefusedDeliveries(core: Core): void {
  for (const entry of countsOf(core.sql).values()) {
    if (entry.count === 0) continue;
    const { storedAt: _, ...row } = entry;
    store.addRefusedDeliveries(core.sql, { ...row, hour: entry.lastAt - (entry.lastAt % hourMs) });
    Object.assign(entry, { count: 0, storedAt: core.clock.now() });
  }
}

export function countRefusalAtDoor(core: Core, source: string, code: string): void {
  const reason = reasonsAtDoor[code];
  if (reason) countRefusedDelivery(core, source, reason);
}

/** Reason of a refusal for those who set up the source. Senders hear none. */
async function explainUnverified(core: Core, { source, raw }: Arrival): Promise<string> {
  const known = core.integrations.source(source);
  if (isSourceGraceOver(core, source)) return 'the source is paused or removed for more than 30 days';
  const { 'content-type': _, 'user-agent': __, ...headers } = raw.headers;
  const hasProof = Object.keys(headers).some(port.isProofHeader) || Object.keys(raw.query ?? {}).length > 0;
  if (!hasProof) return 'no signature and no secret came with it';
  const signedAt = Number(raw.headers['webhook-timestamp'] ?? Number.NaN) * secondMs;
  if (Number.isFinite(signedAt) && (await known?.verify(raw, signedAt)))
    return 'signed more than 5 minutes before or after our time; set the clock of the sender';
  return 'signature or secret does not match; compare the secret with that of the survey tool';
}
