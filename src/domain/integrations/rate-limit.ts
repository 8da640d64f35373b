/** At most `most` of a unit, such as requests or writes, within any `withinMs`. */
export type Limit = { unit: string; most: number; windowMs: number };

/** Nine tenths of a limit, because people and other programs of the account need the rest. */
export const leaveRoom = (limits: Limit[]): Limit[] =>
  limits.map((limit) => ({ ...limit, most: Math.max(1, Math.floor(limit.most * 0.9)) }));

/** Cost of one request. With `of`, the unit is counted for that one resource, such as an issue. */
type Cost = { unit: string; amount: number; of?: string };

/** What remains of a unit until `resetsAt`, in UTC milliseconds of the host's clock, as the host reports it. */
export type Allowance = { unit: string; remaining: number; resetsAt: number };

export interface RateLimit {
  limits: Limit[];
  costOf(request: { method: string; url: string }): Cost[];
  readAllowances(headers: Headers): Allowance[];
  /** Whether a refusal tells of a limit by its words alone; left out where a status or a header always does. */
  reportsLimit?(status: number, text: string): boolean;
}

export interface Meter {
  /** Wait for a request, in milliseconds; 0 lets it go and counts it. */
  ask(request: { method: string; url: string }): number;
  /** Records the limits that an answer reports, and the wait that the host asked for. */
  recordReportedLimits(headers: Headers, requestedWaitMs: number | null): void;
}

/** Usage in one slot of a window, which begins at `at`. */
export type SlotUsage = { at: number; amount: number };

const slotsPerWindow = 60;

/** Windows slide by slots, which bounds the number of rows whatever the traffic. */
export const slotMs = ({ windowMs }: Limit): number => Math.ceil(windowMs / slotsPerWindow);

export const slotOf = (limit: Limit, now: number): number => now - (now % slotMs(limit));

/** Milliseconds until `amount` fits; a slot counts to its very end, so that no host counts more than Caselite. */
export function computeUsageWaitMs(limit: Limit, usage: SlotUsage[], amount: number, now: number): number {
  const counts = ({ at }: SlotUsage) => at + slotMs(limit) + limit.windowMs;
  // Slots in the future, left by a clock that was set back, do not count.
  const counted = usage.filter((slot) => slot.at <= now).sort((a, b) => a.at - b.at);
  let over = counted.reduce((sum, slot) => sum + slot.amount, 0) + Math.min(amount, limit.most) - limit.most;
  let until = now;
  for (const slot of counted) {
    if (over <= 0) break;
    over -= slot.amount;
    until = counts(slot);
  }
  return Math.max(0, until - now);
}

/** Time until the last of `count` calls fits under the limit, in milliseconds. */
export function estimateLastCallMs(limit: Limit, usage: SlotUsage[], count: number, now: number): number {
  const fullWindows = Math.floor((count - 1) / limit.most);
  return computeUsageWaitMs(limit, usage, count - fullWindows * limit.most, now) + fullWindows * limit.windowMs;
}

/** Wait until the host resets a used-up unit, in milliseconds; 0 while something remains. */
export const computeResetWaitMs = ({ remaining, resetsAt }: Allowance, amount: number, now: number): number =>
  remaining >= amount ? 0 : Math.max(0, resetsAt - now);
