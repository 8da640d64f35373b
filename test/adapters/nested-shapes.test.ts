import { describe, expect, it } from 'vitest';
import { registry } from '#adapters/index.ts';
import type { IncomingAnswer, ParsedDelivery } from '#domain/integrations/survey-source.ts';
import { guessRespondentFields } from '#domain/responses/guess-respondent.ts';
import { inspectDelivery } from '#src/inspect-delivery.ts';
import { readAnswerOfApi } from '#test/contracts/survey-fixtures.ts';

/* Shapes in which answers stand deeper, beside each other or in batches, in words of ours. */

const at = '2026-11-20T08:00:00Z';
const email = 'ida@customer.example';

const told = (answers: IncomingAnswer[]) =>
  answers.map(({ question, type, value }) => [question.title || question.id, type, value]);

function guess(delivery: object) {
  const inspected = inspectDelivery(new TextEncoder().encode(JSON.stringify(delivery)));
  if (inspected?.parsed.kind !== 'response') throw new Error(JSON.stringify(inspected));
  return { ...inspected.parsed.response, respondent: inspected.entry.respondent };
}

function parse(kind: string, body: unknown, more: object = {}, type = 'application/json'): ParsedDelivery {
  const definition = registry.surveys.find((survey) => survey.kind === kind);
  if (!definition) throw new Error(`no survey tool ${kind}`);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const settings = definition.settings.parse({ kind, secret: 'A_SECRET', ...more });
  const delivery = { body: new TextEncoder().encode(text), headers: { 'content-type': type }, receivedAt: 1000 };
  return definition.parse(delivery, settings);
}

function read(...given: Parameters<typeof parse>) {
  const parsed = parse(...given);
  if (parsed.kind !== 'response') throw new Error(parsed.kind);
  return parsed.response;
}

const mapped = { proof: { kind: 'bearer' }, response: { id: 'id', answers: 'answers' } };

