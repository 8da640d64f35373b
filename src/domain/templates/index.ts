export * from './due.ts';
export * from './options.ts';
export * from './placement.ts';
export * from './survey.ts';
export * from './template.ts';
