import { describe, expect, it } from 'vitest';
import { inspectDelivery } from '#src/inspect-delivery.ts';
import { WorkspaceFileSchema } from '#src/wiring.ts';

/* Shapes that tools without a reader of their own document, in words of ours: nobody maps them by hand. */

const submittedAt = '2026-11-20T08:00:00Z';
const email = 'ida@customer.example';

function inspect(delivery: unknown) {
  const text = typeof delivery === 'string' ? delivery : JSON.stringify(delivery);
  const inspected = inspectDelivery(new TextEncoder().encode(text));
  if (inspected?.parsed.kind !== 'response') throw new Error(`no response: ${JSON.stringify(inspected)}`);
  const read = WorkspaceFileSchema.safeParse({ sources: { survey: inspected.entry } });
  expect(read.error?.issues.filter(({ path }) => path[0] === 'sources')).toEqual([]);
  return { ...inspected.parsed.response, respondent: inspected.entry.respondent };
}

type Expected = { id: string; form: string; at: string | null; said: unknown[]; respondent: object };

const listed = [
  { id: 'q1', title: 'How likely?', value: 2 },
  { id: 'q2', title: 'Why?', value: 'Late' },
];
const said = [
  ['How likely?', 'number', 2],
  ['Why?', 'text', 'Late'],
];
const scored = [
  ['Score', 'number', 2],
  ['Comment', 'text', 'Late'],
];

