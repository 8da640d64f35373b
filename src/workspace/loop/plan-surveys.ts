import { readFurtherAttributes } from '#domain/responses/customer-file.ts';
import type { SurveyResponse } from '#domain/responses/response.ts';
import { collectAttributes } from '#domain/settings/attributes.ts';
import { formatDuration } from '#domain/time/duration.ts';
import { type Core, deriveId, type port, store } from '../kit.ts';

/** Plans the invitations of an event, one per rule, in a transaction. @returns whether any rule was new to it */
export function planInvitations(core: Core, source: string, event: port.IncomingEvent, deliveryId: string): boolean {
  const { customer, at: eventAt } = event;
  const now = core.clock.now();
  const further = readFurtherAttributes(customer?.attributes ?? {}, collectAttributes(core.settings.workspace));
  let isNew = false;
  for (const [rule, { on, after }] of Object.entries(core.settings.workspace.invitations)) {
    if (on.source !== source || on.event !== event.event || !customer) continue;
    const { key: person, email: address, attributes: _, ...fields } = customer;
    const id = deriveId(core.keys, 'i', source, event.id, rule);
    const why = `${formatDuration(after)} after ${event.event}`;
    const dueAt = eventAt + after;
    const invitation = { rule, originId: deliveryId, event: event.event, eventAt, address, why, dueAt };
    if (!store.insertAsk(core.sql, { id, kind: 'invitation', person, ...invitation }, now)) continue;
    isNew = true;
    const known = { ...fields, email: address, ...further };
    store.addReportedAttributes(core.sql, person, known, { submittedAt: eventAt, now });
  }
  return isNew;
}

/** Plans a re-survey of the chosen categories and a share of the others by key, so that nobody chooses. */
export function planResurvey(core: Core, response: { id: string; customerKey: string; content: SurveyResponse }): void {
  const { id: originId, customerKey: person, content } = response;
  for (const [rule, { source, survey, after, share, first }] of Object.entries(core.settings.workspace.resurvey)) {
    if (!source.includes(content.source) || content.partial) continue;
    const isFirst = store
      .casesOfResponse(core.sql, originId)
      .some(({ id }) => first.includes(store.findCase(core.sql, id)?.category ?? ''));
    const drawn = Number.parseInt(core.keys.mac('resurvey.1', rule, originId).slice(0, 8), 16) / 2 ** 32;
    if (!isFirst && drawn >= share) continue;
    const id = deriveId(core.keys, 'v', rule, originId);
    const dueAt = content.submittedAt + after;
    const why = isFirst ? 'of a category that is asked first' : `drawn as one of ${Math.round(share * 100)} %`;
    store.insertAsk(core.sql, { id, kind: 'resurvey', rule, originId, person, survey, why, dueAt }, core.clock.now());
  }
}
