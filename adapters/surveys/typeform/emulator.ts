import { toIsoText } from '#domain/time/units.ts';
import { type Filled, form, hasBearer, SurveyHost } from '../../emulators/survey-host.ts';

/** Typeform's Responses API: oldest first on request, then paged after a token. */
export function emulateTypeform(now: () => number, token: string): SurveyHost {
  const host = new SurveyHost({ now, token, allows: hasBearer });
  const item = ({ id, submittedAt, score, words, email }: Filled) => ({
    token: id,
    landed_at: toIsoText(submittedAt),
    submitted_at: toIsoText(submittedAt),
    hidden: { email },
    answers: [
      { type: 'number', number: score, field: { id: 'q-score', type: 'opinion_scale' } },
      { type: 'text', text: words, field: { id: 'q-words', type: 'long_text' } },
    ],
  });
  host.app.get('/forms/:form/responses', (c) => {
    const { included_response_ids: wanted, after, since, page_size: size = '25' } = c.req.query();
    if (wanted) {
      const filleds = wanted.split(',').flatMap((id) => host.read(id) ?? []);
      return c.json({ items: filleds.map(item) });
    }
    const all = host.list('submittedAt', since ? Date.parse(`${since}Z`) : 0);
    const start = after ? all.findIndex(({ id }) => id === after) + 1 : 0;
    return c.json({ items: all.slice(start, start + Number(size)).map(item), total_items: all.length });
  });
  host.app.get('/forms', (c) => c.json({ total_items: 1, items: [{ id: form, title: 'How is it going?' }] }));
  host.app.get('/forms/:form/webhooks/:tag', (c) => {
    const hook = host.hooks.get(`${c.req.param('form')} ${c.req.param('tag')}`);
    return hook ? c.json(hook) : c.json({ code: 'NOT_FOUND' }, 404);
  });
  // A tag has one webhook: putting it again changes it.
  host.app.put('/forms/:form/webhooks/:tag', async (c) => {
    const { form: form_id, tag } = c.req.param();
    if (form_id !== form) return c.json({ code: 'FORM_NOT_FOUND' }, 404);
    const hook = { id: `hook of ${tag}`, form_id, tag, verify_ssl: true, ...(await c.req.json()) };
    host.hooks.set(`${form_id} ${tag}`, hook);
    return c.json(hook);
  });
  host.app.get('/forms/:form', (c) =>
    c.json({
      fields: [
        { id: 'q-score', title: 'How easy was it?', type: 'opinion_scale' },
        { id: 'q-words', title: '*Why*?', type: 'long_text' },
      ],
    }),
  );
  return host;
}
