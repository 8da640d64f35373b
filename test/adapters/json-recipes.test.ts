import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { presets } from '#adapters/surveys/presets.ts';

/* Recipes of docs/survey-tools.md, each read as it stands there against a body of the vendor's documented shape. */

const document = readFileSync('docs/survey-tools.md', 'utf8');
const recipe = (name: string) => {
  const block = new RegExp(`# ${name}\\n([^]*?)\\n\`\`\``).exec(document)?.[1] ?? '';
  return Object.values(parse(block) as Record<string, object>)[0];
};
const json = presets.find(({ kind }) => kind === 'json');

function read(name: string, body: object) {
  if (!json) throw new Error('there is no kind json');
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const raw = { body: bytes, headers: { 'content-type': 'application/json' }, receivedAt: 0 };
  const parsed = json.parse(raw, json.settings.parse(recipe(name)));
  if (parsed.kind !== 'response') throw new Error(`no response: ${JSON.stringify(parsed)}`);
  return parsed.response;
}

describe('a recipe over json (issue 13, item 4)', () => {
  it('reads Fillout', () => {
    const response = read('Fillout', {
      submissionId: 'abc',
      submissionTime: '2026-11-20T08:00:00.000Z',
      lastUpdatedAt: '2026-11-20T08:00:00.000Z',
      questions: [
        { id: 'q1', name: 'How likely?', type: 'OpinionScale', value: 2 },
        { id: 'q2', name: 'Why?', type: 'LongAnswer', value: 'slow' },
        { id: 'q3', name: 'Unanswered', type: 'ShortAnswer', value: null },
      ],
      calculations: [],
      urlParameters: [{ id: 'customer', name: 'customer', value: 'k-1' }],
      quiz: {},
      documents: [],
    });
    expect(response.responseId).toBe('abc');
    expect(response.answers.map(({ question, value }) => [question.id, question.title, value])).toEqual([
      ['q1', 'How likely?', 2],
      ['q2', 'Why?', 'slow'],
    ]);
  });

  it('reads a Medallia webhook whose body is written as the recipe says', () => {
    const response = read('Medallia', {
      surveyId: 4711,
      survey: 'relationship',
      completed: '2026-11-20T08:00:00Z',
      customer: { id: 'k-1', email: 'ines@customer.example' },
      answers: { likelihood_to_recommend: 3, comment: 'late' },
    });
    expect(response).toMatchObject({ responseId: '4711', form: 'relationship' });
    expect(response.answers.map(({ question, value }) => [question.id, value])).toEqual([
      ['likelihood_to_recommend', 3],
      ['comment', 'late'],
    ]);
  });
});
