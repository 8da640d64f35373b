import { describe, expect, it } from 'vitest';
import { registry } from '#adapters/index.ts';
import type { ParsedDelivery } from '#domain/integrations/survey-source.ts';
import { readAnswerOfApi } from '#test/contracts/survey-fixtures.ts';

/* Shapes that survey tools, and programs between them and Caselite, send beside the documented ones. */

const bearer = { proof: { kind: 'bearer' } };
const mapped = { ...bearer, response: { id: 'id', 'submitted-at': 'at', answers: 'answers' } };
const form = 'application/x-www-form-urlencoded';

function parse(kind: string, body: unknown, more: object = {}, type = 'application/json'): ParsedDelivery {
  const definition = registry.surveys.find((survey) => survey.kind === kind);
  if (!definition) throw new Error(`no survey tool ${kind}`);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(text);
  const settings = definition.settings.parse({ kind, secret: 'A_SECRET', ...more });
  return definition.parse({ body: bytes, headers: { 'content-type': type }, receivedAt: 1000 }, settings);
}

function read(...given: Parameters<typeof parse>) {
  const parsed = parse(...given);
  if (parsed.kind !== 'response') throw new Error(parsed.kind);
  return parsed.response;
}

type Answers = { question: { id: string; title: string }; value: unknown }[];
const told = (answers: Answers) => answers.map(({ question, value }) => [question.title || question.id, value]);
const answers = (...given: Parameters<typeof parse>) => told(read(...given).answers);

const typeform = (more: object) => ({
  event_type: 'form_response',
  form_response: {
    form_id: 'f',
    token: 't',
    submitted_at: '2026-11-20T08:00:00Z',
    answers: [{ type: 'number', number: 2, field: { id: 'a', type: 'nps' } }],
    ...more,
  },
});
const tally = (...fields: unknown[]) => ({
  eventType: 'FORM_RESPONSE',
  createdAt: '2026-11-20T08:00:00Z',
  data: { responseId: 'r', formId: 'f', fields },
});
const boxes = [{ id: 'x', text: 'Slow' }, { text: 'without an id' }, null, { id: 'y', text: 'Dear' }];
const monkey = (...questions: unknown[]) => ({
  id: '1',
  survey_id: '2',
  response_status: 'completed',
  date_modified: '2026-11-20T08:00:00+00:00',
  pages: [{ questions }],
});
const qualtrics = (values: object, labels: object = {}) => ({
  responseId: 'R_1',
  values: { endDate: '2026-11-20T08:00:00Z', ...values },
  labels,
});
const jotform = (raw: object, boundary = 'x', end = '') => {
  const parts = Object.entries({ formID: '7', submissionID: '9', rawRequest: JSON.stringify(raw) }).map(
    ([name, text]) => `--${boundary}${end}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`,
  );
  return answers('jotform', `${parts.join('')}--${boundary}--\r\n`, {}, 'multipart/form-data');
};

