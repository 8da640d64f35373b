/* What the core asks of the world as one module. */

export * from './case-event.ts';
export * from './incoming-response.ts';
export * from './integrations.ts';
export * from './issue.ts';
export * from './issue-trouble.ts';
export * from './mailer.ts';
export * from './rate-limit.ts';
export * from './survey-source.ts';
export * from './tracker.ts';
export * from './tracker-definition.ts';
export * from './tracker-state.ts';
