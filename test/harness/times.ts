export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** A Monday, 09:00 in Berlin, where every workspace under test begins. */
export const start = Date.UTC(2026, 10, 23, 8);
