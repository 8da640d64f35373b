import * as z from 'zod';

/** What has to happen after a closing before its customers are asked, so that nobody is asked about a fix they lack. */
export const AskAfter = z.strictObject({
  label: z.string().min(1).optional(),
  release: z.string().min(1).optional(),
  milestone: z.string().min(1).optional(),
});
export type AskAfter = z.output<typeof AskAfter>;

export interface Gate {
  label: string | null;
  release: string | null;
  milestone: string | null;
  /** Whether the loop owner must write to the customer first. */
  message: boolean;
  since: number;
  /** Instant at which the fix reached the customer; null before that. */
  shippedAt: number | null;
  /** Instant of the loop owner's message; null before that. */
  messageAt: number | null;
}

export interface Shipped {
  kind: 'release' | 'milestone';
  name: string;
  /** UTC milliseconds. */
  at: number;
}

/** Kind of shipment that an event reports; null for other events. */
export const findShipmentKind = (event: string): Shipped['kind'] | null =>
  /^release(\.published)?$/i.test(event)
    ? 'release'
    : /^milestone(\.closed|\.reached)?$/i.test(event)
      ? 'milestone'
      : null;

export type GateEvent =
  | { kind: 'label'; name: string }
  | Shipped
  | { kind: 'shipped' }
  | { kind: 'message' }
  | { kind: 'ask anyway' };

/** Gate of a closing; null without one. */
export function createGate(rule: AskAfter | undefined, message: boolean, since: number): Gate | null {
  const { label = null, release = null, milestone = null } = rule ?? {};
  const waits = [label, release, milestone].some((each) => each !== null);
  if (!waits && !message) return null;
  return { label, release, milestone, message, since, shippedAt: waits ? null : since, messageAt: null };
}

const same = (a: string | null, b: string) => a?.toLowerCase() === b.toLowerCase();

/** The gate after an event. The same object where the event changes nothing. */
export function updateGateByEvent(gate: Gate, event: GateEvent, at: number): Gate {
  const shipped =
    event.kind === 'shipped' ||
    event.kind === 'ask anyway' ||
    (event.kind === 'label' && same(gate.label, event.name)) ||
    (event.kind === 'release' && (gate.release === 'next' ? event.at >= gate.since : same(gate.release, event.name))) ||
    (event.kind === 'milestone' && same(gate.milestone, event.name));
  const written = gate.message && (event.kind === 'message' || event.kind === 'ask anyway');
  if (!(shipped && gate.shippedAt === null) && !(written && gate.messageAt === null)) return gate;
  return {
    ...gate,
    shippedAt: shipped ? (gate.shippedAt ?? at) : gate.shippedAt,
    messageAt: written ? (gate.messageAt ?? at) : gate.messageAt,
  };
}

/** Readable conditions of a closed gate, such as `label shipped or release next`; null when open. */
export function describeGateWait(gate: Gate): string | null {
  const shipping = [
    gate.label === null ? [] : [`label ${gate.label}`],
    gate.release === null ? [] : [gate.release === 'next' ? 'the next release' : `release ${gate.release}`],
    gate.milestone === null ? [] : [`milestone ${gate.milestone}`],
  ].flat();
  const waits = [
    ...(gate.shippedAt === null ? [shipping.join(' or ')] : []),
    ...(gate.message && gate.messageAt === null ? ['a personal message of the loop owner'] : []),
  ];
  return waits.length === 0 ? null : waits.join(' and ');
}

/** Instant at which the gate opened; null while closed. */
export function computeGateOpenedAt(gate: Gate): number | null {
  if (describeGateWait(gate) !== null) return null;
  return Math.max(gate.shippedAt ?? gate.since, gate.messageAt ?? gate.since);
}
