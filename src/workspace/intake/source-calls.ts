import { learnQuestionsFromForm } from '#domain/responses/question.ts';
import { toWellFormedCopy } from '#domain/text/safe-text.ts';
import { AppError, type Core, createRandomId, dayMs, IntegrationError, type port, store, toIsoText } from '../kit.ts';
import { notifyAdmins } from '../mail/notify.ts';
import { queueOfSource, type Settled, sourceOfQueue } from '../queues/outbox-kind.ts';
import { hastenUndecidedResponses } from './apply-templates.ts';

const giveUpFetchAfterMs = dayMs;
const questionsFreshForMs = dayMs;

type FetchRowKind = 'response.fetch' | 'questions.fetch';

/** Whether a row is a call to a survey tool, which shares its queue with the back-fill. */
export const isSurveyToolFetch = ({ kind }: store.OutboxRow): boolean =>
  kind === 'response.fetch' || kind === 'questions.fetch';

const buildResponseKey = (responseId: string): string => `response:${responseId}`;

/** Whether a response is to be fetched, and no call for it has begun. */
export const isResponseFetchWaiting = (core: Core, responseId: string): boolean =>
  store.hasWaitingRow(core.sql, buildResponseKey(responseId), 'response.fetch');

/** Records the intent to fetch the response that a delivery names, in the caller's transaction. */
export const queueResponseFetch = (
  core: Core,
  source: string,
  wanted: store.Payload<'response.fetch'>,
  facts: { responseId: string; replays: number },
): boolean =>
  store.addToOutbox(core.sql, {
    key: `fetch:${wanted.delivery}:${facts.replays}`,
    queue: queueOfSource(source),
    orderingKey: buildResponseKey(facts.responseId),
    kind: 'response.fetch',
    payload: wanted,
    at: core.clock.now(),
  });

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

/** Makes one read of a survey tool's API. */
export async function fetchFromSurveyTool(core: Core, row: store.OutboxRow<FetchRowKind>): Promise<Settled> {
  const source = sourceOfQueue(row.queue) ?? '';
  const api = core.integrations.source(source)?.api() ?? null;
  if (row.kind === 'questions.fetch') {
    const { form } = row.payload;
    if (!api?.fetchQuestions) return {};
    const read = async () => (await api.fetchQuestions?.(form)) ?? [];
    return { questions: await understood('fetch questions', 'rejected', read) };
  }
  const { reference } = row.payload;
  if (!api?.fetchResponse) {
    const detail = `source ${source} names no credentials with which answers could be fetched`;
    throw new IntegrationError('rejected', 'fetch response', { detail });
  }
  const response = await understood('fetch response', 'rejected', async () =>
    api.fetchResponse ? api.fetchResponse(reference) : null,
  );
  if (!response) {
    const isLate = core.clock.now() - row.createdAt >= giveUpFetchAfterMs;
    const detail = isLate ? 'not readable within 24 hours' : 'not readable yet';
    throw new IntegrationError(isLate ? 'rejected' : 'unavailable', 'fetch response', { detail });
  }
  if (response.responseId !== reference.responseId)
    throw new IntegrationError('unknown', 'fetch response', { detail: 'another response was answered' });
  if (isResponseTooLarge(response))
    throw new IntegrationError('rejected', 'fetch response', { detail: 'the response is larger than 1.5 MB' });
  return { response };
}

/** Stores what was fetched, or why it failed, in the transaction that ends the row. */
export function storeFetchResult(core: Core, row: store.OutboxRow<FetchRowKind>, settled: Settled): void {
  const source = sourceOfQueue(row.queue) ?? '';
  const trouble = settled.refused ?? settled.unknown ?? null;
  if (row.kind === 'questions.fetch') {
    const { form } = row.payload;
    storeFetchedQuestions(core, source, form, settled, trouble);
    return;
  }
  const { delivery: id } = row.payload;
  if (settled.response) {
    store.deliveries.update(
      core.sql,
      { id, outcome: 'fetching' },
      { fetched: settled.response, outcome: 'waiting', tries: 0 },
    );
    return;
  }
  const delivery = store.deliveries.find(core.sql, { id });
  if (delivery?.outcome !== 'fetching') return;
  const error = `its answers could not be fetched: ${trouble ?? 'no answer'}`;
  store.setDeliveryOutcome(core.sql, delivery.seq, 'set-aside', { error });
  const today = toIsoText(core.clock.now()).slice(0, 10);
  notifyAdmins(core, {
    once: ['fetch', source, today],
    subject: `Answers of ${source} could not be fetched`,
    paragraphs: [
      `A delivery of the source ${source} only names a response, and its answers could not be fetched: ${trouble ?? 'no answer'}.`,
      'It was set aside, and can be replayed after the cause is removed. This alert comes at most once a day per source.',
    ],
    path: `deliveries?${new URLSearchParams({ source, outcome: 'set-aside' })}`,
    label: 'See what was set aside',
  });
}

/** Starts rereading all stored responses of a source, newest first, after its settings or titles changed. */
export const startRereadingResponses = (core: Pick<Core, 'sql'>, source: string): void =>
  store.saveSource(core.sql, source, { rereadBelowSeq: Number.MAX_SAFE_INTEGER });

function storeFetchedQuestions(
  core: Core,
  source: string,
  form: string,
  { questions }: Settled,
  trouble: string | null,
): void {
  const now = core.clock.now();
  if (questions) {
    const learned = learnQuestionsFromForm(store.questionsOf(core.sql, source, form), toWellFormedCopy(questions), now);
    for (const question of learned.questions) store.questions.put(core.sql, { source, form, ...question });
    for (const change of learned.changes) store.questionChanges.insert(core.sql, { source, form, ...change });
    startRereadingResponses(core, source);
  }
  store.forms.update(core.sql, { source, form }, { describedAt: now, error: trouble });
  hastenUndecidedResponses(core, source, form);
}
