import { randomId } from '#domain/key.ts';
import type { RawDelivery } from '#domain/survey-source.ts';
import type { Core } from './core.ts';
import { insertDelivery } from './store/deliveries.ts';

export interface Arrival {
  source: string;
  raw: RawDelivery;
}

/** Whether a delivery is genuine. An unknown source is answered like a wrong signature: nobody learns which exist. */
export async function isGenuine(core: Core, { source, raw }: Arrival): Promise<boolean> {
  const known = core.outside.source(source);
  return known !== null && (await known.verify(raw, core.clock.now()));
}

/** Stores genuine deliveries in one commit, whatever they hold; judging them comes after the answer. */
export function storeDeliveries(core: Core, arrivals: Arrival[]): string[] {
  const ids = arrivals.map(() => randomId(core.random, 'd'));
  core.sql.transaction(() => {
    arrivals.forEach(({ source, raw }, index) => {
      const stored = core.outside.source(source)?.redact(raw) ?? raw;
      insertDelivery(core.sql, ids[index] ?? '', source, stored);
    });
  });
  return ids;
}