describe('one odd entry of a list takes no other with it', () => {
  it('in a Typeform definition, its variables', () => {
    const definition = { title: 'T', fields: [{ title: 'without an id' }, { id: 'a', title: 'How likely?' }] };
    const outcome = { key: 'winning_outcome_id', type: 'outcome_id', outcome_id: 'o1' };
    const variables = [{ type: 'number', number: 3 }, { key: 'price', number: 4 }, outcome];
    const response = read('typeform', typeform({ definition, variables }));
    expect(told(response.answers)).toEqual([['How likely?', 2]]);
    expect([...response.hidden]).toEqual([
      ['variables.price', '4'],
      ['variables.winning_outcome_id', 'o1'],
    ]);
  });

  it('in the fields of Tally, and the options of one of them', () => {
    const field = { key: 'k', label: 'What?', type: 'MULTIPLE_CHOICE', value: ['y'], options: boxes };
    expect(answers('tally', tally(null, { label: 'Lost', value: 'no key' }, field))).toEqual([
      ['answer-2', 'label: Lost; value: no key'],
      ['What?', 'Dear'],
    ]);
  });

  it('in the items of a Google form', () => {
    const items = [
      { title: 'Lost', type: 'TEXT', value: 'no id' },
      { id: 1, title: 'Ease', type: 'SCALE', value: 2 },
    ];
    expect(answers('google-forms', { formId: 'f', responseId: 'r', items })).toEqual([
      ['answer-1', 'title: Lost; type: TEXT; value: no id'],
      ['Ease', 2],
    ]);
    const namedValues = { Timestamp: ['20/11/2026 08:00:00'], Ease: [2], Why: [null] };
    expect(answers('google-forms', { namedValues, range: { rowStart: 5 } })).toEqual([['Ease', 2]]);
  });

  it('in the choices of Survicate', () => {
    const choices = [{ id: 1, body: 'Slow' }, null, { id: 2, body: 'Dear' }];
    const question = { id: 'q', body: 'What?' };
    const event = { questionAnswered: { responseUuid: 'u', survey: { id: 's' }, question, choices } };
    expect(answers('survicate', { event })).toEqual([['What?', ['Slow', 'Dear']]]);
  });

  it('in what the APIs of SurveyMonkey and Jotform tell', async () => {
    const asked = { id: '5', heading: 'Why?', family: 'open_ended', answers: [{ text: 'Slow', row_id: '' }, null] };
    const contact = { email: { value: 'ines@customer.example' }, first_name: 'Ines' };
    const heading = { id: '4', family: 'presentation' };
    const response = await readAnswerOfApi('surveymonkey', { ...monkey(heading, asked), metadata: { contact } });
    expect(told(response.answers)).toEqual([['Why?', 'Slow']]);
    expect(Object.fromEntries(response.hidden)).toEqual({ email: 'ines@customer.example', first_name: 'Ines' });
    const submission = { id: '1', form_id: '7', created_at: '2026-11-20 08:00:00' };
    const submitted = (given: object) =>
      readAnswerOfApi('jotform', { content: [{ ...submission, answers: given }] }).then(({ answers }) => told(answers));
    expect(await submitted([])).toEqual([]);
    const given = { 2: null, 3: { text: 'Why?', type: 'control_textbox', answer: 'Slow' } };
    expect(await submitted(given)).toEqual([['Why?', 'Slow']]);
  });

  it('in a list of generic JSON, whose entries name questions and answers in several ways', () => {
    const list = [
      { questionId: 'a', question: 'Ease?', answer: 2 },
      { field: { id: 'b', title: 'Why?' }, values: ['Slow', 'Dear'] },
      { id: 'c', question: { text: 'Where?' }, answerText: 'Desk' },
      { label: 'When?', value: { id: 'n', label: 'Now' } },
      'no question',
    ];
    expect(read('json', { id: 1, answers: list }, mapped).answers[0]?.question.id).toBe('a');
    expect(answers('json', { id: 1, answers: list }, mapped)).toEqual([
      ['Ease?', 2],
      ['Why?', ['Slow', 'Dear']],
      ['Where?', 'Desk'],
      ['When?', 'Now'],
      ['answer-5', 'no question'],
    ]);
  });
});

describe('what is no score is not 0', () => {
  it.each([
    [{ weight: '' }, 'Speed | N/A', 'N/A'],
    [{ weight: '0' }, 'Speed | N/A', 'N/A'],
    [{ weight: '0' }, 'Speed | 0', 0],
    [{ weight: '-1' }, 'Speed | Bad', -1],
  ])('for SurveyMonkey with %j beside "%s"', async (choice_metadata, simple_text, value) => {
    const answer = { row_id: 'r', choice_id: 'c', choice_metadata, simple_text };
    const response = await readAnswerOfApi('surveymonkey', monkey({ id: '5', family: 'matrix', answers: [answer] }));
    expect(told(response.answers)).toEqual([['5.r', value]]);
  });

  it.each([' ', '0x1F', '1e3'])('for Jotform with "%s"', async (answer) => {
    const content = [{ id: '1', form_id: '7', answers: { 3: { type: 'control_scale', answer } } }];
    expect((await readAnswerOfApi('jotform', { content })).answers.map(({ type }) => type)).toEqual(['text']);
  });
});

