export { dayMs as day, hourMs as hour, minuteMs as minute, secondMs as second } from '#domain/time/units.ts';

/** A Monday, 09:00 in Berlin, where every workspace under test begins. */
export const start = Date.UTC(2026, 10, 23, 8);
