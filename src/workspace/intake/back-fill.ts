import { type Core, createRandomId, deriveResponseId, IntegrationError, port, store, timing } from '../kit.ts';
import { notifyAdmins } from '../mail/notify.ts';
import { countRefusedRead, recordSuccessfulCall, trialCallEveryMs } from '../queues/circuit-breaker.ts';
import { checkHooks } from '../queues/hooks.ts';
import { queueOfSource } from '../queues/outbox-kind.ts';
import { isResponseTooLarge, understood } from './source-calls.ts';

const every = timing.hourMs;
/** Age of a form's newest response in shares of which its back-fills are apart: after 24 days of silence, once a day. */
const quietShares = 24;
/** Overlap of two back-fills, because a survey tool's list may lag and its clock may differ. */
const overlap = timing.hourMs;
const pagesPerTurn = 20;
const maxPages = 10_000;
/** About five hours. */
const failuresBeforeNotice = 20;
const endedBackFillKeptMs = 30 * timing.dayMs;

/** Asks a survey tool for missed responses; a form's watermark moves last, so that a crash repeats the reading. */
export async function backFill(core: Core, source: string): Promise<void> {
  const known = core.integrations.source(source);
  if (!known?.hasApi || known.removed || known.paused) return store.clearTimer(core.sql, 'poll', queueOfSource(source));
  const next = (ms: number) => store.setTimer(core.sql, 'poll', queueOfSource(source), core.clock.now() + ms);
  try {
    const api = known.api();
    await checkHooks(core, queueOfSource(source));
    if (!api?.listResponses) return next(every);
    const named = core.settings.workspace.sources[source]?.forms ?? [];
    for (const form of named) store.addForm(core.sql, source, form, null, core.clock.now());
    const waits = store.forms
      .list(core.sql, { source })
      // A form that was named once by mistake is asked for no more.
      .filter(({ form }) => named.includes(form) || store.findNewestSubmission(core.sql, source, form) !== null)
      .map(({ form }) => begin(core, source, form, known.callsPerDay));
    const untilNextMs = Math.max(1000, Math.min(every, ...waits));
    for (let pages = 0; pages < pagesPerTurn; pages += 1) {
      // A form that fails again and again holds up no other.
      const [run] = store.forms
        .list(core.sql, { source })
        .flatMap(({ form }) => store.findOpenBackFillRun(core.sql, source, form) ?? [])
        .sort((a, b) => a.failures - b.failures);
      if (!run) return next(untilNextMs);
      const retryWaitMs = await step(core, source, run, api);
      if (retryWaitMs !== null) return next(retryWaitMs);
    }
    next(1000);
  } catch (error) {
    if (!(error instanceof IntegrationError)) throw error;
    core.log.error('back-fill-failed', { source, code: error.code, status: error.status });
    core.sql.transaction(() => {
      if (error.code === 'auth') countRefusedRead(core, queueOfSource(source), error, 1);
      next(error.code === 'auth' ? trialCallEveryMs : (error.retryAfterMs ?? every));
    });
  }
}

/** Plans a back-fill of everything since an instant, of the known forms and of `forms`. */
export function planBackFill(core: Core, source: string, since: number, forms: string[]): string[] {
  const now = core.clock.now();
  for (const form of forms) store.addForm(core.sql, source, form, null, now);
  const asked = store.forms.list(core.sql, { source }).filter(({ form }) => forms.length === 0 || forms.includes(form));
  for (const { form } of asked) store.backFillRuns.insert(core.sql, { source, form, since, startedAt: now });
  store.setTimer(core.sql, 'poll', queueOfSource(source), now);
  return asked.map(({ form }) => form);
}

function begin(core: Core, source: string, form: string, callsPerDay: number | null): number {
  const now = core.clock.now();
  if (store.findOpenBackFillRun(core.sql, source, form)) return every;
  const startedAt = store.backFillRuns.list(core.sql, { source, form }, 1)[0]?.startedAt ?? null;
  const intervalMs = computeBackFillIntervalMs(core, source, form, callsPerDay);
  if (startedAt !== null && now - startedAt < intervalMs) return startedAt + intervalMs - now;
  const watermark = store.forms.find(core.sql, { source, form })?.watermark ?? now;
  store.deleteOldEmptyBackFillRuns(core.sql, source, form, now - endedBackFillKeptMs);
  store.backFillRuns.insert(core.sql, { source, form, since: watermark - overlap, startedAt: now });
  return intervalMs;
}

/** A form that is answered is asked for every hour, a quiet one less often, and all forms within half the daily limit. */
function computeBackFillIntervalMs(core: Core, source: string, form: string, callsPerDay: number | null): number {
  const newest = store.findNewestSubmission(core.sql, source, form);
  const quietMs = newest === null ? 0 : (core.clock.now() - newest) / quietShares;
  const shareMs =
    callsPerDay === null ? 0 : (store.forms.list(core.sql, { source }).length * timing.dayMs) / (callsPerDay / 2);
  return Math.round(Math.max(every, shareMs, Math.min(quietMs, timing.dayMs)));
}

