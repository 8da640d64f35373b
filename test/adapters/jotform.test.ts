import { describe, expect, it } from 'vitest';
import { jotform } from '#adapters/surveys/jotform/definition.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import { apiOver, readFixtures, receivedAt } from '#test/contracts/survey-fixtures.ts';

const bare = { kind: 'jotform', secret: 'JOTFORM_SECRET', token: 'JOTFORM_KEY' };
const settings = jotform.settings.parse(bare);
const secret = 'a secret of these tests';
const fixture = (name: string) => {
  const result = readFixtures('jotform').find((entry) => entry.name === name);
  if (!result) throw new Error(name);
  return result;
};
const submission = JSON.parse(new TextDecoder().decode(fixture('api-submission').body));

describe('Jotform', () => {
  it('repeats the secret of the address in the body, where it is not stored', () => {
    const { delivery } = fixture('scores-text-and-files');
    const text = (body: Uint8Array) =>
      decodeURIComponent(new TextDecoder().decode(body).replace(/%(?![0-9a-f]{2})/gi, ''));
    expect(text(delivery.body)).toContain(secret);
    const stored = jotform.redact?.({ ...delivery, query: { secret } }, settings);
    expect(stored).not.toHaveProperty('query');
    expect(text(stored?.body ?? new Uint8Array())).not.toContain(secret);
    expect(new TextDecoder().decode(stored?.body)).toContain('name="webhookURL"\r\n\r\n\r\n');
    expect(jotform.parse({ ...delivery, body: stored?.body ?? delivery.body }, settings)).toEqual(
      jotform.parse(delivery, settings),
    );
  });

  it('is stored as it came where it is no form', () => {
    const body = new TextEncoder().encode('--x no form');
    expect(jotform.redact?.({ body, headers: {}, receivedAt }, settings).body).toEqual(body);
  });

  it('is read by its own first line, whatever its content type says', () => {
    const { delivery } = fixture('scores-text-and-files');
    expect(jotform.parse({ ...delivery, headers: {} }, settings)).toEqual(jotform.parse(delivery, settings));
  });
});

describe("Jotform's API", () => {
  it('tells times in New York, or where the source says', async () => {
    const read = async (zone?: string) => {
      const given = jotform.settings.parse({ ...bare, ...(zone ? { 'time-zone': zone } : {}) });
      const { api } = apiOver(jotform, given, () => Response.json({ content: submission.content }));
      const page = await api.listResponses?.('1', 0, null);
      return new Date(page?.responses[0]?.submittedAt ?? 0).toISOString();
    };
    expect(await read()).toBe('2026-11-20T09:15:30.000Z');
    expect(await read('Europe/Berlin')).toBe('2026-11-20T03:15:30.000Z');
  });

  it('fails inside an answer of 200', async () => {
    const failing = (responseCode: number) =>
      apiOver(jotform, settings, () => Response.json({ responseCode, message: 'no' })).api;
    const refused = (responseCode: number) => expect(failing(responseCode).listResponses?.('1', 0, null)).rejects;
    await refused(401).toMatchObject({ code: 'auth', status: 401 });
    await refused(429).toBeInstanceOf(IntegrationError);
    await refused(404).toMatchObject({ code: 'rejected', status: 404 });
  });

  it('lists what was made since, and titles', async () => {
    const page = { responseCode: 200, content: Array.from({ length: 100 }, () => submission.content[0]) };
    const { api, asked } = apiOver(jotform, settings, () => Response.json(page));
    const responses = await api.listResponses?.('243', Date.UTC(2026, 10, 20, 9), '100');
    expect(responses?.next).toBe('200');
    expect(responses?.responses).toHaveLength(100);
    const query = new URL(asked[0]?.url ?? '').searchParams;
    expect(JSON.parse(query.get('filter') ?? '')).toEqual({ 'created_at:gt': '2026-11-20 03:59:59' });
    expect(query.get('offset')).toBe('100');
    expect(asked[0]?.headers.get('apikey')).toBe('the JOTFORM_KEY');

    const questions = apiOver(jotform, settings, () =>
      Response.json({
        responseCode: 200,
        content: { 3: { qid: '3', name: 'completed', text: 'Is it done?' } },
      }),
    );
    expect(await questions.api.fetchQuestions?.('243')).toEqual([
      { id: '3', names: ['completed', 'q3_completed'], title: 'Is it done?', choices: new Map() },
    ]);
  });

  it('is not asked without a key', () => {
    const { token: _, ...keyless } = bare;
    expect(() => apiOver(jotform, jotform.settings.parse(keyless), () => new Response())).toThrow('no API');
  });
});