describe('a guess', () => {
  it.each<[string, object, unknown[], object]>([
    [
      'keeps the score beside further answers, which stand under their kinds',
      {
        event_data: {
          ...{ id: '71', score: 0, comment: 'Late', created_at: at, person: { email, plan: 'gold' } },
          additional_answers: [
            { id: 'a1', question: { id: 'q1', type: 'scale', text: 'Effort?' }, value: { scale: 3 } },
            {
              question: { id: 'q2', type: 'select_one', text: 'What?' },
              value: { select_one: { id: 'o1', text: 'Slow' } },
            },
          ],
        },
      },
      [
        ['Score', 'number', 0],
        ['Comment', 'text', 'Late'],
        ['Effort?', 'number', 3],
        ['What?', 'text', 'Slow'],
      ],
      { email: 'hidden.event_data.person.email', tier: 'hidden.event_data.person.plan' },
    ],
    [
      'takes no score twice that a list repeats',
      {
        response: {
          ...{ id: 'r', created: at, rating: 2, feedback: 'Late' },
          answers: [
            { id: 'q1', label: 'How likely?', value: 2 },
            { id: 'q2', label: 'Why?', value: 'Late' },
          ],
        },
      },
      [
        ['How likely?', 'number', 2],
        ['Why?', 'text', 'Late'],
      ],
      {},
    ],
    [
      'reads values within answers, and names in any spelling',
      {
        ...{ responseID: 7, surveyID: 1, timestamp: '20 Nov, 2026 08:00:00 AM UTC', emailAddress: email },
        responseSet: [
          {
            QuestionID: 1,
            QuestionText: 'How likely?',
            AnswerValues: [{ answerID: 9, answerText: '2', value: { scale: '2', other: '', weight: 0 } }],
          },
          {
            questionID: 2,
            questionText: 'Which?',
            answerValues: [{ answerID: 3, answerText: 'Other', value: { other: 'my words' } }],
          },
        ],
      },
      [
        ['How likely?', 'number', 2],
        ['Which?', 'choices', ['Other', 'my words']],
      ],
      { email: 'hidden.emailAddress' },
    ],
    [
      'reads answers by fields, with the response and its people around them',
      {
        payload: {
          ...{ organization: { id: 'o', name: 'Acme' }, survey: { id: 's' }, user: { name: 'Ida', email } },
          response: {
            ...{ id: 'r1', time: at },
            items: [
              {
                question: { id: 'q1', title: 'How likely?' },
                answer: { fields: [{ id: 'f', type: 'number', value: '2', text: null, number: 2 }] },
              },
              {
                question: { id: 'q2', title: 'Which?' },
                answer: {
                  fields: [
                    { id: 'f', value: 'A', text: 'A' },
                    { id: 'g', value: 'B', text: 'B' },
                  ],
                },
              },
            ],
          },
        },
      },
      [
        ['How likely?', 'number', 2],
        ['Which?', 'choices', ['A', 'B']],
      ],
      { email: 'hidden.payload.user.email', name: 'hidden.payload.user.name' },
    ],
    [
      'opens pages of questions, ticks boxes, and reads times in other scripts',
      {
        payload: {
          ...{ answer_id: 7, ended_at: '2026年11月20日 08:00' },
          pages: [
            {
              id: 'p-1',
              questions: [
                { id: 'q-1', title: '推荐?', text: '2', options: [] },
                {
                  id: 'q-2',
                  title: '哪个?',
                  text: '',
                  options: [
                    { text: 'A', checked: 1 },
                    { text: 'B', checked: 0 },
                  ],
                },
              ],
            },
          ],
        },
      },
      [
        ['推荐?', 'number', 2],
        ['哪个?', 'choices', ['A']],
      ],
      {},
    ],
    [
      'reads a table by rows, words beside a score, questions below one, and a score with its scale',
      {
        ...{ submission_id: 99, completed_time: at, account_id: 5 },
        answers: [
          { question_id: 1, question: 'How likely?', answer: { value: 2, max: 10 }, feedback: 'Late' },
          { question_id: 2, question: 'Rate', answer: [{ row: 'Speed', column: 'Bad' }] },
          {
            ...{ question_id: 3, question: 'And?' },
            subquestions: { 4: { id: 4, question: 'Price', answer: 'Fair' } },
          },
          {
            question_id: 5,
            question: 'Which?',
            options: { 10: { id: 10, answer: 'A' }, 11: { id: 11, answer: 'mine' } },
          },
        ],
      },
      [
        ['How likely? [value]', 'matrix', '2'],
        ['How likely? [max]', 'matrix', '10'],
        ['How likely?', 'text', 'Late'],
        ['Rate [Speed]', 'matrix', 'Bad'],
        ['And? [Price]', 'text', 'Fair'],
        ['Which?', 'choices', ['A', 'mine']],
      ],
      {},
    ],
    [
      'finds the score that stands with its scale, and an address under any name',
      { id: 'x', score: { value: 2, max: 10 }, comment: 'Late', created_at: at, 'Ihre E-Mail-Adresse': email },
      [
        ['Score', 'number', 2],
        ['Comment', 'text', 'Late'],
      ],
      { email: 'hidden.Ihre E-Mail-Adresse' },
    ],
    [
      'reads a review with its headline, and the address of the person beside it',
      {
        review: { id: 5, title: 'Bad', body: 'Broke', rating: 1, created_at: at, contact: { handle: email } },
        name: 'new',
      },
      [
        ['Title', 'text', 'Bad'],
        ['Body', 'text', 'Broke'],
        ['Rating', 'number', 1],
      ],
      { email: 'hidden.review.contact.handle' },
    ],
    [
      'reads fields of a record of one’s own, and scores beside answers',
      {
        record: {
          Id: 'r1',
          NPS_Score__c: 2,
          Points__Score: 20,
          CreatedDate: at,
          Contact_Email__c: email,
          answers: [{ questionId: 'q', answer: { values: ['A', 'B'] } }],
        },
      },
      [
        ['NPS score', 'number', 2],
        ['Points score', 'number', 20],
        ['q', 'choices', ['A', 'B']],
      ],
      { email: 'hidden.record.Contact_Email__c' },
    ],
    [
      'reads the properties of a record',
      {
        id: '9',
        properties: { hs_value: '2', hs_content: 'Late', hs_submission_timestamp: at, hs_email_rollup: email },
      },
      [
        ['Value', 'number', 2],
        ['Content', 'text', 'Late'],
      ],
      { email: 'hidden.properties.hs_email_rollup' },
    ],
  ])('%s', (_title, delivery, answers, respondent) => {
    const response = guess(delivery);
    expect(told(response.answers)).toEqual(answers);
    expect(response.respondent).toEqual(respondent);
    expect(response.submittedAt).toBe(Date.parse(at));
  });

  it('finds responses that come together, each with its own id and time', () => {
    const events = ['a', 'b'].map((id) => ({ name: 'created', data: { id, stars: 1, text: id, createdAt: at } }));
    const inspected = inspectDelivery(new TextEncoder().encode(JSON.stringify({ shop: 's', events })));
    expect(inspected?.entry.response).toMatchObject({
      each: 'events',
      id: 'data.id',
      'submitted-at': 'data.createdAt',
    });
    const rows = inspected?.parsed.kind === 'rows' ? inspected.parsed.rows : [];
    expect(rows.map(({ response }) => response.responseId)).toEqual(['a', 'b']);
    expect(rows[0]?.response.hidden.get('shop')).toBe('s');
  });
});

