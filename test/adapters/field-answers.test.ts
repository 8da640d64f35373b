import { describe, expect, it } from 'vitest';
import { registry } from '#adapters/index.ts';

/* Answers as survey tools really send them. Numbers are those of the findings. */

function read(kind: string, body: string | object, more: object = {}, type = 'application/json') {
  const definition = registry.surveys.find((survey) => survey.kind === kind);
  if (!definition) throw new Error(`no survey tool ${kind}`);
  const settings = definition.settings.parse({ kind, secret: 'A_SECRET', ...more });
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const delivery = { body: new TextEncoder().encode(text), headers: { 'content-type': type }, receivedAt: 1000 };
  const parsed = definition.parse(delivery, settings);
  if (parsed.kind !== 'response') throw new Error(parsed.kind);
  return parsed.response;
}

const answers = (...given: Parameters<typeof read>) =>
  read(...given).answers.map(({ question, type, value }) => [question.title || question.id, type, value]);

const typeform = (given: string) =>
  `{"event_type":"form_response","form_response":{"form_id":"f","token":"t","submitted_at":"2026-11-20T08:00:00Z","answers":[${given}]}}`;
const nps = '{"type":"number","number":2,"field":{"id":"nps","type":"nps"}}';
const proof = { proof: { kind: 'bearer' } };

describe('finding 11: an odd optional field', () => {
  it.each([
    ['"type":"number","number":12345678901234567890', ['other', '12345678901234567890']],
    ['"type":"number","number":"8.5"', ['number', 8.5]],
    ['"type":"payment","payment":{"amount":1299,"name":"x"}', ['other', '1299']],
    ['"type":"boolean","boolean":"maybe"', ['other', 'maybe']],
    ['"type":"choices","choices":{"labels":["A",7]}', ['choices', ['A', '7']]],
    ['"type":"choice","choice":"North"', ['other', 'North']],
    ['"type":"calendly","calendly":{"url":"https://c.test","at":9}', ['other', 'url: https://c.test; at: 9']],
  ])('leaves a Typeform response usable, and is kept: %s', (given, expected) => {
    const odd = `{${given},"field":{"id":"odd","type":"short_text","ref":5}}`;
    expect(answers('typeform', typeform(`${nps},${odd}`))).toEqual([
      ['nps', 'number', 2],
      ['odd', ...expected],
    ]);
  });

  it('leaves an answer without a question readable', () => {
    expect(answers('typeform', typeform(`${nps},{"type":"text","text":"Lost"}`))[1]).toEqual([
      'answer-2',
      'other',
      'type: text; text: Lost',
    ]);
  });

  it('keeps a number of Tally beyond 2^53 in all its digits', () => {
    const field = '{"key":"k","label":"Number","type":"INPUT_NUMBER","value":12345678901234567890}';
    const body = `{"eventType":"FORM_RESPONSE","createdAt":"2026-11-20T08:00:00Z","data":{"responseId":"r","formId":"f","formName":7,"fields":[${field}]}}`;
    expect(answers('tally', body)).toEqual([['Number', 'number', '12345678901234567890']]);
  });

  it('sets no Formbricks response aside', () => {
    const odd = { finished: 'yes', meta: [], contact: 'x', person: 5, survey: null, language: 7, tags: 'x' };
    const data = { id: 'r', surveyId: 's', data: { nps: 2 }, ...odd };
    expect(answers('formbricks', { event: 'responseFinished', data })).toEqual([['nps', 'number', 2]]);
  });
});

