import { toWellFormedCopy } from '#domain/text/safe-text.ts';
import { AppError, type Core, createRandomId, feedback, IntegrationError, type port, store, timing } from '../kit.ts';
import { notifyAdmins } from '../mail/notify.ts';
import { type Kind, queueOfSource, sourceOfQueue } from '../queues/outbox-kind.ts';

const giveUpFetchAfterMs = timing.dayMs;
const questionsFreshForMs = timing.dayMs;

const buildQuestionsKey = (source: string, form: string): string => `questions:${source}:${form}`;

/** Whether the description of a form is asked for and not there yet. */
export const isDescriptionAwaited = (core: Core, source: string, form: string): boolean =>
  store.hasWaitingRow(core.sql, buildQuestionsKey(source, form), 'questions.fetch');

/** Records the intent to fetch a form's questions: for unknown ones, else once a day. */
export function queueQuestionsFetch(core: Core, source: string, form: string, hasUnknownQuestions: boolean): void {
  const known = core.integrations.source(source);
  if (!known?.hasApi || known.removed) return;
  const now = core.clock.now();
  const described = store.forms.find(core.sql, { source, form })?.describedAt ?? null;
  const isDescriptionStale = described === null || now - described >= questionsFreshForMs;
  if ((!isDescriptionStale && !hasUnknownQuestions) || isDescriptionAwaited(core, source, form)) return;
  const orderingKey = buildQuestionsKey(source, form);
  store.addToOutbox(core.sql, {
    key: `${orderingKey}:${createRandomId(core.random, 'o')}`,
    queue: queueOfSource(source),
    orderingKey,
    kind: 'questions.fetch',
    payload: { form },
    at: now,
  });
}

/** Bytes of a packed response, even after its texts were cut; a row must hold it. */
const mostPackedResponseBytes = 1_500_000;
export const isResponseTooLarge = (response: port.IncomingResponse): boolean =>
  String(store.incomingCodec.store(response)).length > mostPackedResponseBytes;

/** Reads an answer; a failure counts as `rejected`, which gives up, or `unavailable`, which tries again. */
export async function understood<Answer>(
  operation: string,
  code: 'rejected' | 'unavailable',
  call: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof IntegrationError) throw error;
    // A secret that only the call itself reads is missing here, not at the survey tool.
    if (error instanceof AppError && error.code === 'config')
      throw new IntegrationError('auth', operation, { detail: error.message });
    const detail = 'the answer of the survey tool could not be read';
    throw new IntegrationError(code, operation, { detail, cause: error });
  }
}

/** Starts rereading all stored responses of a source, newest first, after its settings or titles changed. */
export const startRereadingResponses = (core: Pick<Core, 'sql'>, source: string): void =>
  store.sources.update(core.sql, { name: source }, { rereadBelowSeq: Number.MAX_SAFE_INTEGER });

const findApi = (core: Core, source: string): port.SurveyApi | null => core.integrations.source(source)?.api() ?? null;

/** Reads the response that a delivery names. */
export const responseFetchKind: Kind<'response.fetch'> = {
  unknown: 'repeat',

  async call(core, { queue, createdAt, payload: { reference } }) {
    const source = sourceOfQueue(queue) ?? '';
    const api = findApi(core, source);
    const fail = (code: 'rejected' | 'unavailable' | 'unknown', detail: string) =>
      new IntegrationError(code, 'fetch response', { detail });
    if (!api?.fetchResponse)
      throw fail('rejected', `source ${source} names no credentials with which answers could be fetched`);
    const response = await understood('fetch response', 'rejected', async () => api.fetchResponse?.(reference));
    const isLate = core.clock.now() - createdAt >= giveUpFetchAfterMs;
    if (!response && isLate) throw fail('rejected', 'not readable within 24 hours');
    if (!response) throw fail('unavailable', 'not readable yet');
    if (response.responseId !== reference.responseId) throw fail('unknown', 'another response was answered');
    if (isResponseTooLarge(response)) throw fail('rejected', 'the response is larger than 1.5 MB');
    return { response };
  },

  settle(core, { queue, payload: { delivery: id } }, { response, failed = 'no answer' }) {
    const waiting = { id, outcome: 'fetching' } as const;
    const delivery = store.deliveries.find(core.sql, waiting);
    if (!delivery) return;
    if (response)
      return store.deliveries.update(core.sql, waiting, { fetched: response, outcome: 'waiting', tries: 0 });
    const source = sourceOfQueue(queue) ?? '';
    const error = `its answers could not be fetched: ${failed}`;
    store.setDeliveryOutcome(core.sql, delivery.seq, 'set-aside', { error });
    notifyAdmins(core, {
      once: ['fetch', source, timing.toIsoText(core.clock.now()).slice(0, 10)],
      subject: `Answers of ${source} could not be fetched`,
      paragraphs: [
        `A delivery of the source ${source} only names a response, and its answers could not be fetched: ${failed}.`,
        'It was set aside, and can be replayed after the cause is removed. This alert comes at most once a day per source.',
      ],
      path: `deliveries?${new URLSearchParams({ source, outcome: 'set-aside' })}`,
      label: 'See what was set aside',
    });
  },
};

/** Reads the questions of a form. Responses that wait for them are judged whatever comes of it. */
export const questionsFetchKind: Kind<'questions.fetch'> = {
  unknown: 'repeat',

  async call(core, { queue, payload: { form } }) {
    const api = findApi(core, sourceOfQueue(queue) ?? '');
    if (!api?.fetchQuestions) return {};
    return { questions: await understood('fetch questions', 'rejected', async () => api.fetchQuestions?.(form)) };
  },

  settle(core, { queue, payload: { form } }, { questions, failed: error = null }) {
    const source = sourceOfQueue(queue) ?? '';
    const now = core.clock.now();
    if (questions) {
      const known = store.questionsOf(core.sql, source, form);
      const learned = feedback.learnQuestionsFromForm(known, toWellFormedCopy(questions), now);
      for (const question of learned.questions) store.questions.put(core.sql, { source, form, ...question });
      for (const change of learned.changes) store.questionChanges.insert(core.sql, { source, form, ...change });
      startRereadingResponses(core, source);
    }
    store.forms.update(core.sql, { source, form }, { describedAt: now, error });
    for (const { id } of store.listUndecidedResponses(core.sql, source, form))
      store.setTimer(core.sql, 'judge', id, now);
  },
};