describe('Qualtrics', () => {
  it('writes HTML into labels, leaves labels empty, and lists columns that nobody answered', async () => {
    const noise = { QID1_DO: ['1', '2'], QID9_PAGE_SUBMIT: 3.5, QID8_BROWSER: 'Chrome' };
    const values = { QID1: 1, QID2: 4, QID3: ['1'], ...noise };
    const labels = { QID1: '<b>Very</b>&nbsp;bad', QID2: '', QID3: ['<i>Slow</i>'] };
    const { answers: read } = await readAnswerOfApi('qualtrics', { result: qualtrics(values, labels) });
    expect(told(read)).toEqual([
      ['QID1', 'Very bad'],
      ['QID2', 4],
      ['QID3', ['Slow']],
    ]);
  });

  it.each([0, '0', false, 'False'])('is unfinished with %j', async (finished) => {
    expect((await readAnswerOfApi('qualtrics', { result: qualtrics({ finished }) })).partial).toBe(true);
  });
});

describe('Tally', () => {
  it('repeats each choice of a question with several', () => {
    const own = { key: 'k', label: 'What?', type: 'MULTIPLE_CHOICE', value: ['x', 'y'], options: boxes };
    const box = { key: 'k_x', label: 'What? (Slow)', type: 'MULTIPLE_CHOICE', value: true };
    expect(answers('tally', tally(own, box))).toEqual([['What?', ['Slow', 'Dear']]]);
    expect(answers('tally', tally({ ...own, value: null }, { ...box, value: false }))).toEqual([]);
  });

  it('sends boxes without their list', () => {
    const box = { key: 'k_x', label: 'Where? (Dublin)', type: 'CHECKBOXES', value: true };
    expect(answers('tally', tally(box))).toEqual([['Where? (Dublin)', true]]);
  });
});

describe('Jotform', () => {
  it('names the words beside "other", draws a signature, and may have an odd boundary', () => {
    const raw = { q3_what: { 0: 'Slow', other: 'my words' }, q4_sign: `data:image/png;base64,${'A'.repeat(900)}` };
    const expected = [
      ['3', ['Slow', 'my words']],
      ['4', 'data:image/png'],
    ];
    expect(jotform(raw)).toEqual(expected);
    expect(jotform(raw, "odd 'bound'=?", ' \t')).toEqual(expected);
  });
});

describe('PostHog', () => {
  const event = (properties: object, name = 'survey sent') => ({ event: { uuid: 'u', event: name, properties } });

  it('sends answers of own code without a list of questions, and the first of them twice', () => {
    const properties = { $survey_response: 'Slow', '$survey_response_q-1': 'Slow', $survey_response_1: 3 };
    expect(answers('posthog', event(properties))).toEqual([
      ['q-1', 'Slow'],
      ['$survey_response_1', 3],
    ]);
  });

  it('tells of a survey that was left', () => {
    expect(parse('posthog', event({}, 'survey abandoned'))).toEqual({ kind: 'test' });
  });
});

