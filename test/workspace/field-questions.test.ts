import { describe, expect, it } from 'vitest';
import { hour, minute } from '#test/harness/times.ts';
import { VendorHarness } from '#test/harness/vendor-harness.ts';

/* Questions and choices as survey tools really describe them. Numbers are those of the findings. */

const surveymonkey = (questions: string) => `    kind: surveymonkey
    secret: SURVEYMONKEY_SECRET
    token: SURVEYMONKEY_TOKEN
    questions: ${questions}
`;

const completed = (id: string, survey = 's1') => ({
  event_type: 'response_completed',
  object_type: 'response',
  object_id: id,
  event_datetime: '2026-11-23T08:00:00.000000+00:00',
  resources: { survey_id: survey },
});

interface Asked {
  id: string;
  heading?: string;
  family?: string;
  answers: Record<string, unknown>[];
}

const filled = (id: string, questions: Asked[], survey = 's1') => ({
  id,
  survey_id: survey,
  response_status: 'completed',
  date_modified: '2026-11-23T08:00:00+00:00',
  pages: [{ questions }],
});

/** SurveyMonkey's API with one survey and one answer for every response. */
const monkey = (described: unknown[], questions: Asked[]) => (request: Request) => {
  const [, , , survey = '', kind, id = ''] = new URL(request.url).pathname.split('/');
  if (kind === 'details') return Response.json({ pages: [{ questions: described }] });
  return id === 'bulk' ? Response.json({ data: [] }) : Response.json(filled(id, questions, survey));
};

const clinic = {
  id: '9',
  headings: [{ heading: 'Which clinic?' }],
  answers: {
    choices: [
      { id: '11', text: 'North' },
      { id: '12', text: 'South' },
    ],
  },
};

describe('finding 1: the first response of a form', () => {
  it('is evaluated with the fetched texts of its choices, for every new form', async () => {
    const harness = new VendorHarness({
      source: surveymonkey('{ clinic: "9" }'),
      when: 'question: clinic, is: North',
      api: monkey([clinic], [{ id: '9', family: 'single_choice', answers: [{ choice_id: '11' }] }]),
    });
    for (let form = 1; form <= 12; form += 1) {
      await harness.deliver(completed(`r-${form}`, `s${form}`));
      await harness.pass(minute);
    }
    expect(harness.cases()).toHaveLength(12);
    expect(harness.answers()).toEqual(['Which clinic?: North']);
    expect(harness.responses()[0]?.decisions[0]?.why.join()).toContain('North');
  });

  it('is evaluated on the newest reading although a long backlog is still being reread', async () => {
    let isReachable = false;
    const api = monkey([clinic], [{ id: '9', family: 'single_choice', answers: [{ choice_id: '11' }] }]);
    const harness = new VendorHarness({
      source: surveymonkey('{ clinic: "9" }'),
      when: 'question: clinic, is: North',
      api: (request) =>
        !isReachable && new URL(request.url).pathname.endsWith('s1/details')
          ? new Response('{}', { status: 503 })
          : api(request),
    });
    for (let number = 0; number < 150; number += 1) await harness.deliver(completed(`r-${number}`));
    expect(harness.cases()).toHaveLength(0);
    isReachable = true;
    await harness.pass(30 * minute);
    const why = harness.responses().map(({ decisions }) => decisions[0]?.why.join() ?? '');
    expect(why.filter((reasons) => reasons.includes('North') && reasons.includes('opened C-'))).toHaveLength(50);
    expect(why.filter((reasons) => reasons.includes('North') && reasons.includes('held: '))).toHaveLength(100);
  });
});

const formbricks = (questions: string, token = true) => `    kind: formbricks
    secret: FORMBRICKS_SECRET
${token ? '    token: FORMBRICKS_KEY\n' : ''}    questions: ${questions}
    respondent: { email: hidden.mail }
`;

const finished = (id: string, data: unknown, more: Record<string, unknown> = { finished: true }) => ({
  event: 'responseFinished',
  data: { id, surveyId: 'f1', updatedAt: '2026-11-23T07:59:00Z', data, ...more },
});

const formbricksApi = (request: Request) =>
  new URL(request.url).pathname.includes('/surveys/')
    ? Response.json({ data: { questions: [{ id: 'q_nps', headline: { default: 'How likely?' } }] } })
    : Response.json({ data: [] });

