/** A host takes at most `most` of a unit, such as requests or writes, within any `withinMs`. */
export interface Limit {
  unit: string;
  most: number;
  withinMs: number;
}

/** What one request costs. With `of` the unit is counted for that one thing, such as an issue, alone. */
interface Cost {
  unit: string;
  amount: number;
  of?: string;
}

/** What a host says is left of a unit until `resetsAt`, milliseconds UTC by its own clock. */
export interface Allowance {
  unit: string;
  remaining: number;
  resetsAt: number;
}

/** How fast one vendor may be called: data and two readers, part of its adapter's definition. */
export interface RateLimit {
  limits: Limit[];
  costOf(request: { method: string; url: string }): Cost[];
  /** What the vendor's headers tell of its limits; nothing where they tell nothing. */
  allowancesOf(headers: Headers): Allowance[];
}

/** Counts what one queue sends, and keeps back what would be more than its host takes. */
export interface Meter {
  /** Milliseconds that this request has to wait; 0 when it may go, and is counted as gone. */
  ask(request: { method: string; url: string }): number;
  /**
   * Takes in what an answer tells of limits.
   *
   * @param quietMs how long the host wants to hear nothing; null when it did not say
   */
  hear(headers: Headers, quietMs: number | null): void;
}

/** What was spent in one slot of a window; `at` is where the slot begins. */
export interface RateUsage {
  at: number;
  amount: number;
}

const slotsPerWindow = 60;

/** Windows slide by slots: so many rows are kept, whatever the traffic. */
export const slotMs = ({ withinMs }: Limit): number => Math.ceil(withinMs / slotsPerWindow);

export const slotOf = (limit: Limit, now: number): number => now - (now % slotMs(limit));

/**
 * Milliseconds until `amount` more fits under the limit; 0 when it fits now. A slot counts until its very end has
 * left the window, so that the host, whose windows begin elsewhere, never counts more than we do.
 */
export function waitFor(limit: Limit, usage: RateUsage[], amount: number, now: number): number {
  const counts = ({ at }: RateUsage) => at + slotMs(limit) + limit.withinMs;
  // What a clock that went back has left in the future says nothing about now.
  const counted = usage.filter((slot) => slot.at <= now && counts(slot) > now).sort((a, b) => a.at - b.at);
  let over = counted.reduce((sum, slot) => sum + slot.amount, 0) + Math.min(amount, limit.most) - limit.most;
  let until = now;
  for (const slot of counted) {
    if (over <= 0) break;
    over -= slot.amount;
    until = counts(slot);
  }
  return until - now;
}

/** Milliseconds until the host has reset what it says is used up; 0 while something is left. */
export function waitForReset({ remaining, resetsAt }: Allowance, amount: number, now: number): number {
  return remaining >= amount ? 0 : Math.max(0, resetsAt - now);
}
