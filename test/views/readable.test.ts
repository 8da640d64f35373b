import { expect, it } from 'vitest';
import { readable } from '#src/views/case-display.ts';
import { nameOfTemplate } from '#src/views/visit.ts';

it('keeps the hyphens of words that people wrote', () => {
  expect(
    ['upgrade-not-installed', 'known-gap', 'At-risk customer', 'Follow-Up', 'price or contract'].map(readable),
  ).toEqual(['Upgrade not installed', 'Known gap', 'At-risk customer', 'Follow-Up', 'Price or contract']);
});

it('names a template as its file does, and one that is gone by its key', () => {
  const visit = { templates: { 'low-nps': 'Low NPS' } };
  expect(['low-nps', 'no-longer-there'].map((template) => nameOfTemplate(visit, template))).toEqual([
    'Low NPS',
    'No longer there',
  ]);
});
