import { describe, expect, it } from 'vitest';
import { registry } from '#adapters/index.ts';
import { emulateFormbricks } from '#adapters/surveys/formbricks/emulator.ts';
import { emulateJotform } from '#adapters/surveys/jotform/emulator.ts';
import { emulateQualtrics } from '#adapters/surveys/qualtrics/emulator.ts';
import { emulateSurveyMonkey } from '#adapters/surveys/surveymonkey/emulator.ts';
import { emulateTally } from '#adapters/surveys/tally/emulator.ts';
import { emulateTypeform } from '#adapters/surveys/typeform/emulator.ts';
import type { SurveySourceDefinition } from '#domain/integrations/survey-source.ts';
import type { SourceSettings } from '#domain/settings/workspace-file.ts';
import { describeSurveyApi, type SurveyApiStand } from './survey-api.ts';

function definitionOf(kind: string): SurveySourceDefinition<SourceSettings> {
  const result = registry.surveys.find((survey) => survey.kind === kind);
  if (!result) throw new Error(`no survey tool of kind ${kind}`);
  return result as SurveySourceDefinition<{
    kind: string;
  }> as unknown as SurveySourceDefinition<SourceSettings>;
}

const token = 'the token of these tests';
const common = { secret: token, wrongSecret: 'another token', token };
const settingsOf = (kind: string) => ({ kind, secret: 'DELIVERY_SECRET', token: 'API_TOKEN_OF_TOOL' });

const trackerHarnesses: SurveyApiStand[] = [
  {
    ...common,
    definition: definitionOf('typeform'),
    emulate: emulateTypeform,
    settings: settingsOf('typeform'),
    questions: ['q-score', 'q-words'],
    listsEdits: false,
    marksTrials: false,
  },
  {
    ...common,
    definition: definitionOf('tally'),
    emulate: emulateTally,
    settings: settingsOf('tally'),
    questions: ['question_Sc0re', 'question_W0rds'],
    listsEdits: false,
    marksTrials: false,
  },
  {
    ...common,
    definition: definitionOf('formbricks'),
    emulate: emulateFormbricks,
    settings: settingsOf('formbricks'),
    questions: ['score', 'words'],
    listsEdits: true,
    marksTrials: false,
  },
  {
    ...common,
    definition: definitionOf('surveymonkey'),
    emulate: emulateSurveyMonkey,
    settings: settingsOf('surveymonkey'),
    questions: ['101', '102'],
    listsEdits: true,
    marksTrials: true,
  },
  {
    ...common,
    definition: definitionOf('qualtrics'),
    emulate: emulateQualtrics,
    settings: settingsOf('qualtrics'),
    questions: ['QID1', 'QID2_TEXT'],
    listsEdits: false,
    marksTrials: true,
  },
  {
    ...common,
    definition: definitionOf('jotform'),
    emulate: emulateJotform,
    settings: settingsOf('jotform'),
    questions: ['3', '4'],
    listsEdits: false,
    marksTrials: false,
  },
];

describe('the APIs of survey tools', () => {
  it('all meet the contract', () => {
    const withApi = registry.surveys.filter(({ api }) => api !== undefined).map(({ kind }) => kind);
    expect(trackerHarnesses.map(({ definition }) => definition.kind).sort()).toEqual(withApi.sort());
  });
});

for (const stand of trackerHarnesses) describeSurveyApi(stand);
