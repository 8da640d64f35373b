import { describe, expect, it } from 'vitest';
import { inspectDelivery, inspectExamples } from '#src/inspect-delivery.ts';
import { WorkspaceFileSchema } from '#src/wiring.ts';
import { readFixtures } from '#test/contracts/survey-fixtures.ts';
import { surveyRigs } from '#test/contracts/survey-harnesses.ts';

const needMapping = new Set(['json', 'standard-webhooks', 'mail']);
const readable = surveyRigs
  .filter(({ kind }) => !needMapping.has(kind))
  .flatMap(({ kind }) => readFixtures(kind).map((fixture) => ({ kind, ...fixture })))
  .filter(({ name, expected }) => !name.startsWith('api-') && !Object.hasOwn(expected as object, 'refused'));

describe('a delivery taken apart', () => {
  it.each(readable)('is known as $kind by its shape: $name', ({ kind, body }) => {
    expect(inspectDelivery(body)?.kind).toBe(kind);
  });

  it.each(readable)('gives an entry that a workspace file takes: $kind $name', ({ body }) => {
    const entry = inspectDelivery(body)?.entry;
    const read = WorkspaceFileSchema.safeParse({ sources: { survey: entry } });
    expect(read.error?.issues.filter(({ path }) => path[0] === 'sources')).toEqual([]);
  });

  it.each(readFixtures('mail').filter(({ name }) => /^alert|^no-comment/.test(name)))(
    'gives the lines of an e-mail alert that a workspace file takes: $name',
    async ({ body }) => {
      expect(inspectDelivery(body)).toBeNull();
      const inspected = await inspectExamples([body]);
      expect(inspected?.entry).toMatchObject({ kind: 'mail', lines: expect.arrayContaining(['Email: {email}']) });
      const read = WorkspaceFileSchema.safeParse({ sources: { survey: inspected?.entry } });
      expect(read.error?.issues.filter(({ path }) => path[0] === 'sources')).toEqual([]);
    },
  );

  it('guesses who answered and what to call the questions', () => {
    const tally = readable.find(({ name }) => name === 'every-field-type');
    expect(inspectDelivery(tally?.body ?? new Uint8Array())?.entry).toMatchObject({
      questions: { 'is-the-upgrade-complete': 'question_c1', 'how-easy-was-it': 'question_e3' },
      respondent: { key: 'hidden.customer_id', email: 'question_b3', tier: 'hidden.tier' },
    });
    const asknicely = readable.find(({ kind }) => kind === 'asknicely');
    expect(inspectDelivery(asknicely?.body ?? new Uint8Array())?.entry.respondent).toMatchObject({
      key: 'hidden.person.id',
      email: 'hidden.person.email',
      name: 'hidden.person.name',
    });
  });

  it('may be told inside JSON, by what captured it', () => {
    const signed = readFixtures('qualtrics').find(({ name }) => name === 'signed');
    const text = new TextDecoder().decode(signed?.body);
    const captured = { content_type: 'application/x-www-form-urlencoded', body: text };
    const json = (value: unknown) => inspectDelivery(new TextEncoder().encode(JSON.stringify(value)));
    expect(json(captured)?.kind).toBe('qualtrics');
    const parts = {
      action: '',
      formID: '1',
      submissionID: '9007199254740993',
      rawRequest: '{"q3_howEasy":"9"}',
    };
    expect(json(parts)).toMatchObject({
      kind: 'jotform',
      parsed: { response: { responseId: '9007199254740993' } },
      entry: { questions: { 'how-easy': 'howEasy' } },
    });
  });

  it('of a tool that nobody knows shows where id, time and answers seem to stand', () => {
    const json = (value: unknown) => inspectDelivery(new TextEncoder().encode(JSON.stringify(value)));
    const listed = {
      event: 'done',
      payload: {
        submission_id: 'S-1',
        survey: { id: 'nps', name: 'NPS' },
        completed_at: '2026-11-20T08:00:00Z',
        person: { email: 'ines@customer.example', customer_id: 'c-1' },
        answers: [
          { id: 'q1', title: 'Would you recommend us?', value: 9 },
          { id: 'q2', title: 'Why?', value: 'Fast' },
        ],
      },
    };
    expect(json(listed)?.entry).toEqual({
      kind: 'json',
      secret: 'SURVEY_SECRET',
      proof: { kind: 'header', header: 'X-Caselite-Secret' },
      response: {
        id: 'payload.submission_id',
        form: 'payload.survey.id',
        'form-title': 'payload.survey.name',
        'submitted-at': 'payload.completed_at',
        answers: 'payload.answers',
      },
      questions: { 'would-you-recommend-us': 'q1', why: 'q2' },
      respondent: { key: 'hidden.payload.person.customer_id', email: 'hidden.payload.person.email' },
    });
    const keyed = { token: 't-1', at: 1, fields: { ease: 3, wish: 'more' } };
    expect(json(keyed)?.entry.response).toEqual({ id: 'token', answers: 'fields' });
    const read = WorkspaceFileSchema.safeParse({ sources: { survey: json(listed)?.entry } });
    expect(read.error?.issues.filter(({ path }) => path[0] === 'sources')).toEqual([]);
  });

  it('of a file names the columns with times and ids, however times are written', () => {
    const entry = (text: string) => inspectDelivery(new TextEncoder().encode(text))?.entry;
    expect(entry('Response ID,Date,email,Score\n1,11/24/2026 8:05 PM,a@b.example,9\n2,11/25/2026,,3\n')).toMatchObject({
      columns: { id: 'Response ID', 'submitted-at': 'Date' },
      dates: 'month-first',
      questions: { score: 'Score' },
      respondent: { email: 'hidden.email' },
    });
    expect(entry('Score;Zeit\n9;2026-11-24 08:00\n')).toMatchObject({ columns: { 'submitted-at': 'Zeit' } });
    expect(entry('Score,Words\n9,fine\n')).toBeUndefined();
  });

  it('is nothing that is known', () => {
    for (const text of ['', '{}', '[]', 'a=b', '--x', '{"id":1}'])
      expect(inspectDelivery(new TextEncoder().encode(text))).toBeNull();
  });
});
