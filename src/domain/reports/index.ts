export * from './effect.ts';
export * from './figure.ts';
export * from './report.ts';
export * from './reported.ts';
export * from './risk.ts';