/** Reads one page. @returns wait after a failure in milliseconds, or null */
async function step(core: Core, source: string, walk: store.BackFillRun, { listResponses }: port.SurveyApi) {
  if (!listResponses) return null;
  try {
    const list = () => listResponses(walk.form, walk.since, walk.cursor);
    const { responses, next } = await understood('list responses', 'unavailable', list);
    core.sql.transaction(() => {
      storeResponsePage(core, source, walk, responses, next);
      recordSuccessfulCall(core, queueOfSource(source), 'read');
    });
    return null;
  } catch (error) {
    if (!(error instanceof IntegrationError)) throw error;
    const failures = walk.failures + 1;
    const now = core.clock.now();
    core.log.error('back-fill-failed', { source, code: error.code, status: error.status, failures });
    // A refused page means that its cursor expired, or that the form is gone.
    const isPageRefused = error.code === 'rejected';
    const endedAt = isPageRefused && walk.cursor === null ? now : null;
    const cursor = isPageRefused ? null : walk.cursor;
    core.sql.transaction(() => {
      const failed = { ...walk, cursor, endedAt, failures, error: error.message };
      store.backFillRuns.update(core.sql, { seq: walk.seq }, failed);
      const isOfFormAlone = isAnotherFormRead(core, source, walk.form);
      // A token that may see other forms pauses nothing else.
      if (error.code === 'auth' && !isOfFormAlone) countRefusedRead(core, queueOfSource(source), error, failures);
      else if (isOfFormAlone && error.code !== 'rate-limited' && failures === failuresBeforeNotice)
        notifyAdmins(core, {
          once: ['unread-form', source, walk.form, String(walk.seq)],
          subject: `Missed responses of ${source} cannot be asked for`,
          paragraphs: [
            `The survey tool does not list the responses of the form ${walk.form}: ${error.message}. Caselite goes on asking, and takes what it missed once there is an answer. Give the token access to the form if it lacks it.`,
          ],
          path: `sources/${source}`,
          label: 'See the source',
        });
    });
    if (endedAt !== null) return null;
    if (error.code === 'auth') return trialCallEveryMs;
    return error.retryAfterMs ?? timing.computeBackoffMs(failures, core.random.fraction());
  }
}

const isAnotherFormRead = ({ sql }: Core, source: string, than: string): boolean =>
  store.forms
    .list(sql, { source })
    .some(({ form }) => form !== than && store.backFillRuns.list(sql, { source, form }, 1)[0]?.failures === 0);

const leftOutMessage = 'responses that are larger than 1.5 MB were left out';

function storeResponsePage(
  core: Core,
  source: string,
  walk: store.BackFillRun,
  responses: port.IncomingResponse[],
  next: string | null,
): void {
  const now = core.clock.now();
  const small = responses.filter((response) => !isResponseTooLarge(response));
  const hasLarge = small.length < responses.length;
  const missing = small.filter((response) => storeFoundResponse(core, source, response, { receivedAt: now }));
  const pages = walk.pages + 1;
  const seen = walk.seen + responses.length;
  const isRepeatingPages = next !== null && (next === walk.cursor || pages >= maxPages);
  const isOver = next === null || isRepeatingPages;
  // What a page left out is said until the end; a failure that a page comes after is over.
  const known = hasLarge ? leftOutMessage : walk.failures === 0 ? walk.error : null;
  const error = isRepeatingPages ? 'the survey tool lists the same page again and again' : known;
  const endedAt = isOver ? now : null;
  const found = walk.found + missing.length;
  const done = { ...walk, cursor: next, endedAt, pages, seen, found, failures: 0, error };
  store.backFillRuns.update(core.sql, { seq: walk.seq }, done);
  const watermark = store.forms.find(core.sql, { source, form: walk.form })?.watermark ?? 0;
  if (next === null && walk.startedAt > watermark && walk.since <= watermark)
    store.forms.update(core.sql, { source, form: walk.form }, { watermark: walk.startedAt });
}

/** Stores a response that nobody pushed, to be processed. @returns false for a known one */
export function storeFoundResponse(core: Core, source: string, response: port.IncomingResponse, of: FoundIn): boolean {
  if (!isResponseMissing(core, source, response)) return false;
  const responseId = deriveResponseId(core.keys, source, response.form, response.responseId);
  const id = createRandomId(core.random, 'd');
  const found = { id, source, responseId, fetched: response, ...of, headers: {}, body: new Uint8Array() };
  store.deliveries.insert(core.sql, { ...found, via: 'back-fill', outcome: 'waiting' });
  return true;
}

type FoundIn = Pick<store.Delivery, 'receivedAt'> & Partial<Pick<store.Delivery, 'partOf' | 'line'>>;

/** Whether a response is neither stored nor waiting; the same answers are the same state, whatever their dates. */
export function isResponseMissing(core: Core, source: string, response: port.IncomingResponse): boolean {
  const id = deriveResponseId(core.keys, source, response.form, response.responseId);
  const stored = store.findResponse(core.sql, id);
  if (stored !== null) {
    if (response.unedited || stored.content.revision >= response.revision) return false;
    if (stored.incoming && port.hasSameAnswers(stored.incoming, response)) return false;
  }
  const waiting = { responseId: id, via: 'back-fill', outcome: ['waiting', 'set-aside'], fetched: response } as const;
  return !store.deliveries.has(core.sql, waiting);
}
