import { describe, expect, it } from 'vitest';
import { createSignedDelivery } from '#domain/integrations/survey-source.ts';
import { preset } from '#test/contracts/survey-harnesses.ts';

const signedJson = preset('json');
const asknicely = preset('asknicely');

const encoder = new TextEncoder();
const source = (proof: object, response: object = {}) =>
  signedJson.settings.parse({
    kind: 'json',
    secret: 'FEEDBACK_SECRET',
    proof,
    response: { id: 'id', answers: 'answers', ...response },
  });
const delivery = (text: string, headers: Record<string, string> = {}) => ({
  body: encoder.encode(text),
  headers,
  receivedAt: 0,
});
const read = (text: string, response: object, type = 'application/json') => {
  const parsed = signedJson.parse(delivery(text, { 'content-type': type }), source({ kind: 'bearer' }, response));
  if (parsed.kind !== 'response') throw new Error(parsed.kind);
  return parsed.response;
};

describe('a source of your own', () => {
  it('may be proven by a bearer token, which is not stored', async () => {
    const settings = source({ kind: 'bearer' });
    const given = delivery('{}', { authorization: 'Bearer s3cret', 'user-agent': 'x' });
    expect(await signedJson.verify(given, ['old', 's3cret'], 0, settings)).toBe(true);
    for (const authorization of ['s3cret', 'bearer s3cret', 'Bearer s3cret ', 'Basic s3cret'])
      expect(await signedJson.verify(delivery('{}', { authorization }), ['s3cret'], 0, settings)).toBe(false);
    expect(signedJson.redact?.(given, settings).headers).toEqual({ 'user-agent': 'x' });
  });

  it.each(['sha1', 'sha256', 'sha512'])('signs what it verifies, by %s in hex or base64', async (algorithm) => {
    for (const encoding of ['hex', 'base64']) {
      const settings = source({ kind: 'hmac', header: 'X-Hmac', algorithm, encoding, prefix: 't=' });
      const body = encoder.encode('{"a":1}');
      const { headers } = await createSignedDelivery(signedJson, body, 'k', { id: '', now: 0 }, settings);
      expect(headers['x-hmac']).toMatch(/^t=/);
      expect(await signedJson.verify({ body, headers, receivedAt: 0 }, ['k'], 0, settings)).toBe(true);
      const upper = { 'x-hmac': `t=${(headers['x-hmac'] ?? '').slice(2).toUpperCase()}` };
      expect(await signedJson.verify({ body, headers: upper, receivedAt: 0 }, ['k'], 0, settings)).toBe(false);
    }
  });

  it('is refused where nobody says how it is proven', async () => {
    expect(await signedJson.verify(delivery('{}', { authorization: 'Bearer k' }), ['k'], 0)).toBe(false);
  });

  it.each([
    ['application/x-www-form-urlencoded', 'id=7&HandshakeKey=s3%26cret&answers[ease]=3'],
    [
      'multipart/form-data; boundary=x',
      [
        ['id', '7'],
        ['HandshakeKey', 's3&cret'],
        ['answers[ease]', '3'],
      ]
        .map(([name, text]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`)
        .join('')
        .concat('--x--'),
    ],
    ['application/json', '{"id":7,"HandshakeKey":"s3&cret","answers":{"ease":3}}'],
  ])('may be proven by a field of its body as %s, which is not stored', async (type, text) => {
    const settings = source({ kind: 'field', field: 'HandshakeKey' });
    const given = delivery(text, { 'content-type': type });
    expect(await signedJson.verify(given, ['s3&cret'], 0, settings)).toBe(true);
    expect(await signedJson.verify(given, ['other'], 0, settings)).toBe(false);
    const stored = signedJson.redact?.(given, settings);
    expect(new TextDecoder().decode(stored?.body)).not.toMatch(/s3(&|%26)cret/);
    const parsed = stored && signedJson.parse(stored, settings);
    expect(parsed?.kind === 'response' && parsed.response).toMatchObject({ responseId: '7', answers: [{ value: 3 }] });
    const sent = await createSignedDelivery(
      signedJson,
      encoder.encode('id=7'),
      's3&cret',
      { id: '', now: 0 },
      settings,
    );
    expect(await signedJson.verify({ ...sent, receivedAt: 0 }, ['s3&cret'], 0, settings)).toBe(true);
  });

  it('nests what a form nests, keeps text, and takes scores for numbers', () => {
    const nested = read(
      'id=7&answers[ease]=10&answers.zip=01067&answers[phone]=1234567&who[id]=A&answers=too+late',
      {},
      'application/x-www-form-urlencoded; charset=utf-8',
    );
    expect(nested.hidden.get('who.id')).toBe('A');
    expect(nested.answers.map(({ question, value }) => [question.id, value])).toEqual([
      ['ease', 10],
      ['zip', '01067'],
      ['phone', '1234567'],
    ]);
  });

  it('is partial or a test where the mapping says', () => {
    const mapping = { partial: { state: ['open', 'half'] }, test: { mode: 'test' } };
    expect(read('{"id":1,"state":"half","answers":{}}', mapping).partial).toBe(true);
    expect(read('{"id":1,"state":"done","answers":{}}', mapping).partial).toBe(false);
    expect(() => read('{"mode":"test"}', mapping)).toThrow('test');
  });

  it('tells times without a zone in the one of the mapping', () => {
    const at = (zone: string) =>
      read('{"id":1,"at":"2026-11-20 10:00:00","answers":{}}', { 'submitted-at': 'at', 'time-zone': zone }).submittedAt;
    expect(at('UTC')).toBe(Date.UTC(2026, 10, 20, 10));
    expect(at('Europe/Berlin')).toBe(Date.UTC(2026, 10, 20, 9));
  });

  it('answers one by one, with types of its own', () => {
    const { answers } = read('{"id":1,"q":{"score":"9","mail":"x@y.example","none":""}}', {
      answers: [
        { id: 'nps', title: 'Likely?', at: 'q.score', type: 'number' },
        { at: 'q.mail', type: 'email' },
        { at: 'q.none', type: 'text' },
        { at: 'q.constructor', type: 'text' },
      ],
    });
    expect(answers).toEqual([
      { question: { id: 'nps', names: [], title: 'Likely?' }, type: 'number', value: 9, freeText: false },
      {
        question: { id: 'q.mail', names: [], title: '' },
        type: 'email',
        value: 'x@y.example',
        freeText: true,
      },
    ]);
  });
});

describe('a preset', () => {
  it('is data, of which a workspace may say a part otherwise', () => {
    const settings = asknicely.settings.parse({
      kind: 'asknicely',
      secret: 'ASKNICELY_SECRET',
      response: { form: 'person.survey' },
    });
    expect(settings.response).toMatchObject({ id: 'question.id', form: 'person.survey' });
    const wrong = asknicely.settings.safeParse({ kind: 'asknicely', secret: 'K', response: { colour: 'x' } });
    expect(wrong.success).toBe(false);
  });
});