it.each([
  [{ is_test: true, is_complete: true }, 'test'],
  [{ is_test: 'false', is_complete: false }, 'unfinished'],
  [{ is_test: false, is_complete: 'true' }, 'finished'],
])('tells tests and unfinished responses apart: %j', (facts, expected) => {
  const sample = { response: { id: 'r', nps: 2, comment: 'Late', is_test: false, is_complete: true } };
  const entry = inspectDelivery(new TextEncoder().encode(JSON.stringify(sample)))?.entry ?? {};
  const parsed = parse('json', { response: { ...sample.response, ...facts } }, entry);
  expect(parsed.kind === 'response' ? (parsed.response.partial ? 'unfinished' : 'finished') : parsed.kind).toBe(
    expected,
  );
});

it('takes no id that looks like an address for the respondent’s', () => {
  const hidden = new Map([
    ['mail.id', '<1@survey.example>'],
    ['agent.email', 'tom@acme.example'],
    ['contact_email_1', email],
  ]);
  expect(guessRespondentFields({ hidden, answers: [] })).toEqual({ email: 'hidden.contact_email_1' });
});

describe('a batch', () => {
  const list = [
    { id: 'a', answers: { nps: 2 } },
    { id: null, answers: { nps: 3 } },
    'odd',
    { id: 'd', answers: { nps: 4 } },
  ];

  it('with a response that cannot be read brings the others, and tells which it is', () => {
    const problem = 'Response 2 of 4: The delivery has nothing usable at id; correct response.id of the source';
    for (const [body, more] of [
      [list, mapped],
      [{ items: list }, { ...mapped, response: { ...mapped.response, each: 'items' } }],
      [{ items: JSON.stringify(list) }, { ...mapped, response: { ...mapped.response, each: 'items' } }],
    ] as const) {
      const parsed = parse('json', body, more);
      if (parsed.kind !== 'rows') throw new Error(parsed.kind);
      expect(parsed.rows.map(({ response }) => response.responseId)).toEqual(['a', 'd']);
      expect(parsed.problem).toContain(problem);
    }
  });

  it('without any that can be read is set aside, and names the setting of a list that is not there', () => {
    expect(() => parse('json', list.slice(1, 3), mapped)).toThrow('Response 1 of 2');
    expect(() => parse('json', {}, { ...mapped, response: { ...mapped.response, each: 'items' } })).toThrow(
      'nothing usable at items; correct response.each',
    );
  });
});

it('keeps the fields of a long survey within bounds, those of the response first', () => {
  const asked = (at: number) => ({ id: at, question: 'How?', type: 'radio', answer: '2', shown: true, section: 1 });
  const deep = Object.fromEntries(Array.from({ length: 1100 }, (_, at) => [`f${at}`, at]));
  const body = {
    id: 1,
    answers: Object.fromEntries(Array.from({ length: 300 }, (_, at) => [at, asked(at)])),
    email,
    deep,
  };
  const { answers, hidden } = read('json', body, mapped);
  expect([answers.length, hidden.size, hidden.get('email')]).toEqual([300, 1000, email]);
  expect(hidden.has('answers.1.shown')).toBe(false);
});

it.each([
  [50_002, 'has more than 50000 values'],
  [5001, 'has more than 5000 responses, or too much beside them; let the tool send fewer at once'],
])('a list of %i entries is set aside at once', (length, problem) => {
  expect(() =>
    parse(
      'json',
      Array.from({ length }, () => 1),
      mapped,
    ),
  ).toThrow(problem);
});

it('a list with much beside it is set aside at once, because each entry is read with all of that', () => {
  const items = Array.from({ length: 900 }, (_, id) => ({ id, answers: { nps: 1 } }));
  const more = { ...mapped, response: { ...mapped.response, each: 'items' } };
  const kindOf = (length: number) => parse('json', { items, beside: Array(length).fill(1) }, more).kind;
  expect(kindOf(10)).toBe('rows');
  expect(() => kindOf(40_000)).toThrow('too much beside them');
});

