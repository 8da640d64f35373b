import { toIsoText } from '#domain/time/units.ts';
import { form, hasBearer, SurveyHost } from '../../emulators/survey-host.ts';

/** Tally's list of submissions: newest first, numbered pages of at most 500. */
export function emulateTally(now: () => number, token: string): SurveyHost {
  const host = new SurveyHost({ now, token, allows: hasBearer });
  const questions = [
    { id: 'Sc0re', type: 'LINEAR_SCALE', title: 'How easy was it?', fields: [] },
    { id: 'W0rds', type: 'TEXTAREA', title: 'Why?', fields: [] },
    { id: 'H1dden', type: 'HIDDEN_FIELDS', title: null, fields: [{ uuid: 'u-1', title: 'email' }] },
  ];
  host.app.get('/forms', (c) => c.json({ items: [{ id: form, name: 'How is it going?' }], hasMore: false }));
  host.app.get('/webhooks', (c) => {
    const { page = '1', limit = '25' } = c.req.query();
    const until = Number(page) * Number(limit);
    const webhooks = [...host.hooks.values()].slice(until - Number(limit), until);
    return c.json({ webhooks, page: Number(page), limit: Number(limit), hasMore: host.hooks.size > until });
  });
  // Tally takes any number of webhooks for one address.
  host.app.post('/webhooks', async (c) => {
    const hook = { isEnabled: true, ...(await c.req.json()) };
    if (hook.formId !== form) return c.json({ message: 'Form not found' }, 404);
    const id = `hook-${host.hooks.size + 1}`;
    host.hooks.set(id, { id, ...hook });
    return c.json({ id, url: hook.url, eventTypes: hook.eventTypes, isEnabled: true }, 201);
  });
  host.app.patch('/webhooks/:id', async (c) => {
    const hook = host.hooks.get(c.req.param('id'));
    if (!hook) return c.json({ message: 'Webhook not found' }, 404);
    Object.assign(hook, await c.req.json());
    return c.body(null, 204);
  });
  host.app.get('/forms/:form/submissions', (c) => {
    const { page = '1', limit = '50', startDate = toIsoText(0) } = c.req.query();
    const size = Math.min(500, Number(limit));
    const all = host.list('submittedAt', Date.parse(startDate)).reverse();
    const start = (Number(page) - 1) * size;
    return c.json({
      page: Number(page),
      limit: size,
      hasMore: start + size < all.length,
      totalNumberOfSubmissionsPerFilter: { all: all.length, completed: all.length, partial: 0 },
      questions,
      submissions: all.slice(start, start + size).map(({ id, submittedAt, score, words, email }) => ({
        id,
        formId: c.req.param('form'),
        respondentId: `p-${id}`,
        isCompleted: true,
        submittedAt: toIsoText(submittedAt),
        responses: [
          { id: `${id}-1`, questionId: 'Sc0re', answer: score },
          { id: `${id}-2`, questionId: 'W0rds', answer: words },
          { id: `${id}-3`, questionId: 'H1dden', answer: { email } },
        ],
      })),
    });
  });
  return host;
}
