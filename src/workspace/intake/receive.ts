import { createRandomId } from '#domain/base/key.ts';
import type { RawDelivery } from '#domain/integrations/survey-source.ts';
import type { Core } from '../core.ts';
import { insertDelivery } from '../store/deliveries.ts';
import { findSource } from '../store/sources.ts';
import { isSourceGraceOver } from './keep-sources.ts';
import { countUnverifiedDelivery } from './refused-deliveries.ts';

export interface Arrival {
  source: string;
  raw: RawDelivery;
}

/**
 * Whether a delivery is genuine. An unknown source gets the answer of a wrong signature, so that nobody learns which
 * sources exist. A paused or removed source is trusted for 30 more days.
 */
export async function isGenuineDelivery(core: Core, arrival: Arrival): Promise<boolean> {
  const isGenuine = await verifyDelivery(core, arrival);
  if (!isGenuine) await countUnverifiedDelivery(core, arrival);
  return isGenuine;
}

async function verifyDelivery(core: Core, { source, raw }: Arrival): Promise<boolean> {
  const known = core.integrations.source(source);
  if (known === null) return false;
  const now = core.clock.now();
  if (known.paused || known.removed) {
    if (isSourceGraceOver(findSource(core.sql, source)?.inactiveSince ?? null, now)) return false;
  }
  return known.verify(raw, now);
}

/**
 * Stores genuine deliveries in one commit, whatever their content. Processing follows after the answer to the sender.
 */
export function storeDeliveries(core: Core, arrivals: Arrival[]): string[] {
  const ids = arrivals.map(() => createRandomId(core.random, 'd'));
  core.sql.transaction(() => {
    arrivals.forEach(({ source, raw }, index) => {
      const stored = core.integrations.source(source)?.redact(raw) ?? raw;
      insertDelivery(core.sql, ids[index] ?? '', source, stored);
    });
  });
  return ids;
}