describe('finding 2: a field that no description names', () => {
  it('is asked for once a day, and holds nothing up', async () => {
    const harness = new VendorHarness({
      source: formbricks('{ nps: q_nps }'),
      when: 'question: nps, <=: 6',
      api: formbricksApi,
    });
    for (let number = 0; number < 5; number += 1) {
      await harness.deliver(finished(`r-${number}`, { q_nps: 3, mail: `p-${number}@example.com` }));
      expect(harness.cases()).toHaveLength(number + 1);
      await harness.pass(minute);
    }
    expect(harness.callsTo('/management/surveys/')).toBe(1);
  });

  it('of a refused token delays no case whose answers came with the delivery', async () => {
    const harness = new VendorHarness({
      source: formbricks('{ nps: q_nps }'),
      when: 'question: nps, <=: 6',
      api: () => new Response('{}', { status: 401 }),
    });
    await harness.deliver(finished('r-1', { q_nps: 0, mail: 'p@example.com' }));
    expect(harness.cases()).toHaveLength(1);
    expect(harness.outcomes()).toEqual(['stored']);
  });

  it('of a loop or a group is asked for once, also at Qualtrics', async () => {
    const values = { recordedDate: '2026-11-23T07:59:00Z', finished: 1, QID9: 3, QID9_NPS_GROUP: 1, '1_QID1': 2 };
    const labels = { QID9_NPS_GROUP: 'Detractor', '1_QID1': 'Bad' };
    const harness = new VendorHarness({
      source: qualtrics('{ nps: QID9 }'),
      when: 'question: nps, <=: 6',
      api: qualtricsApi({ QID9: { QuestionText: 'How likely?', QuestionType: 'MC' } }, () => ({ values, labels })),
    });
    for (let number = 0; number < 3; number += 1) await harness.deliver(subscribed(`R_${number}`));
    await harness.pass(minute);
    expect(harness.cases()).toHaveLength(3);
    expect(harness.callsTo('/survey-definitions/')).toBe(1);
  });
});

const qualtrics = (questions: string) => `    kind: qualtrics
    secret: QUALTRICS_KEY
    token: QUALTRICS_TOKEN
    questions: ${questions}
`;

const subscribed = (id: string, at = '2026-11-23 08:00:00') =>
  new URLSearchParams({ MSG: JSON.stringify({ SurveyID: 'SV_1', ResponseID: id, CompletedDate: at }) }).toString();

const qualtricsApi =
  (questions: Record<string, unknown>, read: (id: string) => { values: unknown; labels?: unknown }) =>
  (request: Request) => {
    const { pathname } = new URL(request.url);
    if (pathname.includes('/survey-definitions/')) return Response.json({ result: { Questions: questions } });
    const responseId = pathname.split('/').at(-1) ?? '';
    if (pathname.includes('/responses/')) return Response.json({ result: { responseId, ...read(responseId) } });
    return new Response('{}', { status: 503 });
  };

describe('finding 3: rows of a SurveyMonkey matrix', () => {
  const described = [
    {
      id: '50',
      headings: [{ heading: 'Rate our work' }],
      answers: {
        rows: [
          { id: '501', text: 'Speed' },
          { id: '502', text: 'Price' },
        ],
        choices: [
          { id: '20', text: 'Good' },
          { id: '21', text: 'Poor' },
        ],
      },
    },
  ];

  it('carry the fetched texts of their rows and choices', async () => {
    const harness = new VendorHarness({
      source: surveymonkey('{ speed: "50.501" }'),
      when: 'question: speed, is: Poor',
      api: monkey(described, [
        {
          id: '50',
          family: 'matrix',
          answers: [
            { row_id: '501', choice_id: '21' },
            { row_id: '502', choice_id: '20' },
          ],
        },
      ]),
    });
    await harness.deliver(completed('r-1'));
    await harness.pass(minute);
    expect(harness.answers()).toEqual(['Rate our work [Speed]: Poor', 'Rate our work [Price]: Good']);
    expect(harness.cases()).toHaveLength(1);
  });

  it('lose the name of the row that `simple=true` puts before the choice', async () => {
    const harness = new VendorHarness({
      source: surveymonkey('{ speed: "50.501" }'),
      when: 'question: speed, is: Poor',
      api: monkey(described, [
        {
          id: '50',
          heading: 'Rate us',
          family: 'matrix',
          answers: [{ row_id: '501', choice_id: '21', simple_text: 'Speed | Poor' }],
        },
      ]),
    });
    await harness.deliver(completed('r-1'));
    await harness.pass(minute);
    expect(harness.answers()).toEqual(['Rate us [Speed]: Poor']);
    expect(harness.cases()).toHaveLength(1);
  });
});

