import { describe, expect, it } from 'vitest';
import { surveymonkey } from '#adapters/surveys/surveymonkey/definition.ts';
import { apiOver, readFixtures, receivedAt } from '#test/contracts/survey-fixtures.ts';

const settings = surveymonkey.settings.parse({
  kind: 'surveymonkey',
  secret: 'SM_SECRET',
  token: 'SM_TOKEN',
});
const answer = (name: string): object =>
  JSON.parse(
    new TextDecoder().decode(readFixtures('surveymonkey').find((fixture) => fixture.name === `api-${name}`)?.body),
  );
const over = (json: unknown) => apiOver(surveymonkey, settings, () => Response.json(json));

describe('SurveyMonkey', () => {
  it('is asked for texts, with the token, by survey and response', async () => {
    const { api, asked } = over(answer('simple-texts'));
    await api.fetchResponse?.({ form: '105724755', responseId: '5007154402', revision: 0 });
    expect(asked[0]?.url).toBe('https://api.vendor.test/v3/surveys/105724755/responses/5007154402/details?simple=true');
    expect(asked[0]?.headers.get('authorization')).toBe('bearer the SM_TOKEN');
  });

  it('lists what changed since, a page at a time, without previews', async () => {
    const data = [answer('answer-shapes'), answer('preview')];
    const { api, asked } = over({ data, page: 1, links: { next: 'https://api.surveymonkey.com/v3/…' } });
    const page = await api.listResponses?.('105724755', Date.UTC(2026, 10, 20, 9), null);
    expect(page?.responses.map(({ responseId }) => responseId)).toEqual(['5007154402']);
    expect(page?.next).toBe('2');
    const query = new URL(asked[0]?.url ?? '').searchParams;
    expect(query.get('start_modified_at')).toBe('2026-11-20T09:00:00');
    expect(query.get('sort_by')).toBe('date_modified');
    const last = over({ data, links: {} });
    expect((await last.api.listResponses?.('105724755', 0, '2'))?.next).toBeNull();
    expect(new URL(last.asked[0]?.url ?? '').searchParams.get('page')).toBe('2');
  });

  it('says how long a spent limit lasts', async () => {
    const limited = async (headers: Record<string, string>) => {
      const { api, asked } = apiOver(surveymonkey, settings, () => new Response('{}', { status: 429, headers }));
      const error = await api.fetchQuestions?.('1').catch((thrown: unknown) => thrown);
      expect(asked).toHaveLength(1);
      expect(error).toMatchObject({ code: 'rate-limited' });
      return (error as { retryAfterMs: number }).retryAfterMs;
    };
    const minute = { 'X-Ratelimit-App-Global-Minute-Reset': '42' };
    const day = { 'X-Ratelimit-App-Global-Day-Remaining': '0', 'X-Ratelimit-App-Global-Day-Reset': '30000' };
    expect(await limited(minute)).toBe(43_000);
    expect(await limited({ ...minute, ...day })).toBe(30_001_000);
    expect(await limited({})).toBe(60_000);
  });

  it('describes questions, their rows and choices', async () => {
    const { api } = over({
      pages: [
        {
          questions: [
            {
              id: 'q1',
              headings: [{ heading: '<b>How was…</b>' }],
              answers: {
                rows: [{ id: 'r1', text: 'The guide' }],
                choices: [{ id: 'c1', text: 'Good &amp; short' }],
                other: { id: 'o1', text: 'Other' },
              },
            },
          ],
        },
      ],
    });
    const choices = new Map([
      ['c1', 'Good & short'],
      ['o1', 'Other'],
    ]);
    expect(await api.fetchQuestions?.('1')).toEqual([
      { id: 'q1', names: [], title: 'How was…', choices },
      { id: 'q1.r1', names: [], title: 'How was… [The guide]', choices },
    ]);
  });

  it('names a finished response after every part of it', () => {
    const event = (event_type: string) =>
      surveymonkey.parse(
        {
          body: new TextEncoder().encode(
            JSON.stringify({
              event_type,
              object_type: 'response',
              object_id: 9007199254740993n.toString(),
              event_datetime: '2026-11-20T21:56:31.182613+00:00',
              resources: { survey_id: '1' },
            }).replace('"9007199254740993"', '9007199254740993'),
          ),
          headers: {},
          receivedAt,
        },
        settings,
      );
    const [part, whole] = [event('response_updated'), event('response_completed')];
    if (part.kind !== 'reference' || whole.kind !== 'reference') throw new Error('no reference');
    expect(whole.reference.revision).toBeGreaterThan(part.reference.revision);
    expect(whole.reference.responseId).toBe('9007199254740993');
  });
});
