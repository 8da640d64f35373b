export * as basics from './basics/index.ts';
export * from './core.ts';
export * as store from './store/index.ts';
