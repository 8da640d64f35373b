import { IntegrationError } from '#domain/base/errors.ts';
import { createRandomId, deriveResponseId } from '#domain/base/key.ts';
import type { IncomingResponse, SurveyApi } from '#domain/integrations/survey-source.ts';
import { computeBackoffMs } from '#domain/time/backoff.ts';
import { dayMs, hourMs } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import { queueOfSource } from '../queues/source-queue.ts';
import { insertBackFilledDelivery, isResponseWaiting } from '../store/deliveries.ts';
import {
  addForm,
  type BackFillRun,
  deleteOldEmptyBackFillRuns,
  findForm,
  findOpenBackFillRun,
  listForms,
  saveBackFillRun,
  startBackFillRun,
  updateForm,
} from '../store/forms.ts';
import { findStoredRevision } from '../store/responses.ts';
import { clearTimer, setTimer } from '../store/schedule.ts';
import { isResponseTooLarge, understood } from './source-calls.ts';

const every = hourMs;
/** Overlap of two back-fills, because a survey tool's list may lag and its clock may differ. */
const overlap = hourMs;
const pagesPerTurn = 20;
const maxPages = 10_000;
const endedBackFillKeptMs = 30 * dayMs;

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
    for (const { form } of listForms(core.sql, source)) begin(core, source, form);
    for (let pages = 0; pages < pagesPerTurn; pages += 1) {
      const form = listForms(core.sql, source).find((entry) => findOpenBackFillRun(core.sql, source, entry.form));
      if (!form) return next(every);
      const retryWaitMs = await step(core, source, form.form, api);
      if (retryWaitMs !== null) return next(retryWaitMs);
      if (known.minCallIntervalMs > 0) break;
    }
    next(Math.max(known.minCallIntervalMs, 1000));
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
export function planBackFill(core: Core, source: string, since: number, forms: string[]): string[] {
  const now = core.clock.now();
  for (const form of forms) addForm(core.sql, source, form, null, now);
  const asked = listForms(core.sql, source).filter(({ form }) => forms.length === 0 || forms.includes(form));
  for (const { form } of asked) startBackFillRun(core.sql, source, form, since, now);
  setTimer(core.sql, 'poll', queueOfSource(source), now);
  return asked.map(({ form }) => form);
}

function begin(core: Core, source: string, form: string): void {
  const now = core.clock.now();
  const watermark = findForm(core.sql, source, form)?.watermark ?? now;
  if (findOpenBackFillRun(core.sql, source, form)) return;
  deleteOldEmptyBackFillRuns(core.sql, source, form, now - endedBackFillKeptMs);
  startBackFillRun(core.sql, source, form, watermark - overlap, now);
}

/** Reads one page. @returns wait after a failure in milliseconds, or null */
async function step(core: Core, source: string, form: string, api: SurveyApi): Promise<number | null> {
  const walk = findOpenBackFillRun(core.sql, source, form);
  if (!walk || !api.listResponses) return null;
  try {
    const { responses, next } = await understood('list responses', 'unavailable', async () =>
      api.listResponses ? api.listResponses(form, walk.since, walk.cursor) : { responses: [], next: null },
    );
    core.sql.transaction(() => storeResponsePage(core, source, walk, responses, next));
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
    saveBackFillRun(core.sql, { ...walk, cursor, endedAt, failures, error: error.message });
    if (endedAt !== null) return null;
    return error.retryAfterMs ?? computeBackoffMs(failures, core.random.fraction());
  }
}

function storeResponsePage(
  core: Core,
  source: string,
  walk: BackFillRun,
  responses: IncomingResponse[],
  next: string | null,
): void {
  const now = core.clock.now();
  const large = responses.filter(isResponseTooLarge).length;
  const missing = responses.filter(
    (response) => !isResponseTooLarge(response) && isResponseMissing(core, source, response),
  );
  for (const response of missing) {
    insertBackFilledDelivery(core.sql, {
      id: createRandomId(core.random, 'd'),
      source,
      at: now,
      responseId: deriveResponseId(core.keys, source, response.form, response.responseId),
      response,
    });
  }
  const pages = walk.pages + 1;
  const seen = walk.seen + responses.length;
  const count = walk.found + missing.length;
  const isRepeatingPages = next !== null && (next === walk.cursor || pages >= maxPages);
  const isOver = next === null || isRepeatingPages;
  const error = isRepeatingPages
    ? 'the survey tool lists the same page again and again'
    : large > 0
      ? `${large} responses are larger than 1.5 MB and were left out`
      : null;
  saveBackFillRun(core.sql, {
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
export function isResponseMissing(core: Core, source: string, response: IncomingResponse): boolean {
  const id = deriveResponseId(core.keys, source, response.form, response.responseId);
  const stored = findStoredRevision(core.sql, id);
  if (stored !== null && stored >= response.revision) return false;
  return !isResponseWaiting(core.sql, id, response);
}
