export * from './case-json.ts';
export * from './intake-json.ts';
export * from './loop-json.ts';
export * from './mask.ts';
export * from './people-json.ts';
export * from './present.ts';
export * from './settings-json.ts';