describe('finding 13: what is answered', () => {
  const jotform = (raw: object) => {
    const texts = { formID: '7', submissionID: '9', rawRequest: JSON.stringify(raw) };
    const parts = Object.entries(texts).map(
      ([name, text]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`,
    );
    return answers('jotform', `${parts.join('')}--x--\r\n`, {}, 'multipart/form-data; boundary=x');
  };

  it('is kept of a Jotform payment, table and time', () => {
    const payment = { products: [{ productName: 'Blue', quantity: 1 }], totalInfo: { totalSum: 10 } };
    expect(jotform({ q4_payment: payment })).toEqual([
      ['4', 'other', 'products: productName: Blue; quantity: 1; totalInfo: totalSum: 10'],
    ]);
    expect(
      jotform({
        q5_table: [
          ['Good', 'Bad'],
          ['Poor', ''],
        ],
      }),
    ).toEqual([['5', 'choices', ['Good, Bad', 'Poor']]]);
    expect(jotform({ q6_time: { hourSelect: '8', minuteSelect: '30', ampm: 'AM' } })).toEqual([
      ['6', 'text', '8:30 AM'],
    ]);
    expect(jotform({ q6_time: { timeInput: '08:30', hourSelect: '08', minuteSelect: '30' } })).toEqual([
      ['6', 'text', '08:30'],
    ]);
  });

  it('is kept of a table in generic JSON, with titles under name', () => {
    const response = { id: 'id', answers: 'questions' };
    const questions = [
      { id: 'abc1', name: 'Rate us', type: 'Matrix', value: { Speed: 'Bad', Price: ['Fair', 'Good'] } },
      { id: 'abc2', name: 'Why?', value: 'Slow' },
      { id: 'abc3', name: 'Where?', value: { address: { city: 'Berlin' }, zip: 10115 } },
    ];
    expect(answers('json', { id: 'g', questions }, { ...proof, response })).toEqual([
      ['Rate us [Speed]', 'matrix', 'Bad'],
      ['Rate us [Price]', 'matrix', 'Fair, Good'],
      ['Why?', 'text', 'Slow'],
      ['Where? [address]', 'matrix', 'city: Berlin'],
      ['Where? [zip]', 'matrix', '10115'],
    ]);
  });
});

describe('minor findings: a value that cannot be read as meant', () => {
  const response = { id: 'id', 'submitted-at': 'at', answers: [{ at: 'score', type: 'number' }] };
  const given = (at: string, score: unknown = 3) => read('json', { id: 'g', at, score }, { ...proof, response });

  it('replaces an unreadable time by that of arrival with a note, which names the field and the remedy', () => {
    expect(given('05/11/2026')).toMatchObject({
      submittedAt: 1000,
      notes: [
        'at is "05/11/2026", no time that can be read: the time of arrival counts; let the survey tool send a time such as 2026-11-24T08:00:00Z',
      ],
    });
    expect(given('28/11/2026')).toMatchObject({ submittedAt: Date.UTC(2026, 10, 28), notes: [] });
  });

  it('reads a decimal comma, and no comma that may group thousands', () => {
    expect(given('2026-11-20', '8,5').answers[0]).toMatchObject({ type: 'number', value: 8.5 });
    expect(given('2026-11-20', '1,234').answers[0]).toMatchObject({ type: 'text', value: '1,234' });
  });

  it('keeps a space where a title breaks its line', async () => {
    const { stripHtml } = await import('#adapters/survey-reading.ts');
    expect(stripHtml('<p>What would help?<br/>Tell&nbsp;us</p><p>Now</p>')).toBe('What would help? Tell us Now');
  });
});

describe('minor findings: deliveries of', () => {
  const event = (more: object) => ({
    namedValues: { Timestamp: ['3/10/2026 17:04:05'], 電子郵件地址: ['ines@customer.example'], 'How easy?': ['2'] },
    range: { rowStart: 6 },
    ...more,
  });

  it('a second trigger of a sheet are the same response, with the address under any title', () => {
    const [first, second] = ['11', '12'].map((triggerUid) => read('google-forms', event({ triggerUid })));
    expect([second?.form, second?.responseId]).toEqual([first?.form, first?.responseId]);
    expect(first?.hidden.get('email')).toBe('ines@customer.example');
  });

  it('a sheet without any cell open nothing', () => {
    const namedValues = { Timestamp: ['3/10/2026 17:04:05'], 'How easy?': [''] };
    expect(() => read('google-forms', event({ namedValues }))).toThrow('test');
  });

  it('LimeSurvey hold no facts about the response among the answers', () => {
    const response = { id: '7', submitdate: '2026-11-20', lastpage: '2', startlanguage: 'de', G01Q01: '3' };
    const given = read('limesurvey', { api_token: 'x', survey: '5', respondId: 7, response });
    expect(given.answers.map(({ question, value }) => [question.id, value])).toEqual([['G01Q01', 3]]);
    expect(given.language).toBe('de');
  });
});

describe('minor findings: a secret of Standard Webhooks', () => {
  it.each(['whsec_c2VjcmV0IQ==', 'v1,whsec_c2VjcmV0IQ==', 'whsec_c2VjcmV0IQ', 'whsec_c2VjcmV0IQ==\n', 'c2VjcmV0IQ=='])(
    'may be written as %j',
    async (secret) => {
      const { signWebhook, verifyWebhook } = await import('#adapters/signature.ts');
      const body = new TextEncoder().encode('{}');
      const headers = await signWebhook(body, 'whsec_c2VjcmV0IQ==', { id: 'm', now: 0 });
      expect(await verifyWebhook({ body, headers, receivedAt: 0 }, [secret], 0)).toBe(true);
      const older = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.replace('webhook-', 'svix-'), value]),
      );
      expect(await verifyWebhook({ body, headers: older, receivedAt: 0 }, [secret], 0)).toBe(true);
    },
  );
});
