export * from './attribute-views.tsx';
export * from './case-display.ts';
export * from './forms.tsx';
export * from './layout.tsx';
export * from './lists.tsx';
export * from './parts.tsx';
export * from './visit.ts';
