import { toIsoText } from '#domain/time/units.ts';
import { SurveyHost } from '../../emulators/survey-host.ts';

/** Formbricks' management API: newest created first, paged by offset. */
export function emulateFormbricks(now: () => number, token: string): SurveyHost {
  const host = new SurveyHost({ now, token, allows: (c) => c.req.header('x-api-key') === token });
  host.app.get('/api/v1/management/responses', (c) => {
    const { limit = '50', skip = '0', surveyId = '' } = c.req.query();
    const all = host.list('submittedAt', 0).reverse();
    const page = all.slice(Number(skip), Number(skip) + Number(limit));
    return c.json({
      data: page.map(({ id, submittedAt, changedAt, score, words, email }) => ({
        id,
        surveyId,
        createdAt: toIsoText(submittedAt),
        updatedAt: toIsoText(changedAt),
        finished: true,
        data: { score, words },
        contactAttributes: { email },
        meta: {},
      })),
    });
  });
  host.app.get('/api/v1/management/surveys/:id', (c) =>
    c.json({
      data: {
        id: c.req.param('id'),
        questions: [],
        blocks: [
          { id: 'b1', elements: [{ id: 'score', headline: { default: 'How easy was it?' } }] },
          { id: 'b2', elements: [{ id: 'words', headline: { default: 'Why?' } }] },
        ],
      },
    }),
  );
  return host;
}