describe('generic deliveries', () => {
  it('may hold each answer beside its question, under its id', () => {
    const given = { 2: { id: 9, type: 'RADIO', question: 'Ease?', answer: 2 }, 3: { Speed: 'Bad', value: 'Poor' } };
    expect(
      read('json', { id: 1, answers: given }, mapped).answers.map(({ question, value }) => [question, value]),
    ).toEqual([
      [{ id: '2', names: [], title: 'Ease?' }, 2],
      [{ id: '3.Speed', names: [], title: '[Speed]' }, 'Bad'],
      [{ id: '3.value', names: [], title: '[value]' }, 'Poor'],
    ]);
  });

  it('are read in the charset that they name', () => {
    const latin = Buffer.from('{"id":"é","answers":{"why":"Größe"}}', 'latin1');
    expect(answers('json', latin, mapped, 'application/json; charset=ISO-8859-1')).toEqual([['why', 'Größe']]);
    expect(() => parse('json', latin, mapped)).toThrow('is not UTF-8 text; let the tool send UTF-8');
  });

  it.each(['text/json', 'application/json, application/json', form, ''])('are JSON under the type "%s"', (type) => {
    expect(answers('json', { id: 1, answers: { nps: 2 } }, mapped, type)).toEqual([['nps', 2]]);
  });

  it('keep every value of a repeated field, and of a multipart form', () => {
    const fields = 'id=1&answers[what][]=Slow&answers[what][]=Dear&answers[one][]=x&answers[two]=a&answers[two]=b';
    const expected = [
      ['what', ['Slow', 'Dear']],
      ['one', ['x']],
      ['two', ['a', 'b']],
    ];
    expect(answers('json', fields, mapped, 'Application/X-WWW-Form-Urlencoded')).toEqual(expected);
    const parts = [...new URLSearchParams(fields)].map(
      ([name, text]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`,
    );
    expect(answers('json', `${parts.join('')}--x--`, mapped, 'multipart/form-data; boundary=x')).toEqual(expected);
  });

  it('have questions as names of fields, with dots, in any language and at any length', () => {
    const long = `Wie zufrieden sind Sie, „alles in allem“, ${'sehr '.repeat(60)}?`;
    const fields = { id: '1', '1. Ease': '2', '1. Ease. Why?': 'Slow', [long]: '3' };
    const mapping = {
      ...bearer,
      response: {
        id: 'id',
        answers: Object.keys(fields)
          .slice(1)
          .map((at) => ({ at })),
      },
    };
    const expected = Object.entries({ ...fields, '1. Ease': 2, [long]: 3 }).slice(1);
    expect(answers('json', new URLSearchParams(fields).toString(), mapping, form)).toEqual(expected);
    const parts = Object.entries(fields).map(
      ([name, text]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`,
    );
    expect(answers('json', `${parts.join('')}--x--`, mapping, 'multipart/form-data; boundary=x')).toEqual(expected);
  });

  it('may describe their questions beside the answers, and give a choice with its id, kind and value', () => {
    const questions = [
      { id: 'q1', title: 'Ease?' },
      { id: 'q2', label: '<b>Why?</b>' },
    ];
    const given = {
      q1: { type: 'scale', value: 2, label: 'Bad' },
      q2: [{ id: 7, value: 'a', label: 'Slow' }],
      q3: { value: 'x' },
    };
    const expected = [
      ['Ease?', 2],
      ['Why?', ['Slow']],
      ['q3', 'x'],
    ];
    expect(answers('json', { id: 1, form: { questions }, answers: given }, mapped)).toEqual(expected);
    const list = Object.entries(given).map(([question_id, answer]) => ({ question_id, answer }));
    const { answers: listed } = read('json', { id: 1, form: { questions }, answers: list }, mapped);
    expect(told(listed)).toEqual(expected);
    expect(listed[0]?.question.id).toBe('q1');
  });

  it('may leave the other places of an answer empty', () => {
    const list = [
      { question: 'Ease?', rating: 2, text: null, answer: '' },
      { question: 'Why?', rating: null, text: 'Slow' },
      { id: 'q3', text: 'Where?', score: 0 },
    ];
    expect(answers('json', { id: 1, answers: list }, mapped)).toEqual([
      ['Ease?', 2],
      ['Why?', 'Slow'],
      ['Where?', 0],
    ]);
  });

  it('survive a field that looks like a part of a list', () => {
    const odd = 'id=1&answers[a][]=1&answers[a][length]=4294967295&answers[b]=2&answers[b][x]=3';
    expect(answers('json', odd, mapped, form)).toHaveLength(3);
  });

  it.each(['json', 'standard-webhooks'])('of %s may be a list', (kind) => {
    const settings = kind === 'json' ? mapped : { response: mapped.response };
    const [one, two] = ['a', 'b'].map((id) => ({ id, answers: { nps: 2 } }));
    expect(read(kind, [one], settings).responseId).toBe('a');
    const parsed = parse(kind, [one, two], settings);
    expect(parsed.kind === 'rows' && parsed.rows.map(({ response }) => response.responseId)).toEqual(['a', 'b']);
    expect(parse(kind, [], settings)).toEqual({ kind: 'test' });
    expect(read(kind, [one, two], { ...settings, response: { id: '0.id', answers: '1.answers' } }).responseId).toBe(
      'a',
    );
  });

  it('count their changes from 0, which is no state without a time', () => {
    const counted = { ...mapped, response: { ...mapped.response, 'updated-at': 'count' } };
    const revisions = [0, 1, 2].map((count) => read('json', { id: 'a', answers: { nps: 2 }, count }, counted).revision);
    expect(revisions).toEqual([3, 5, 7]);
  });

  it.each(['  ', 'null', 'undefined', '{{ submission.id }}', `\${e://Field/ResponseID}`])(
    'are set aside with the id "%s", which all would share',
    (id) => {
      expect(() => parse('json', { id, answers: {} }, mapped)).toThrow('correct response.id of the source');
    },
  );

  it('are read at names with dots, with yes and no in other spellings, and tell of a score that is none', () => {
    const response = {
      id: 'meta.id',
      answers: [{ at: 'a.b' }, { at: 'ok', type: 'yes-no' }, { at: 'score', type: 'number' }],
    };
    const given = read('json', { meta: { id: 7 }, 'a.b': 3, ok: 'N', score: '3/10' }, { ...bearer, response });
    expect(told(given.answers)).toEqual([
      ['a.b', 3],
      ['ok', false],
      ['score', '3/10'],
    ]);
    expect(given.notes).toEqual([
      'score is no number: correct response.answers of the source, or let the survey tool send a number such as 8',
    ]);
  });

  it('show titles without HTML', () => {
    const list = [{ id: 'q', title: '<p>What&#8217;s &#x2013; &ldquo;it&rdquo; &unknown;?</p>', value: 1 }];
    expect(answers('json', { id: 1, answers: list }, mapped)).toEqual([['What’s – “it” &unknown;?', 1]]);
  });
});

it.each<[object, string]>([
  [{ id: 'x'.repeat(201), event: 'bought' }, 'id: is longer than 200 characters'],
  [[], 'the event: must be a group of fields, such as { name: value }'],
  [{ id: 'e', event: 'bought', customer: 5 }, 'customer: must be a group of fields, such as { name: value }'],
])('an event that cannot be read says why in plain words: %#', (event, problem) => {
  expect(() => parse('events', event)).toThrow(problem);
});

it('an event may be written by a program between tools: ids as numbers, nothing as null', () => {
  const parsed = parse('events', { id: 71, event: 'bought', at: null, customer: { key: 4711, name: null } });
  expect(parsed).toMatchObject({ event: { id: '71', at: 1000, customer: { key: '4711' } } });
  expect(parse('events', { id: 72, event: 'released', customer: null })).toMatchObject({ event: { customer: null } });
  const texts = { id: '73', event: 'bought', at: '1795161600', value: '12,5', customer: { key: 'k', email: ' ' } };
  const event = { at: 1_795_161_600_000, value: 12.5, customer: { key: 'k', email: null } };
  expect(parse('events', texts)).toMatchObject({ event });
  expect(() => parse('events', { ...texts, at: 'soon' })).toThrow('at: is not a time such as 2026-11-24T09:30:00Z');
});

it('a delivery of another tool is set aside with its field and the remedy', () => {
  expect(() => parse('typeform', tally())).toThrow(
    'Not a Typeform response: event_type: is missing; it must be one of form_response, form_response_partial; check that the kind of the source is the tool that sends',
  );
});
