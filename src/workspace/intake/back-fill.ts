import { IntegrationError } from '#domain/base/errors.ts';
import { randomId, responseId } from '#domain/base/key.ts';
import type { IncomingResponse, SurveyApi } from '#domain/integrations/survey-source.ts';
import { backoffMs } from '#domain/time/backoff.ts';
import { dayMs, hourMs } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import { queueOfSource } from '../queues/source-queue.ts';
import { insertFound, isFoundWaiting } from '../store/deliveries.ts';
import {
  addForm,
  findForm,
  formsOf,
  openWalk,
  pruneWalks,
  saveWalk,
  startWalk,
  updateForm,
  type Walk,
} from '../store/forms.ts';
import { storedRevision } from '../store/responses.ts';
import { clearTimer, setTimer } from '../store/schedule.ts';
import { isTooLarge, understood } from './source-calls.ts';

const every = hourMs;
/** Overlap of two back-fills, because a survey tool's list may lag and its clock may differ. */
const overlap = hourMs;
const pagesPerTurn = 20;
const mostPages = 10_000;
const walksKeptFor = 30 * dayMs;

/**
 * Asks a survey tool, form by form, for responses that no delivery brought. A form's watermark moves after every listed
 * response is stored, so that a crash repeats the reading.
 */
export async function backFill(core: Core, source: string): Promise<void> {
  const known = core.integrations.source(source);
  if (!known?.hasApi || known.removed || known.paused) return clearTimer(core.sql, 'poll', queueOfSource(source));
  const next = (ms: number) => setTimer(core.sql, 'poll', queueOfSource(source), core.clock.now() + ms);
  try {
    const api = known.api();
    if (!api?.listResponses) return next(every);
    for (const form of core.settings.workspace.sources[source]?.forms ?? [])
      addForm(core.sql, source, form, null, core.clock.now());
    for (const { form } of formsOf(core.sql, source)) begin(core, source, form);
    for (let pages = 0; pages < pagesPerTurn; pages += 1) {
      const form = formsOf(core.sql, source).find((entry) => openWalk(core.sql, source, entry.form));
      if (!form) return next(every);
      const hasFailed = await step(core, source, form.form, api);
      if (hasFailed !== null) return next(hasFailed);
      if (known.minIntervalMs > 0) break;
    }
    next(Math.max(known.minIntervalMs, 1000));
  } catch (error) {
    if (!(error instanceof IntegrationError)) throw error;
    core.log.error('back-fill-failed', { source, code: error.code, status: error.status });
    next(error.retryAfterMs ?? every);
  }
}

/**
 * Plans a back-fill of everything submitted or changed since an instant: after an outage, or as an import of history.
 *
 * @param forms forms beside the known ones
 */
export function askBackFill(core: Core, source: string, since: number, forms: string[]): string[] {
  const now = core.clock.now();
  for (const form of forms) addForm(core.sql, source, form, null, now);
  const asked = formsOf(core.sql, source).filter(({ form }) => forms.length === 0 || forms.includes(form));
  for (const { form } of asked) startWalk(core.sql, source, form, since, now);
  setTimer(core.sql, 'poll', queueOfSource(source), now);
  return asked.map(({ form }) => form);
}

function begin(core: Core, source: string, form: string): void {
  const now = core.clock.now();
  const watermark = findForm(core.sql, source, form)?.watermark ?? now;
  if (openWalk(core.sql, source, form)) return;
  pruneWalks(core.sql, source, form, now - walksKeptFor);
  startWalk(core.sql, source, form, watermark - overlap, now);
}

/** Reads one page. @returns wait after a failure in milliseconds, or null */
async function step(core: Core, source: string, form: string, api: SurveyApi): Promise<number | null> {
  const walk = openWalk(core.sql, source, form);
  if (!walk || !api.listResponses) return null;
  try {
    const { responses, next } = await understood('list responses', 'unavailable', async () =>
      api.listResponses ? api.listResponses(form, walk.since, walk.cursor) : { responses: [], next: null },
    );
    core.sql.transaction(() => takePage(core, source, walk, responses, next));
    return null;
  } catch (error) {
    if (!(error instanceof IntegrationError)) throw error;
    const failures = walk.failures + 1;
    const now = core.clock.now();
    core.log.error('back-fill-failed', { source, code: error.code, status: error.status, failures });
    // A refused page means that its cursor expired, or that the form is gone.
    const isRefused = error.code === 'rejected';
    const endedAt = isRefused && walk.cursor === null ? now : null;
    const cursor = isRefused ? null : walk.cursor;
    saveWalk(core.sql, { ...walk, cursor, endedAt, failures, error: error.message });
    if (endedAt !== null) return null;
    return error.retryAfterMs ?? backoffMs(failures, core.random.fraction());
  }
}

function takePage(core: Core, source: string, walk: Walk, responses: IncomingResponse[], next: string | null): void {
  const now = core.clock.now();
  const large = responses.filter(isTooLarge).length;
  const missing = responses.filter((response) => !isTooLarge(response) && isMissing(core, source, response));
  for (const response of missing) {
    insertFound(core.sql, {
      id: randomId(core.random, 'd'),
      source,
      at: now,
      responseId: responseId(core.keys, source, response.form, response.responseId),
      response,
    });
  }
  const pages = walk.pages + 1;
  const seen = walk.seen + responses.length;
  const count = walk.found + missing.length;
  const goesRound = next !== null && (next === walk.cursor || pages >= mostPages);
  const isOver = next === null || goesRound;
  const error = goesRound
    ? 'the survey tool lists the same page again and again'
    : large > 0
      ? `${large} responses are larger than 1.5 MB and were left out`
      : null;
  saveWalk(core.sql, {
    ...walk,
    cursor: next,
    endedAt: isOver ? now : null,
    pages,
    seen,
    found: count,
    failures: 0,
    error,
  });
  const watermark = findForm(core.sql, source, walk.form)?.watermark ?? 0;
  if (next === null && walk.startedAt > watermark && walk.since <= watermark)
    updateForm(core.sql, source, walk.form, { watermark: walk.startedAt });
}

/** Whether a response is neither stored in this state nor waiting. */
export function isMissing(core: Core, source: string, response: IncomingResponse): boolean {
  const id = responseId(core.keys, source, response.form, response.responseId);
  const stored = storedRevision(core.sql, id);
  if (stored !== null && stored >= response.revision) return false;
  return !isFoundWaiting(core.sql, id, response);
}
