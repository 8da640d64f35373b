import { describe, expect, it } from 'vitest';
import { formbricks } from '#adapters/surveys/formbricks/definition.ts';
import { apiOver, readFixtures } from '#test/contracts/survey-fixtures.ts';

const settings = formbricks.settings.parse({ kind: 'formbricks', secret: 'FB_SECRET', token: 'FB_KEY' });
const parse = (name: string) => {
  const result = readFixtures('formbricks').find((fixture) => fixture.name === name);
  if (!result) throw new Error(name);
  const parsed = formbricks.parse(result.delivery, settings);
  if (parsed.kind !== 'response') throw new Error('no response');
  return parsed.response;
};

describe('Formbricks', () => {
  it('tells one response three times, each later than the one before', () => {
    const told = ['created', 'updated-partial', 'finished'].map(parse);
    expect(new Set(told.map(({ responseId }) => responseId)).size).toBe(1);
    const [first = 0, second = 0, third = 0] = told.map(({ revision }) => revision);
    expect(first).toBeLessThan(second);
    expect(second).toBeLessThan(third);
    expect(told.map(({ partial }) => partial)).toEqual([true, true, false]);
  });

  it('describes titles, choices and rows, in whichever shape a version has', async () => {
    const { api, asked } = apiOver(formbricks, settings, () =>
      Response.json({
        data: {
          questions: [
            {
              id: 'completed',
              headline: { default: 'Is the <b>upgrade</b> complete?' },
              choices: [{ id: 'c1', label: { default: 'Yes' } }],
            },
            {
              id: 'aspects',
              headline: 'How was…',
              rows: [{ default: 'Guide' }, { label: { default: 'Price' } }],
            },
          ],
        },
      }),
    );
    const questions = await api.fetchQuestions?.('srv1');
    expect(questions?.map(({ id, title }) => [id, title])).toEqual([
      ['completed', 'Is the upgrade complete?'],
      ['aspects', 'How was…'],
      ['aspects.Guide', 'How was… [Guide]'],
      ['aspects.Price', 'How was… [Price]'],
    ]);
    expect(questions?.[0]?.choices).toEqual(new Map([['c1', 'Yes']]));
    expect(asked[0]?.url).toBe('https://api.vendor.test/api/v1/management/surveys/srv1');
    expect(asked[0]?.headers.get('x-api-key')).toBe('the FB_KEY');
  });

  it('lists what changed since, however old it is', async () => {
    const entry = (id: string, updatedAt: string) => ({
      id,
      surveyId: 'srv1',
      createdAt: '2026-01-01T00:00:00Z',
      updatedAt,
      data: {},
    });
    const data = [entry('new', '2026-11-20T00:00:00Z'), entry('old', '2026-02-01T00:00:00Z')];
    const { api } = apiOver(formbricks, settings, () => Response.json({ data }));
    const page = await api.listResponses?.('srv1', Date.UTC(2026, 10, 1), null);
    expect(page?.responses.map(({ responseId }) => responseId)).toEqual(['new']);
    expect(page?.next).toBeNull();
  });
});
