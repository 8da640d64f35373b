export * from './case-address.ts';
export * from './case-events.ts';
export * from './case-operation.ts';
export * from './closing-explanation.ts';
export * from './draft-issue.ts';
export * from './person.ts';
export * from './render-wording.ts';