describe('finding 4: a Formbricks event that says that the response is finished', () => {
  it('needs no field that repeats it', async () => {
    const harness = new VendorHarness({ source: formbricks('{ nps: q_nps }', false), when: 'question: nps, <=: 6' });
    const { updatedAt: _, ...data } = finished('r', { q_nps: 2 }, {}).data;
    await harness.deliver({ event: 'responseFinished', data });
    expect(harness.responses()[0]?.content.partial).toBe(false);
    expect(harness.cases()).toHaveLength(1);
    await harness.deliver({ event: 'responseUpdated', data: { ...data, id: 'r-2' } });
    expect(harness.responses()[1]?.content.partial).toBe(true);
  });
});

describe('finding 5: an alias by a name that only the API knows', () => {
  it('applies to the answers, as the source page shows', async () => {
    const harness = new VendorHarness({
      source: qualtrics('{ comfort: Comfort }'),
      when: 'question: comfort, is: Bad',
      api: qualtricsApi(
        {
          QID1: {
            QuestionText: 'How was it?',
            QuestionType: 'MC',
            DataExportTag: 'Comfort',
            Choices: { 2: { Display: 'Bad' } },
          },
        },
        () => ({ values: { recordedDate: '2026-11-23T07:59:00Z', finished: 1, QID1: 2 }, labels: { QID1: 'Bad' } }),
      ),
    });
    for (let number = 0; number < 3; number += 1) await harness.deliver(subscribed(`R_${number}`));
    await harness.pass(minute);
    expect(harness.responses().map(({ content }) => content.answers[0]?.alias)).toEqual(Array(3).fill('comfort'));
    expect(harness.cases()).toHaveLength(3);
    expect(harness.detail().lostAliases).toEqual([]);
  });
});

describe('finding 6: an edited response whose event carries a time without a zone', () => {
  it.each(['2026-11-23 01:00:02', '2026-11-23 08:00:02'])('is fetched again at %s', async (edited) => {
    let mood = 'Happy';
    let recordedDate = '2026-11-23T08:00:00.500Z';
    const harness = new VendorHarness({
      source: qualtrics('{ mood: QID1 }'),
      when: 'question: mood, is: Unhappy',
      api: qualtricsApi({ QID1: { QuestionText: 'Mood?', QuestionType: 'MC' } }, () => ({
        values: { recordedDate, finished: 1, QID1: 1 },
        labels: { QID1: mood },
      })),
    });
    await harness.deliver(subscribed('R_1', edited.replace(':02', ':00')));
    expect(harness.cases()).toHaveLength(0);
    [mood, recordedDate] = ['Unhappy', '2026-11-23T08:00:02Z'];
    await harness.deliver(subscribed('R_1', edited));
    expect(harness.cases()).toHaveLength(1);
    await harness.deliver(subscribed('R_1', edited));
    await harness.pass(hour);
    expect(harness.cases()).toHaveLength(1);
    expect(harness.outcomes()).toEqual(['stored', 'stored', 'duplicate']);
  });
});

describe('minor findings', () => {
  it('SurveyMonkey repeats identical answers, which count once', async () => {
    const star = { choice_id: '32', choice_metadata: { weight: '2' } };
    const harness = new VendorHarness({
      source: surveymonkey('{ stars: "1" }'),
      when: 'question: stars, <=: 2',
      api: monkey(
        [],
        [
          { id: '1', heading: 'Stars', answers: [star, star] },
          {
            id: '9',
            heading: 'Which?',
            answers: [
              { choice_id: '11', simple_text: 'North' },
              { choice_id: '11', simple_text: 'North' },
            ],
          },
        ],
      ),
    });
    await harness.deliver(completed('r-1'));
    expect(harness.answers()).toEqual(['Stars: 2', 'Which?: North']);
    expect(harness.cases()).toHaveLength(1);
  });

  it('a part of a response that comes late leaves it finished', async () => {
    const harness = new VendorHarness({
      source: '    kind: typeform\n    secret: TYPEFORM_SECRET\n    questions: { nps: nps }\n',
      when: 'question: nps, <=: 6',
    });
    const form = (event_type: string, submitted_at: string) => ({
      event_type,
      form_response: {
        form_id: 'f',
        token: 't',
        submitted_at,
        answers: [{ type: 'number', number: 2, field: { id: 'nps' } }],
      },
    });
    await harness.deliver(form('form_response', '2026-11-23T07:00:00Z'));
    await harness.deliver(form('form_response_partial', '2026-11-23T07:00:05Z'));
    expect(harness.responses()[0]?.content.partial).toBe(false);
    expect(harness.outcomes()).toEqual(['stored', 'duplicate']);
    expect(harness.cases()).toHaveLength(1);
  });
});
