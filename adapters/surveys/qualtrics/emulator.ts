import { minuteMs, toIsoText } from '#domain/time/units.ts';
import { type Filled, SurveyHost } from '../../emulators/survey-host.ts';

const exportTakesMs = 12_000;

/** Qualtrics' API: lists are exports, which are slow and are then downloaded as a file. */
export function emulateQualtrics(now: () => number, token: string): SurveyHost {
  const host = new SurveyHost({ now, token, allows: (c) => c.req.header('x-api-token') === token });
  const jobs = new Map<string, { readyAt: number; rows: Filled[] }>();
  const toAnswer = ({ id, submittedAt, score, words, email, trial }: Filled) => ({
    responseId: id,
    values: {
      startDate: toIsoText(submittedAt - minuteMs),
      endDate: toIsoText(submittedAt),
      recordedDate: toIsoText(submittedAt),
      status: trial ? 1 : 0,
      finished: 1,
      _recordId: id,
      recipientEmail: email,
      QID1: score,
      QID2_TEXT: words,
    },
    labels: { status: trial ? 'Survey Preview' : 'IP Address', finished: 'True' },
    displayedFields: ['QID1', 'QID2_TEXT'],
    displayedValues: {},
  });
  const meta = { httpStatus: '200 - OK', requestId: 'r' };
  host.app.post('/API/v3/surveys/:survey/export-responses', async (c) => {
    const { format, compress, startDate } = await c.req.json();
    if (format !== 'json' || compress !== false) return c.json({ meta: { httpStatus: '400 - Bad Request' } }, 400);
    const id = `ES_${jobs.size + 1}`;
    jobs.set(id, { readyAt: now() + exportTakesMs, rows: host.list('submittedAt', Date.parse(startDate)) });
    return c.json({ result: { progressId: id, percentComplete: 0, status: 'inProgress' }, meta });
  });
  host.app.get('/API/v3/surveys/:survey/export-responses/:id', (c) => {
    const id = c.req.param('id');
    const job = jobs.get(id);
    if (!job) return c.json({ meta: { httpStatus: '404 - Not Found' } }, 404);
    const isReady = now() >= job.readyAt;
    const result = isReady
      ? { fileId: `file-${id}`, percentComplete: 100, status: 'complete' }
      : { percentComplete: 40, status: 'inProgress' };
    return c.json({ result, meta });
  });
  host.app.get('/API/v3/surveys/:survey/export-responses/:file/file', (c) => {
    const job = jobs.get(c.req.param('file').replace(/^file-/, ''));
    return job ? c.json({ responses: job.rows.map(toAnswer) }) : c.json({ meta: {} }, 404);
  });
  host.app.get('/API/v3/surveys/:survey/responses/:id', (c) => {
    const answer = host.read(c.req.param('id'));
    return answer
      ? c.json({ result: toAnswer(answer), meta })
      : c.json({ meta: { httpStatus: '404 - Not Found' } }, 404);
  });
  host.app.get('/API/v3/survey-definitions/:survey', (c) =>
    c.json({
      result: {
        Questions: {
          QID1: { QuestionText: 'How easy was it?', QuestionType: 'MC', DataExportTag: 'Ease', Choices: {} },
          QID2: { QuestionText: '<b>Why?</b>', QuestionType: 'TE', Choices: [] },
        },
      },
      meta,
    }),
  );
  return host;
}