describe('JSON by way of other programs', () => {
  const answers = [['nps', 'number', 2]];
  const form = 'application/x-www-form-urlencoded';
  const text = '{"id":1,"answers":{"nps":2}}';
  it.each([
    [`\ufeff${text}`, form],
    [`\n ${text}`, form],
    [`payload=${encodeURIComponent(text)}`, form],
    [JSON.stringify(text), 'application/json'],
    [{ id: 1, answers: '{"nps":2}' }, 'application/json'],
    [{ id: 1, answers: '[{"question":"nps","answer":2}]' }, 'application/json'],
  ])('is read from %j as %s', (body, type) => {
    expect(told(read('json', body, mapped, type).answers)).toEqual(answers);
  });

  it('may only try whether it arrives', () => {
    expect(parse('json', { type: 'event', topic: 'ping', data: {} }, mapped)).toEqual({ kind: 'test' });
    expect(read('json', { id: 1, type: 'test', answers: { nps: 2 } }, mapped).responseId).toBe('1');
    expect(() => parse('json', { topic: 'opening' }, mapped)).toThrow('correct response.id');
  });

  it('may hold no answers', () => {
    expect(read('json', { id: 1, answers: null }, mapped).answers).toEqual([]);
    expect(() => read('json', { id: 1 }, mapped)).toThrow('correct response.answers');
  });

  it('passes on what Jotform sends, without the secret in it', () => {
    const parts = {
      formID: 7,
      submissionID: '51',
      rawRequest: '{"q3_nps":"2"}',
      webhookURL: 'https://c.example/?secret=s',
    };
    const definition = registry.surveys.find(({ kind }) => kind === 'jotform');
    for (const [body, type] of [
      [JSON.stringify(parts), 'application/json'],
      [new URLSearchParams({ ...parts, formID: '7' }).toString(), form],
    ] as const) {
      const { responseId, answers: given } = read('jotform', body, {}, type);
      expect([responseId, told(given)]).toEqual(['51', [['3', 'number', 2]]]);
      const raw = { body: new TextEncoder().encode(body), headers: { 'content-type': type }, receivedAt: 0 };
      const kept = definition?.redact?.(raw, { kind: 'jotform' } as never);
      expect(new TextDecoder().decode(kept?.body)).not.toContain('secret');
    }
  });
});

describe('a tool with a reader', () => {
  const typeform = (...answers: object[]) => ({
    event_type: 'form_response',
    form_response: { form_id: 'f', token: 't', submitted_at: at, answers },
  });

  it('Typeform sends pictures without labels, and empty words', () => {
    const given = read(
      'typeform',
      typeform(
        { type: 'choices', choices: { ids: ['p', 'q'], labels: [null, 'Q'] }, field: { id: '1' } },
        { type: 'choice', choice: { id: 'p', label: '' }, field: { id: '2' } },
        { type: 'text', text: '', field: { id: '3' } },
      ),
    );
    expect(told(given.answers)).toEqual([
      ['1', 'choices', ['p', 'Q']],
      ['2', 'choice', 'p'],
    ]);
  });

  it('Tally sends pictures without a text', () => {
    const field = {
      key: 'k',
      label: 'Which?',
      type: 'MULTIPLE_CHOICE',
      value: ['x'],
      options: [{ id: 'x', text: '' }],
    };
    const body = { eventType: 'FORM_RESPONSE', createdAt: at, data: { responseId: 'r', formId: 'f', fields: [field] } };
    expect(told(read('tally', body).answers)).toEqual([['Which?', 'choice', 'x']]);
  });

  it('SurveyMonkey weighs choices in words, which stay words', async () => {
    const read = async (simple_text: string) => {
      const answers = [{ choice_id: '7', simple_text, choice_metadata: { weight: '100' } }];
      const pages = [{ questions: [{ id: 'q', family: 'single_choice', heading: 'Again?', answers }] }];
      const json = { id: '1', survey_id: '2', response_status: 'completed', pages };
      return told((await readAnswerOfApi('surveymonkey', json)).answers);
    };
    expect(await read('Yes')).toEqual([['Again?', 'choice', 'Yes']]);
    expect(await read('9')).toEqual([['Again?', 'number', 100]]);
  });

  it('Qualtrics writes scores of a JSON body as text', () => {
    const body = { responseId: 'R_1', surveyId: 'SV_1', recordedDate: at, answers: { nps: '0', why: 'Late' } };
    expect(told(read('qualtrics-workflow', body).answers)).toEqual([
      ['nps', 'number', 0],
      ['why', 'text', 'Late'],
    ]);
  });

  it('Survicate ends a survey under either name, and an answer of a new kind is kept', () => {
    const answered = {
      responseUuid: 'r',
      survey: { id: 's' },
      timestamp: at,
      respondent: {},
      url: 'https://s.example',
    };
    expect(read('survicate', { event: { surveyCompleted: answered } }).partial).toBe(false);
    const question = { id: 5, body: 'How?' };
    const given = read('survicate', { event: { questionAnswered: { ...answered, question, rating: 4 } } });
    expect([given.partial, told(given.answers)]).toEqual([true, [['How?', 'other', 'rating: 4']]]);
  });
});
