import { hourMs, toIsoText } from '#domain/time/units.ts';
import { hasBearer, SurveyHost } from '../../emulators/survey-host.ts';

/** Google's Forms API with the host of its access tokens, which are valid for an hour. */
export function emulateGoogleForms(now: () => number, refreshToken: string): SurveyHost {
  const tokens = new Map<string, number>();
  const host = new SurveyHost({
    now,
    token: refreshToken,
    allows: (c) =>
      c.req.path === '/token' || [...tokens].some(([token, until]) => until > now() && hasBearer(c, token)),
    refuse: (c) => c.json({ error: { code: 401, status: 'UNAUTHENTICATED' } }, 401),
  });
  host.app.post('/token', async (c) => {
    const form = await c.req.parseBody();
    const isKnown = form.grant_type === 'refresh_token' && form.refresh_token === refreshToken;
    if (!isKnown) return c.json({ error: 'invalid_grant' }, 400);
    const token = `access-${tokens.size + 1}`;
    tokens.set(token, now() + hourMs);
    return c.json({ access_token: token, expires_in: 3600, token_type: 'Bearer' });
  });
  host.app.get('/v1/forms/:form/responses', (c) => {
    const { filter = '', pageSize = '5000', pageToken = '0' } = c.req.query();
    const since = /^timestamp >= (\S+)$/.exec(filter)?.[1];
    if (!since) return c.json({ error: { code: 400, status: 'INVALID_ARGUMENT' } }, 400);
    const all = host.list('changedAt', Date.parse(since));
    const end = Number(pageToken) + Number(pageSize);
    const page = all.slice(Number(pageToken), end);
    return c.json({
      ...(page.length > 0
        ? {
            responses: page.map(({ id, submittedAt, changedAt, score, words, email }) => ({
              responseId: id,
              createTime: toIsoText(submittedAt),
              lastSubmittedTime: toIsoText(changedAt),
              respondentEmail: email,
              answers: {
                '0a1b2c3d': {
                  questionId: '0a1b2c3d',
                  textAnswers: { answers: [{ value: String(score) }] },
                },
                '4e5f6071': { questionId: '4e5f6071', textAnswers: { answers: [{ value: words }] } },
              },
            })),
          }
        : {}),
      ...(end < all.length ? { nextPageToken: String(end) } : {}),
    });
  });
  host.app.get('/v1/forms/:form', (c) =>
    c.json({
      items: [
        {
          title: 'How easy was it?',
          questionItem: { question: { questionId: '0a1b2c3d', scaleQuestion: {} } },
        },
        { title: 'Why?', questionItem: { question: { questionId: '4e5f6071', textQuestion: {} } } },
      ],
    }),
  );
  return host;
}
