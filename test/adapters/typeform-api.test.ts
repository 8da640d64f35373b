import { describe, expect, it } from 'vitest';
import { typeform } from '#adapters/surveys/typeform/definition.ts';
import { apiOver, readFixtures } from '#test/contracts/survey-fixtures.ts';

const settings = typeform.settings.parse({ kind: 'typeform', secret: 'TF_SECRET', token: 'TF_TOKEN' });
const fixture = readFixtures('typeform').find(({ name }) => name === 'every-answer-type');
const delivered = fixture && typeform.parse(fixture.delivery, settings);
const { form_response } = JSON.parse(new TextDecoder().decode(fixture?.body)) as {
  form_response: Record<string, unknown>;
};
/** The Responses API returns the same fields without the enclosing form. */
const { definition: _, form_id: form, ...item } = form_response;
const over = (items: unknown[]) => apiOver(typeform, settings, () => Response.json({ items }));

describe("Typeform's Responses API", () => {
  it('tells the response that was delivered, in the same state', async () => {
    const { api, asked } = over([item]);
    const [response] = (await api.listResponses?.(String(form), 0, null))?.responses ?? [];
    if (delivered?.kind !== 'response') throw new Error('no response');
    const { responseId, revision, submittedAt, answers } = delivered.response;
    expect(response).toMatchObject({ responseId, revision, submittedAt, partial: false });
    expect(response?.answers.map(({ type, value, freeText }) => [type, value, freeText])).toEqual(
      answers.map(({ type, value, freeText }) => [type, value, freeText]),
    );
    expect(asked[0]?.headers.get('authorization')).toBe('Bearer the TF_TOKEN');
  });

  it('is listed oldest first, then after the last token', async () => {
    const items = Array.from({ length: 500 }, (_, index) => ({ ...item, token: `t-${index}` }));
    const first = over(items);
    const page = await first.api.listResponses?.('f', Date.UTC(2026, 10, 20, 9, 0, 0, 900), null);
    expect(page?.next).toBe('t-499');
    const query = Object.fromEntries(new URL(first.asked[0]?.url ?? '').searchParams);
    expect(query).toEqual({ page_size: '500', since: '2026-11-20T09:00:00', sort: 'submitted_at,asc' });
    const last = over([item]);
    expect((await last.api.listResponses?.('f', 0, 't-499'))?.next).toBeNull();
    expect(Object.fromEntries(new URL(last.asked[0]?.url ?? '').searchParams)).toEqual({
      page_size: '500',
      after: 't-499',
    });
  });

  it('describes questions with readable titles and choices', async () => {
    const row = { id: 'speed', title: 'Speed', properties: { choices: [{ id: 'bad', label: 'Bad' }] } };
    const matrix = { id: 'rate', type: 'matrix', title: 'Rate us', properties: { fields: [row] } };
    const group = { id: 'group', type: 'contact_info', properties: { fields: [matrix] } };
    const { api } = apiOver(typeform, settings, () =>
      Response.json({
        fields: [
          {
            id: 'f1',
            ref: 'why',
            title: 'Hello {{field:name}}, *why*? (see _note_, snake_case)',
            properties: { choices: [{ id: 'c1', label: 'Time' }, null] },
          },
          { id: 'page', type: 'inline_group', properties: { fields: [group] } },
        ],
      }),
    );
    const described = await api.fetchQuestions?.('f');
    expect(described?.[0]).toEqual({
      id: 'f1',
      names: ['why'],
      title: 'Hello …, why? (see note, snake_case)',
      choices: new Map([['c1', 'Time']]),
    });
    expect(described?.slice(3).map(({ id, title, choices }) => [id, title, [...choices]])).toEqual([
      ['rate', 'Rate us', []],
      ['speed', 'Rate us [Speed]', [['bad', 'Bad']]],
    ]);
  });
});
