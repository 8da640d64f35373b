export * from './backoff.ts';
export * from './calendar.ts';
export * from './clock.ts';
export * from './duration.ts';
export * from './quiet-hours.ts';
export * from './time-text.ts';
export * from './units.ts';
