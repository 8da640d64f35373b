import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formbricks } from '#adapters/surveys/formbricks/definition.ts';
import { googleForms } from '#adapters/surveys/google-forms/definition.ts';
import { toIncomingResponse as fromQualtrics, QualtricsResponse } from '#adapters/surveys/qualtrics/definition.ts';
import {
  toIncomingResponse as fromSurveyMonkey,
  SurveyMonkeyResponse,
} from '#adapters/surveys/surveymonkey/definition.ts';
import { tally } from '#adapters/surveys/tally/definition.ts';
import { typeform } from '#adapters/surveys/typeform/definition.ts';
import type { IncomingResponse, ParsedDelivery } from '#domain/integrations/survey-source.ts';
import { readRespondentField, toSurveyResponse } from '#domain/responses/response.ts';

/* Each tool returns the case token of a link unchanged, in the place that docs/asking-customers.md names. */

const token = 'acme-tour.f_0123456789abcdef01234567.89abcdef0123456789abcdef01234567';
const fixture = (path: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/survey/${path}`, import.meta.url), 'utf8'));
const base = { questions: { token: '20' }, respondent: {}, paused: false };

function answered(parsed: ParsedDelivery): IncomingResponse {
  if (parsed.kind !== 'response') throw new Error(`read as ${parsed.kind}`);
  return parsed.response;
}

const delivered = (json: unknown) => ({
  body: new TextEncoder().encode(JSON.stringify(json)),
  headers: { 'content-type': 'application/json' },
  receivedAt: 0,
});

const tools: Record<string, { at: string; read: () => IncomingResponse }> = {
  Typeform: {
    at: 'hidden.case',
    read() {
      const json = fixture('typeform/every-answer-type.json');
      json.form_response.hidden = { ...json.form_response.hidden, case: token };
      return answered(typeform.parse(delivered(json), { ...base, kind: 'typeform', secret: 'S' } as never));
    },
  },
  Tally: {
    at: 'hidden.case',
    read() {
      const json = fixture('tally/every-field-type.json');
      json.data.fields.push({ key: 'question_case', label: 'case', type: 'HIDDEN_FIELDS', value: token });
      return answered(tally.parse(delivered(json), { ...base, kind: 'tally', secret: 'S' } as never));
    },
  },
  Formbricks: {
    at: 'hidden.case',
    read() {
      const json = fixture('formbricks/finished.json');
      json.data.data.case = token;
      return answered(formbricks.parse(delivered(json), { ...base, kind: 'formbricks', secret: 'S' } as never));
    },
  },
  SurveyMonkey: {
    at: 'hidden.case',
    read() {
      const json = fixture('surveymonkey/api-simple-texts.json');
      json.custom_variables = { ...json.custom_variables, case: token };
      return fromSurveyMonkey(SurveyMonkeyResponse.parse(json));
    },
  },
  Qualtrics: {
    at: 'hidden.case',
    read() {
      const json = fixture('qualtrics/api-nps-other-embedded.json');
      const result = json.result ?? json;
      result.values.case = token;
      return fromQualtrics('SV_1', QualtricsResponse.parse(result));
    },
  },
  'Google Forms': {
    at: 'token',
    read() {
      const json = fixture('google-forms/form-bound-script.json');
      const item = json.items.find(({ id }: { id: unknown }) => String(id) === '20');
      item.value = token;
      return answered(googleForms.parse(delivered(json), { ...base, kind: 'google-forms', secret: 'S' } as never));
    },
  },
};

describe('the case token', () => {
  it.each(Object.entries(tools))('comes back from %s', (_, { at, read }) => {
    const incoming = read();
    const { answers } = toSurveyResponse('form', base, incoming);
    expect(readRespondentField(at, incoming, answers)).toBe(token);
  });
});
