import * as z from 'zod';
import * as kit from '../../kit.ts';

const settings = kit.sourceSettings('survicate', {
  secret: kit.SecretName.describe('Name of the secret with the token that Survicate sends along'),
  proof: kit.Proof.prefault({ kind: 'header', header: 'token' }),
});

const Choice = z.object({ id: kit.Id.nullish(), body: kit.Text, comment: kit.Text });
const Row = z.object({ body: kit.Text, value: z.unknown().transform(kit.toReadableText) });

const Answered = z.object({
  responseUuid: kit.Id,
  survey: z.object({ id: kit.Id, name: kit.Text }),
  ...kit.each(['timestamp', 'text', 'date'], kit.Text),
  ...kit.each(['respondent', 'fields'], kit.Fields),
  question: z.object({ id: kit.Id, body: kit.Text }).nullish(),
  choice: kit.lenient(Choice),
  choices: kit.entries(Choice),
  ...kit.each(['matrix', 'ranking'], kit.entries(Row)),
});
type Answered = z.output<typeof Answered>;

const Delivery = z.object({
  event: z.object(kit.each(['questionAnswered', 'surveyAnswered', 'surveyCompleted'], Answered.optional())),
});

/** Survicate delivers each answer separately, and perhaps the survey's completion; together they are one response. */
export const survicate = kit.surveySource({
  kind: 'survicate',
  title: 'Survicate',
  clicks:
    'Open Settings, Webhooks, and enter the address. Enter the secret that Survicate shows under Connections, Secrets.',
  givesSecret: true,
  settings,
  ...kit.createProofHandlers(() => 'application/json'),

  parse(delivery) {
    const title = 'Survicate event';
    const json = kit.readJsonDelivery(delivery);
    const { event } = kit.readBySchema(title, Delivery, json);
    const [raw = {}] = Object.values(Raw.safeParse(json).data?.event ?? {});
    // Its documents name the second event in two ways.
    const completed = event.surveyAnswered ?? event.surveyCompleted;
    const given = event.questionAnswered ?? completed;
    if (!given)
      throw kit.unusable(title, 'event', 'is neither questionAnswered nor surveyAnswered, the events that are read');
    return kit.parsedResponse({
      form: given.survey.id,
      formTitle: given.survey.name ?? null,
      responseId: given.responseUuid,
      ...kit.readTimes({ timestamp: given.timestamp }),
      receivedAt: delivery.receivedAt,
      partial: !completed,
      adds: true,
      answers: toAnswers(given, raw),
      hidden: new Map([
        ...kit.scalars(given.respondent, 'respondent.'),
        ...kit.scalars(given.respondent?.attributes, 'attributes.'),
        ...kit.scalars(given.fields, 'fields.'),
      ]),
    });
  },
});

const Raw = z.object({ event: z.record(z.string(), z.record(z.string(), z.unknown())) });
const besideAnswer = ['responseUuid', 'survey', 'url', 'timestamp', 'respondent', 'question', 'type'];

const npsGroups = new Set(['promoter', 'passive', 'detractor']);

/** @param raw the event, of which an answer of another form is kept as text */
function toAnswers(given: Answered, raw: Record<string, unknown>): kit.IncomingAnswer[] {
  if (!given.question) return [];
  const { id, body } = given.question;
  const question: kit.IncomingAnswer['question'] = { id, names: [], title: body?.trim() ?? '' };
  const { choice, choices, text, date, matrix, ranking, fields } = given;
  const ticked = choices?.flatMap((entry) => entry.body || entry.id || []);
  const ranked = ranking?.toSorted((a, b) => Number(a.value) - Number(b.value)).flatMap((row) => row.body || []);
  const answers = [
    ...(choice ? chosen(question, choice) : []),
    ...kit.answered(question, 'choices', ticked),
    ...kit.answered(question, 'text', text),
    ...kit.answered(question, 'date', date),
    ...(matrix ?? []).flatMap(({ body: row, value }) =>
      row ? kit.createMatrixRowAnswer(question, { id: row, title: row }, value) : [],
    ),
    ...kit.answered(question, 'ranking', ranked),
    ...kit.scalars(fields).flatMap(([name, value]) => {
      const type = name === 'email' ? 'email' : name === 'phone' ? 'phone' : 'text';
      return kit.answered({ id: `${id}.${name}`, names: [name], title: name }, type, value);
    }),
    ...[choice, ...(choices ?? [])].flatMap((entry) =>
      kit.answered({ ...question, id: `${id}.comment` }, 'text', entry?.comment),
    ),
  ];
  if (answers.length > 0) return answers;
  const parts = Object.entries(raw).filter(([name]) => !besideAnswer.includes(name));
  return kit.createTextAnswer(question, Object.fromEntries(parts));
}

/** The id of an NPS answer is its score. */
function chosen(question: kit.IncomingAnswer['question'], { id, body }: z.output<typeof Choice>): kit.IncomingAnswer[] {
  const isNps = npsGroups.has(body?.toLowerCase() ?? '');
  const score = kit.parseShortNumber((isNps ? id : body) ?? '');
  return score === null ? kit.answered(question, 'choice', body || id) : kit.answered(question, 'number', score);
}
