import { type Filled, SurveyHost } from '../../emulators/survey-host.ts';

/** A time in Jotform's format: New York time without an offset. */
function timeText(at: number): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'America/New_York',
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return parts.format(at);
}

/** Jotform's API: failures have status 200 and their own status in the body. */
export function emulateJotform(now: () => number, token: string): SurveyHost {
  const host = new SurveyHost({
    now,
    token,
    allows: (c) => c.req.header('apikey') === token,
    refuse: (c) => c.json({ responseCode: 401, message: "You're not authorized", content: '' }),
  });
  const submission = (form: string, { id, submittedAt, changedAt, score, words, email }: Filled) => ({
    id,
    form_id: form,
    created_at: timeText(submittedAt),
    // Null until the first edit.
    updated_at: changedAt > submittedAt ? timeText(changedAt) : null,
    status: 'ACTIVE',
    answers: {
      3: { name: 'howEasy', text: 'How easy was it?', type: 'control_scale', answer: String(score) },
      4: { name: 'why', text: 'Why?', type: 'control_textarea', answer: words },
      5: { name: 'email', text: 'E-mail', type: 'control_email', answer: email },
      6: { name: 'submit', text: 'Submit', type: 'control_button' },
    },
  });
  const ok = (content: unknown) => ({ responseCode: 200, message: 'success', content });
  const missing = { responseCode: 404, message: 'Not found', content: '' };
  host.app.get('/form/:form/submissions', (c) => {
    const { filter = '{}', limit = '20', offset = '0' } = c.req.query();
    const after: string = JSON.parse(filter)['created_at:gt'] ?? '';
    const all = host.list('submittedAt', 0).filter(({ submittedAt }) => timeText(submittedAt) > after);
    const page = all.slice(Number(offset), Number(offset) + Math.min(1000, Number(limit)));
    return c.json(ok(page.map((filled) => submission(c.req.param('form'), filled))));
  });
  host.app.get('/submission/:id', (c) => {
    const answer = host.read(c.req.param('id'));
    return c.json(answer ? ok(submission('form-1', answer)) : missing);
  });
  host.app.get('/form/:form/questions', (c) =>
    c.json(
      ok({
        3: { qid: '3', name: 'howEasy', text: 'How easy was it?', type: 'control_scale' },
        4: { qid: '4', name: 'why', text: 'Why?', type: 'control_textarea' },
      }),
    ),
  );
  return host;
}
