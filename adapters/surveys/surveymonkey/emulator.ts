import { toIsoText } from '#domain/time/units.ts';
import { type Filled, hasBearer, SurveyHost } from '../../emulators/survey-host.ts';

/** SurveyMonkey's API: bulk pages by time of change, and a limit per minute in its own headers. */
export function emulateSurveyMonkey(now: () => number, token: string): SurveyHost {
  const limit = (resetMs: number) =>
    new Response('{}', {
      status: 429,
      headers: {
        'x-ratelimit-app-global-day-remaining': '400',
        'x-ratelimit-app-global-minute-remaining': '0',
        'x-ratelimit-app-global-minute-reset': String(Math.ceil(resetMs / 1000)),
      },
    });
  const host = new SurveyHost({ now, token, allows: hasBearer, limit });
  const limitHeader = (survey: string, { id, submittedAt, changedAt, score, words, email, trial }: Filled) => ({
    id,
    survey_id: survey,
    response_status: 'completed',
    collection_mode: trial ? 'preview' : 'default',
    date_created: toIsoText(submittedAt),
    date_modified: toIsoText(changedAt),
    email_address: '',
    custom_variables: {},
    metadata: { contact: { email: { type: 'string', value: email } } },
    pages: [
      {
        id: '1',
        questions: [
          {
            id: '101',
            heading: 'How easy was it?',
            family: 'matrix',
            subtype: 'rating',
            answers: [{ choice_id: '7', simple_text: String(score), choice_metadata: { weight: String(score) } }],
          },
          {
            id: '102',
            heading: 'Why?',
            family: 'open_ended',
            answers: [{ text: words, simple_text: words }],
          },
          {
            id: '103',
            heading: 'Rate our work',
            family: 'matrix',
            subtype: 'single',
            answers: [{ row_id: '31', choice_id: '41', simple_text: 'Speed | Good' }],
          },
        ],
      },
    ],
  });
  host.app.get('/v3/surveys/:survey/responses/bulk', (c) => {
    const { page = '1', per_page: size = '50', start_modified_at: since = '1970-01-01T00:00:00' } = c.req.query();
    const all = host.list('changedAt', Date.parse(`${since}Z`));
    const start = (Number(page) - 1) * Number(size);
    const next = start + Number(size) < all.length ? 'https://api.surveymonkey.com/v3/next' : undefined;
    return c.json({
      total: all.length,
      data: all.slice(start, start + Number(size)).map((filled) => limitHeader(c.req.param('survey'), filled)),
      links: next ? { next } : {},
    });
  });
  host.app.get('/v3/surveys/:survey/responses/:id/details', (c) => {
    const answer = host.read(c.req.param('id'));
    return answer ? c.json(limitHeader(c.req.param('survey'), answer)) : c.json({ error: { id: '1020' } }, 404);
  });
  host.app.get('/v3/surveys/:survey/details', (c) =>
    c.json({
      pages: [
        {
          questions: [
            {
              id: '101',
              headings: [{ heading: 'How easy was it?' }],
              answers: { choices: [{ id: '7', text: '7' }] },
            },
            { id: '102', headings: [{ heading: 'Why?' }] },
            {
              id: '103',
              headings: [{ heading: 'Rate our work' }],
              answers: { rows: [{ id: '31', text: 'Speed' }], choices: [{ id: '41', text: 'Good' }] },
            },
          ],
        },
      ],
    }),
  );
  return host;
}
