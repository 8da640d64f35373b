import { describe, expect, it } from 'vitest';
import { registry } from '#adapters/index.ts';
import { surveyRigs } from './survey-harnesses.ts';
import { describeSurveySource } from './survey-source.ts';

describe('the survey tools', () => {
  it('all meet the contract', () => {
    expect(surveyRigs.map(({ kind }) => kind).sort()).toEqual(registry.surveys.map(({ kind }) => kind).sort());
  });
});

for (const { harness } of surveyRigs) describeSurveySource(harness);
