import { AppError } from '#domain/base/errors.ts';
import { deriveResponseId } from '#domain/base/key.ts';
import type { IncomingResponse } from '#domain/integrations/survey-source.ts';
import { toAttributeValues } from '#domain/responses/customer.ts';
import { giveUpAfterMs } from '#domain/time/backoff.ts';
import type { Core } from '../core.ts';
import { addReportedAttributes } from '../store/customers.ts';
import { findDelivery } from '../store/deliveries.ts';
import { findResponse, listResponsesToReread, type StoredResponse, storeRereadResponse } from '../store/responses.ts';
import { setTimer } from '../store/schedule.ts';
import { findSource, saveSource } from '../store/sources.ts';
import { applyTemplatesAfterWait, waitForQuestions } from './apply-templates.ts';
import { findAnsweredAsk } from './take-answer.ts';
import { applySettingsToResponse } from './take-response.ts';
import { findUnreadPart } from './unread-answers.ts';

const responsesRereadPerTurn = 100;

/**
 * Rereads the next stored responses of a source, from the raw delivery where there is one. Pages and back-tests show
 * the new reading; decisions stay, and no case opens.
 */
export function rereadNextResponses(core: Core, source: string): void {
  const before = findSource(core.sql, source)?.rereadBelowSeq ?? null;
  if (before === null) return;
  if (!Object.hasOwn(core.settings.workspace.sources, source)) {
    saveSource(core.sql, source, { rereadBelowSeq: null });
    return;
  }
  const responses = listResponsesToReread(core.sql, source, before, responsesRereadPerTurn);
  for (const response of responses) reread(core, source, response);
  const last = responses.length < responsesRereadPerTurn ? undefined : responses.at(-1);
  saveSource(core.sql, source, { rereadBelowSeq: last?.seq ?? null });
  if (last) setTimer(core.sql, 'reread', source, core.clock.now());
}

/** Judges a response that waited, as the settings and titles of now read it, whether or not `rereadSource` reached it. */
export function judgeWaitingResponse(core: Core, id: string): void {
  const waiting = findResponse(core.sql, id);
  if (!waiting || waiting.decidedRevision === waiting.content.revision) return;
  reread(core, waiting.content.source, waiting);
  const response = findResponse(core.sql, id);
  if (!response) return;
  const { source, partial } = response.content;
  const isUnread =
    !partial && response.incoming && findUnreadPart(core, source, response.incoming, false) === 'choices';
  if (isUnread && core.clock.now() - response.receivedAt < giveUpAfterMs) waitForQuestions(core, id);
  else applyTemplatesAfterWait(core, response);
}

function reread(core: Core, source: string, stored: StoredResponse): void {
  const incoming = reparseStoredDelivery(core, source, stored) ?? stored.incoming;
  if (!incoming) return;
  try {
    const { content, reported } = applySettingsToResponse(core, source, incoming);
    const { revision } = stored.content;
    const answered = findAnsweredAsk(core, source, incoming, content);
    const customerKey = answered?.ask?.person ?? content.customer.key ?? stored.id;
    // Nothing new was heard of the customer: only an attribute that was not mapped before becomes known.
    const times = { submittedAt: content.submittedAt, now: stored.receivedAt };
    if (!answered) addReportedAttributes(core.sql, customerKey, toAttributeValues(reported), times);
    storeRereadResponse(core.sql, { id: stored.id, customerKey, content: { ...content, revision }, incoming });
  } catch (error) {
    // A response that the new settings cannot read keeps its old reading.
    if (!(error instanceof AppError)) throw error;
  }
}

/** The raw delivery as today's settings read it; null where they find another response in it, or none. */
function reparseStoredDelivery(core: Core, source: string, stored: StoredResponse): IncomingResponse | null {
  const delivery = stored.deliveryId === null ? null : findDelivery(core.sql, stored.deliveryId);
  const known = core.integrations.source(source);
  if (!delivery || delivery.fetched || !known) return null;
  try {
    const parsed = known.parse(delivery);
    if (parsed.kind !== 'response' || parsed.response.adds) return null;
    const { form, responseId: named } = parsed.response;
    return deriveResponseId(core.keys, source, form, named) === stored.id ? parsed.response : null;
  } catch {
    return null;
  }
}
