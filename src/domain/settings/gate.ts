import * as z from 'zod';
import { Duration } from '../time/duration.ts';

/** What has to happen after a closing before its customers are asked, so that nobody is asked about a fix they lack. */
export const AskAfter = z.strictObject({
  /** Counted from the closing, or from the opening of the gate where there is one. */
  delay: Duration.optional(),
  /** A label on the issue. */
  label: z.string().min(1).optional(),
  /** The release with this name, or `next` for whichever comes first. */
  release: z.string().min(1).optional(),
  milestone: z.string().min(1).optional(),
  /** After this a person decides. */
  'longest-wait': Duration.optional(),
});
export type AskAfter = z.output<typeof AskAfter>;

/** What asking about one closing waits for. */
export interface Gate {
  label: string | null;
  release: string | null;
  milestone: string | null;
  /** Whether the loop owner has to write to the customer first. */
  message: boolean;
  since: number;
  /** When the fix reached the customer; null while it has not. */
  shippedAt: number | null;
  /** When the loop owner wrote. */
  messageAt: number | null;
}

/** A release or a milestone that is out. */
export interface Shipped {
  kind: 'release' | 'milestone';
  name: string;
  /** When, in UTC milliseconds. */
  at: number;
}

const shipping = new Map<string, Shipped['kind']>([
  ['release', 'release'],
  ['release.published', 'release'],
  ['milestone', 'milestone'],
  ['milestone.closed', 'milestone'],
  ['milestone.reached', 'milestone'],
]);

/** What an event of this name says is out; null for an event of another kind. */
export const shippedBy = (event: string): Shipped['kind'] | null => shipping.get(event.toLowerCase()) ?? null;

/** Something happened that may open a gate. */
export type GateEvent =
  | { kind: 'label'; name: string }
  | Shipped
  /** A person said that it reached the customer. */
  | { kind: 'shipped' }
  /** The loop owner wrote to the customer. */
  | { kind: 'message' }
  /** A person said to ask, whatever it waits for. */
  | { kind: 'ask anyway' };

/** The gate of a closing; null where nothing has to happen first. */
export function newGate(rule: AskAfter | undefined, message: boolean, since: number): Gate | null {
  const { label = null, release = null, milestone = null } = rule ?? {};
  if (label === null && release === null && milestone === null && !message) return null;
  const waits = label !== null || release !== null || milestone !== null;
  return { label, release, milestone, message, since, shippedAt: waits ? null : since, messageAt: null };
}

const same = (a: string | null, b: string) => a?.toLowerCase() === b.toLowerCase();

/** The gate after an event; the same object where the event says nothing to it. */
export function afterEvent(gate: Gate, event: GateEvent, at: number): Gate {
  const shipped =
    event.kind === 'shipped' ||
    event.kind === 'ask anyway' ||
    (event.kind === 'label' && same(gate.label, event.name)) ||
    (event.kind === 'release' &&
      (gate.release === 'next' ? event.at >= gate.since : same(gate.release, event.name))) ||
    (event.kind === 'milestone' && same(gate.milestone, event.name));
  const written = gate.message && (event.kind === 'message' || event.kind === 'ask anyway');
  if (!(shipped && gate.shippedAt === null) && !(written && gate.messageAt === null)) return gate;
  return {
    ...gate,
    shippedAt: shipped ? (gate.shippedAt ?? at) : gate.shippedAt,
    messageAt: written ? (gate.messageAt ?? at) : gate.messageAt,
  };
}

/** `label shipped or release next`, in words; null when the gate is open. */
export function waitsFor(gate: Gate): string | null {
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

/** When the last thing happened that it waited for; null while it waits. */
export function openedAt(gate: Gate): number | null {
  if (waitsFor(gate) !== null) return null;
  return Math.max(gate.shippedAt ?? gate.since, gate.messageAt ?? gate.since);
}
