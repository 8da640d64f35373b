/** Milliseconds of one second, minute, hour, day (24 hours), and week. */
export const secondMs = 1000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
export const weekMs = 7 * dayMs;

/** An instant in UTC milliseconds as ISO 8601 text. */
export const toIsoText = (at: number): string => new Date(at).toISOString();

/** The same for an instant that may be missing. */
export const toIsoTextOrNull = (at: number | null): string | null => (at === null ? null : toIsoText(at));
