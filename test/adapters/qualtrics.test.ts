import { describe, expect, it } from 'vitest';
import { qualtrics } from '#adapters/surveys/qualtrics/definition.ts';
import { apiOver, readFixtures, receivedAt } from '#test/contracts/survey-fixtures.ts';

const bare = { kind: 'qualtrics', secret: 'QUALTRICS_KEY', token: 'QUALTRICS_TOKEN' };
const settings = qualtrics.settings.parse(bare);
const behindGateway = qualtrics.settings.parse({ ...bare, header: 'X-Caselite-Secret' });
const body = readFixtures('qualtrics').find(({ name }) => name === 'plain-without-shared-key')?.body;
const delivery = { body: body ?? new Uint8Array(), headers: {}, receivedAt };

describe("Qualtrics' event without a shared key", () => {
  it('is refused, whatever it carries', async () => {
    const odd: Record<string, string>[] = [{}, { 'x-caselite-secret': 'k' }, { hmac: 'k' }];
    for (const headers of odd)
      expect(await qualtrics.verify({ ...delivery, headers }, ['k'], receivedAt, settings)).toBe(false);
  });

  it('is taken by a header where the source says so, which is then not stored', async () => {
    const given = { ...delivery, headers: { 'x-caselite-secret': 'k' } };
    expect(await qualtrics.verify(given, ['old', 'k'], receivedAt, behindGateway)).toBe(true);
    expect(await qualtrics.verify(given, ['old'], receivedAt, behindGateway)).toBe(false);
    expect(await qualtrics.verify(delivery, ['k'], receivedAt, behindGateway)).toBe(false);
    expect(qualtrics.redact?.(given, behindGateway).headers).toEqual({});
  });

  it('may not name a header that deliveries are not kept with', () => {
    const named = qualtrics.settings.safeParse({ ...bare, header: 'X-Colour' });
    expect(named.error?.issues[0]?.message).toMatch(/is not kept/);
  });
});

describe("Qualtrics' API", () => {
  it('is asked by survey and response', async () => {
    const { api, asked } = apiOver(qualtrics, settings, () => new Response(null, { status: 404 }));
    expect(await api.fetchResponse?.({ form: 'SV_1', responseId: 'R_1', revision: 0 })).toBeNull();
    expect(asked[0]?.url).toBe('https://api.vendor.test/API/v3/surveys/SV_1/responses/R_1');
    expect(asked[0]?.headers.get('x-api-token')).toBe('the QUALTRICS_TOKEN');
  });

  it('describes text, choices with other, and each row of a matrix', async () => {
    const { api } = apiOver(qualtrics, settings, () =>
      Response.json({
        result: {
          Questions: {
            QID1: { QuestionText: '<p>A wish?</p>', DataExportTag: 'wish', QuestionType: 'TE', Choices: [] },
            QID2: {
              QuestionText: 'Which?',
              DataExportTag: 'Q2',
              QuestionType: 'MC',
              Choices: { 4: { Display: 'Other' } },
            },
            QID3: {
              QuestionText: 'How was…',
              QuestionType: 'Matrix',
              Choices: { 1: { Display: 'Guide' } },
              Answers: { 2: { Display: 'Good' } },
            },
          },
        },
      }),
    );
    const questions = await api.fetchQuestions?.('SV_1');
    expect(questions?.map(({ id, names, title }) => [id, names, title])).toEqual([
      ['QID1_TEXT', ['QID1', 'wish'], 'A wish?'],
      ['QID2', ['Q2'], 'Which?'],
      ['QID2_4_TEXT', ['Q2_4_TEXT'], 'Which? [Other]'],
      ['QID3_1', [], 'How was… [Guide]'],
    ]);
    expect(questions?.at(-1)?.choices).toEqual(new Map([['2', 'Good']]));
  });
});