describe('a delivery that no reader knows is guessed whole', () => {
  it.each<[string, unknown, Expected]>([
    [
      'Delighted: score and comment, and a person who is older than the response',
      {
        event_type: 'survey_response.created',
        event_data: {
          id: '71',
          person: { id: 'k-8', email, name: 'Ida Holm', created_at: 1_482_589_349 },
          ...{ score: 2, comment: 'Late', created_at: 1_795_161_600, updated_at: 1_795_161_700, notes: [] },
        },
      },
      {
        ...{ id: '71', form: 'default', at: submittedAt, said: scored },
        respondent: {
          key: 'hidden.event_data.person.id',
          email: 'hidden.event_data.person.email',
          name: 'hidden.event_data.person.name',
        },
      },
    ],
    [
      'InMoment: a score as text, and times with an offset',
      {
        event_name: 'created',
        timestamp: '2026-11-20 00:10:00 -0800',
        response: {
          ...{ text: 'Late', survey_id: '207', score: '2', id: '1518', end_user_id: '627', email },
          ...{ created_at: '2026-11-20 00:00:00 -0800', ip_address: '192.0.2.1' },
        },
      },
      {
        ...{ id: '1518', form: '207', at: submittedAt, respondent: { email: 'hidden.response.email' } },
        said: [
          ['Text', 'text', 'Late'],
          ['Score', 'number', 2],
        ],
      },
    ],
    [
      'Hotjar: scores as text, words beside an answer, attributes as a list',
      {
        event: 'survey_response',
        data: {
          ...{ response_id: 991, survey_id: 77, survey_name: 'Checkout', created_time: submittedAt },
          user_attributes: [{ name: 'email', value: email }],
          answers: [
            { question: 'How likely?', answer: '2', comment: 'twice' },
            { question: 'Why?', answer: 'Late', comment: null },
          ],
        },
      },
      {
        ...{ id: '991', form: '77', at: submittedAt, respondent: { email: 'hidden.data.user_attributes.email' } },
        said: [said[0], ['How likely?', 'text', 'twice'], said[1]],
      },
    ],
    [
      'Refiner: the ids and times of a user are not those of the response',
      {
        user: { id: 'k-7', email, created_at: '2020-01-01T00:00:00Z' },
        form: { uuid: 'f-1', name: 'NPS' },
        response: { uuid: 'r-1', completed_at: submittedAt, data: { nps: 2, wish: 'Late' } },
      },
      {
        ...{ id: 'r-1', form: 'f-1', at: submittedAt },
        said: [
          ['nps', 'number', 2],
          ['wish', 'text', 'Late'],
        ],
        respondent: { key: 'hidden.user.id', email: 'hidden.user.email' },
      },
    ],
    [
      'Simplesat: an answer has an id of its own beside its question, and people of the department have addresses',
      {
        data: {
          ...{ id: 9001, created: submittedAt, survey: { id: 3, name: 'CSAT' } },
          agent: { name: 'Tom', email: 'tom@acme.example' },
          ticket: { id: 77, created: '2026-11-01T00:00:00Z' },
          answers: [{ id: 555, question: { id: 12, text: 'Well done?' }, choice: '1', choice_label: 'Bad' }],
          customer: { id: 'k-5', name: 'Ida Holm', email },
        },
      },
      {
        ...{ id: '9001', form: '3', at: submittedAt, said: [['Well done?', 'text', 'Bad']] },
        respondent: {
          key: 'hidden.data.customer.id',
          email: 'hidden.data.customer.email',
          name: 'hidden.data.customer.name',
        },
      },
    ],
    [
      'Nicereply: the address of the agent comes first',
      {
        ...{ id: 'f3a', score: 2, max_score: 10, comment: 'Late', created_at: submittedAt, survey_id: 's1' },
        agent: { id: 'a1', email: 'tom@acme.example' },
        customer: { email },
      },
      { id: 'f3a', form: 's1', at: submittedAt, said: scored, respondent: { email: 'hidden.customer.email' } },
    ],
    [
      'Zendesk: a rating in words, inside a ticket that is older',
      {
        ticket: {
          ...{ id: '35', subject: 'Refund', created_at: '2026-11-01T08:00:00Z' },
          assignee: { name: 'Tom', email: 'tom@acme.example' },
          requester: { email },
          satisfaction_rating: { id: '1234', score: 'bad', comment: 'Late', updated_at: submittedAt },
        },
      },
      {
        ...{ id: '1234', form: 'default', at: submittedAt, respondent: { email: 'hidden.ticket.requester.email' } },
        said: [['Score', 'choice', 'bad'], scored[1]],
      },
    ],
    [
      'Intercom: an envelope with an id and a time of its own',
      {
        ...{ type: 'notification_event', id: 'notif_1', created_at: 1_795_161_900 },
        data: {
          item: {
            ...{ id: '215', created_at: 1_795_000_000 },
            source: { author: { id: 'u7', email } },
            conversation_rating: { rating: 1, remark: 'Late', created_at: 1_795_161_600 },
          },
        },
      },
      {
        ...{
          id: '215',
          form: 'default',
          at: submittedAt,
          respondent: { email: 'hidden.data.item.source.author.email' },
        },
        said: [
          ['Rating', 'number', 1],
          ['Remark', 'text', 'Late'],
        ],
      },
    ],
    [
      'Alchemer: answers by question, one of them not asked, and the account of the tool',
      {
        data: {
          ...{ account_id: 6, survey_id: 700, response_id: 42, contact: { Email: email } },
          survey_data: {
            2: { id: 2, type: 'RADIO', question: 'How likely?', answer: '2', shown: true },
            3: { id: 3, type: 'ESSAY', question: 'Why?', answer: 'Late', shown: true },
            4: { id: 4, type: 'ESSAY', question: 'And else?', section_id: 1, shown: false },
          },
        },
      },
      { id: '42', form: '700', at: null, said, respondent: { email: 'hidden.data.contact.Email' } },
    ],
    [
      'Fillout: inside an envelope, with the parameters of the address as a list',
      {
        ...{ formId: 'f1', formName: 'Feedback' },
        submission: {
          ...{ submissionId: 's-1', submissionTime: submittedAt, questions: listed },
          urlParameters: [{ id: 'mail', name: 'email', value: email }],
        },
      },
      { id: 's-1', form: 'f1', at: submittedAt, said, respondent: { email: 'hidden.submission.urlParameters.email' } },
    ],
    [
      'Paperform: entries with keys in place of ids',
      {
        ...{ form_id: 'pf1', submission_id: '5fb', created_at: '2026-11-20 08:00:00' },
        data: [
          { title: 'How likely?', type: 'scale', key: '3f4k', value: '2' },
          { title: 'Why?', type: 'text', key: '77a', value: 'Late' },
          { title: 'Your e-mail', type: 'email', key: 'k2', value: email },
        ],
      },
      {
        ...{ id: '5fb', form: 'pf1', at: submittedAt, said: [...said, ['Your e-mail', 'text', email]] },
        respondent: { email: 'k2' },
      },
    ],
    [
      'Cognito Forms: questions as names in one word',
      {
        ...{
          Form: { Id: '1', Name: 'Feedback' },
          Id: '1-12',
          HowLikely_Rating: 2,
          WhatWentWrong: 'Late',
          Email: email,
        },
        Entry: { Number: 12, DateSubmitted: submittedAt },
      },
      {
        ...{ id: '1-12', form: '1', at: submittedAt, respondent: { email: 'hidden.Email' } },
        said: [
          ['How likely rating', 'number', 2],
          ['What went wrong', 'text', 'Late'],
        ],
      },
    ],
    [
      'Zapier and other programs between: a field for each question, all as text',
      {
        ...{ 'Response ID': '9', 'Submitted At': submittedAt, 'Email Address': email, 'Full Name': 'Ida Holm' },
        ...{ 'How likely?': '2', 'Why was it so?': 'Late' },
      },
      {
        ...{ id: '9', form: 'default', at: submittedAt },
        said: [said[0], ['Why was it so?', 'text', 'Late']],
        respondent: { email: 'hidden.Email Address', name: 'hidden.Full Name' },
      },
    ],
    [
      'Make: a list of one',
      [{ submissionId: '9', createdAt: submittedAt, score: 2, comment: 'Late', customer: { id: 'k-9', email } }],
      {
        ...{ id: '9', form: 'default', at: submittedAt, said: scored },
        respondent: { key: 'hidden.customer.id', email: 'hidden.customer.email' },
      },
    ],
    [
      'KnoCommerce: a list whose name says nothing, seconds that are no time',
      {
        webhook_id: 'w',
        response: {
          ...{ id: '338', account_id: '3c', time_spent: 2338, completed_at: submittedAt, survey_id: '805' },
          customer_email: email,
          response: [{ value: 2, type: 'Radio', label: 'How likely?', question_id: '8fd' }],
        },
      },
      {
        ...{ id: '338', form: '805', at: submittedAt, said: [said[0]] },
        respondent: { email: 'hidden.response.customer_email' },
      },
    ],
    [
      'Product Fruits: no id of the response',
      {
        data: {
          ...{ surveyId: 's1', authorName: 'Ida Holm', authorEmail: email },
          answers: [{ questionId: 'q1', questionType: 'nps', answer: 2 }],
        },
      },
      {
        ...{ id: expect.stringMatching(/^[\da-f]{64}$/) as never, form: 's1', at: null, said: [['q1', 'number', 2]] },
        respondent: { email: 'hidden.data.authorEmail', name: 'hidden.data.authorName' },
      },
    ],
    [
      'Formstack: a URL-encoded form with the questions as names',
      `FormID=4&UniqueID=991&How+likely%3F=2&Why%3F=Late&Email=${encodeURIComponent(email)}`,
      { id: '991', form: '4', at: null, said, respondent: { email: 'hidden.Email' } },
    ],
  ])('%s', (_title, delivery, expected) => {
    const { responseId, form, submittedAt: at, answers, respondent } = inspect(delivery);
    const told = answers.map(({ question, type, value }) => [question.title || question.id, type, value]);
    expect({
      id: responseId,
      form,
      at: at ? new Date(at).toISOString().replace('.000', '') : null,
      said: told,
      respondent,
    })
      // Nothing is left over and nothing is missing.
      .toEqual(expected);
  });

  it.each<[string, object, string | null]>([
    [
      'a response id and answers, as Qualtrics has them',
      { responseId: '9', createdAt: submittedAt, answers: listed },
      'json',
    ],
    ['a name of its event and an id', { id: 'e9', event: 'response', sent: submittedAt, nps: 2, comment: 'x' }, 'json'],
    ['an event without answers', { id: 7, event: 'released', at: null, customer: null }, 'events'],
  ])('%s alone do not make it one of another tool', (_title, delivery, kind) => {
    expect(inspectDelivery(new TextEncoder().encode(JSON.stringify(delivery)))?.kind ?? null).toBe(kind);
    if (kind === 'json') expect(inspect(delivery).submittedAt).toBe(Date.parse(submittedAt));
  });

  it('who answered is guessed in a form of Microsoft too', () => {
    const response = { responder: email, responderName: 'Ida Holm', submitDate: '11/20/2026 8:00:00 AM', r1f0a: '2' };
    expect(inspect({ formId: 'f', responseId: '61', response }).respondent).toEqual({
      email: 'hidden.response.responder',
      name: 'hidden.response.responderName',
    });
  });

  it.each([{ status: 'ok', message: '' }, { id: 1, customer: { score: 5 } }, { contacts: [{ id: 'a', value: 'b' }] }])(
    'what holds no answers is none: %j',
    (json) => {
      expect(inspectDelivery(new TextEncoder().encode(JSON.stringify(json)))).toBeNull();
    },
  );
});
