export * from '#domain/base/errors.ts';
export * from '#domain/base/key.ts';
export * from '#domain/cases/case-record.ts';
export * as port from '#domain/integrations/index.ts';
export * as json from '#domain/json/index.ts';
export * from '#domain/time/units.ts';
export * as basics from './basics/index.ts';
export type * from './core.ts';
export * as store from './store/index.ts';
