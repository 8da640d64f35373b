import { describe, expect, it } from 'vitest';
import { hour, minute } from '#test/harness/times.ts';
import { VendorHarness } from '#test/harness/vendor-harness.ts';

/* Deliveries, credentials and back-fills as survey tools really have them. Numbers are those of the findings. */

const jotform = `    kind: jotform
    secret: JOTFORM_SECRET
    token: JOTFORM_KEY
    questions: { ease: "3" }
`;

const pushed = (id: string, raw: object) => {
  const part = (name: string, text: string) =>
    `--xx\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
  const texts = { formID: '77', submissionID: id, formTitle: 'Visit', rawRequest: JSON.stringify(raw) };
  return `${Object.entries(texts)
    .map(([name, text]) => part(name, text))
    .join('')}--xx--\r\n`;
};
const asForm = { 'content-type': 'multipart/form-data; boundary=xx' };

const jotformApi =
  (submissions: () => Record<string, unknown>[]) =>
  (request: Request): Response => {
    const { pathname } = new URL(request.url);
    const content = pathname.endsWith('/submissions')
      ? submissions()
      : { 3: { qid: '3', name: 'howEasy', text: 'How easy?' } };
    return Response.json({ responseCode: 200, content });
  };

const listed = (id: string, answer: string, more: Record<string, unknown> = {}) => ({
  id,
  form_id: '77',
  created_at: '2026-11-23 03:00:00',
  updated_at: null,
  status: 'ACTIVE',
  answers: { 3: { name: 'howEasy', text: 'How easy?', type: 'control_scale', answer } },
  ...more,
});

describe('finding 9: a back-fill over submissions that were delivered', () => {
  const opened = Date.UTC(2026, 10, 23, 7, 58);

  it('finds nothing, and adds no edit to a case', async () => {
    const harness = new VendorHarness({
      source: jotform,
      when: 'question: ease, <=: 5',
      api: jotformApi(() => [listed('900', '2')]),
    });
    await harness.deliver(pushed('900', { q3_howEasy: '2', event_id: `${opened}_77_abc` }), asForm);
    expect(harness.cases()).toHaveLength(1);
    await harness.pass(2 * hour);
    expect(harness.detail()).toMatchObject({ found: 0 });
    expect(harness.detail().walks[0]).toMatchObject({ seen: 1, found: 0 });
    expect(harness.timeline()).not.toContain('response edited');
  });

  it('finds what no delivery brought, and an edit that none brought', async () => {
    let submissions = [listed('901', '2')];
    const harness = new VendorHarness({
      source: jotform,
      when: 'question: ease, <=: 5',
      api: jotformApi(() => submissions),
    });
    await harness.deliver(pushed('900', { q3_howEasy: '9', event_id: `${opened}_77_abc` }), asForm);
    await harness.pass(2 * hour);
    expect(harness.detail()).toMatchObject({ found: 1 });
    expect(harness.cases()).toHaveLength(1);
    submissions = [listed('900', '1', { updated_at: '2026-11-23 05:30:00' })];
    await harness.pass(2 * hour);
    expect(harness.detail()).toMatchObject({ found: 2 });
    expect(harness.cases()).toHaveLength(2);
  });
});

describe('finding 10: a missing API token', () => {
  const surveymonkey = `    kind: surveymonkey
    secret: SURVEYMONKEY_SECRET
    token: SURVEYMONKEY_TOKEN
    questions: { nps: "1" }
`;
  const event = {
    event_type: 'response_completed',
    object_type: 'response',
    object_id: '5',
    event_datetime: '2026-11-23T08:00:00+00:00',
    resources: { survey_id: 's1' },
  };
  const answered = {
    id: '5',
    survey_id: 's1',
    response_status: 'completed',
    date_modified: '2026-11-23T08:00:00+00:00',
    pages: [
      { questions: [{ id: '1', heading: 'NPS', answers: [{ choice_id: '2', choice_metadata: { weight: '2' } }] }] },
    ],
  };

  it('is our trouble, shown with its remedy, and sets nothing aside', async () => {
    const harness = new VendorHarness({
      source: surveymonkey,
      when: 'question: nps, <=: 6',
      lacking: ['SURVEYMONKEY_TOKEN'],
      api: (request) =>
        request.url.includes('/responses/5') ? Response.json(answered) : Response.json({ pages: [], data: [] }),
    });
    await harness.deliver(event);
    await harness.pass(hour);
    expect(harness.outcomes()).toEqual(['fetching']);
    expect(harness.detail().trouble).toContain('ACME__SURVEYMONKEY_TOKEN');
    expect(harness.mail.to('dana@acme.example', 'cannot work in').length).toBe(1);
    expect(harness.calls).toEqual([]);
    harness.lacking = [];
    await harness.pass(hour);
    expect(harness.outcomes()).toEqual(['stored']);
    expect(harness.cases()).toHaveLength(1);
  });

  it('of a source whose deliveries hold the answers pauses its back-fill alone', async () => {
    const harness = new VendorHarness({
      source: jotform,
      when: 'question: ease, <=: 5',
      lacking: ['JOTFORM_KEY'],
      api: jotformApi(() => []),
    });
    await harness.deliver(pushed('900', { q3_howEasy: '2' }), asForm);
    expect(harness.cases()).toHaveLength(1);
    await harness.pass(2 * hour);
    expect(harness.detail().trouble).toContain('ACME__JOTFORM_KEY');
    expect(harness.outcomes()).toEqual(['stored']);
  });
});

describe('finding 14: the warning that a question is no longer answered', () => {
  it('counts exactly, also within an hour', async () => {
    const harness = new VendorHarness({
      source: '    kind: formbricks\n    secret: FORMBRICKS_SECRET\n    questions: { nps: q_nps }\n',
      when: 'question: nps, <=: 6',
    });
    const deliver = (id: number, data: Record<string, unknown>) =>
      harness.deliver({
        event: 'responseFinished',
        data: { id: `r-${id}`, surveyId: 'f1', updatedAt: new Date(harness.now).toISOString(), finished: true, data },
      });
    for (let number = 0; number < 25; number += 1) {
      await deliver(number, { q_nps: 9 });
      await harness.pass(minute);
    }
    const since = () => harness.detail().forms[0]?.questions[0]?.responsesSince;
    expect(since()).toBe(0);
    for (let number = 25; number < 28; number += 1) {
      await deliver(number, { other: 'x' });
      await harness.pass(minute);
    }
    expect(since()).toBe(3);
  });
});

describe('minor findings: back-fills', () => {
  const monkey = (forms: string) =>
    `    kind: surveymonkey\n    secret: SURVEYMONKEY_SECRET\n    token: SURVEYMONKEY_TOKEN\n    questions: { completed: "1" }\n    forms: [${forms}]\n`;

  it('name a form that the survey tool does not know', async () => {
    const harness = new VendorHarness({ source: monkey('typo'), api: () => new Response('{}', { status: 404 }) });
    await harness.pass(minute);
    expect(harness.detail().walks[0]).toMatchObject({ seen: 0, found: 0 });
    expect(harness.detail().trouble).toContain('the survey tool knows no such form; check its id');
  });

  it('keep 20 quiet forms within half of a daily limit of 500 calls', async () => {
    const forms = Array.from({ length: 20 }, (_, index) => `f${index}`).join(', ');
    const harness = new VendorHarness({ source: monkey(forms), api: () => Response.json({ data: [], pages: [] }) });
    await harness.pass(24 * hour);
    expect(harness.callsTo('/responses/bulk')).toBeGreaterThan(200);
    expect(harness.callsTo('/responses/bulk')).toBeLessThanOrEqual(280);
  });

  it('repeat a failed form alone', async () => {
    const harness = new VendorHarness({
      source: monkey('f1, f2, f3'),
      api: (request) =>
        request.url.includes('/f1/') ? new Response('{}', { status: 503 }) : Response.json({ data: [], pages: [] }),
    });
    await harness.pass(20 * minute);
    expect(harness.callsTo('/f1/')).toBeGreaterThan(2);
    expect(harness.callsTo('/f2/')).toBeLessThanOrEqual(1);
  });
});
