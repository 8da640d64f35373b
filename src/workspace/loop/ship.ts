import type { IncomingEvent } from '#domain/integrations/survey-source.ts';
import { findShipmentKind } from '#domain/settings/gate.ts';
import { refuseField } from '../basics/field-text.ts';
import type { Core } from '../core.ts';
import { insertShipment } from '../store/shipped.ts';
import { applyGateEventToCases } from './gates.ts';

/**
 * Applies an event about a shipped release or milestone to every waiting closing. Call it inside a transaction.
 *
 * @returns whether it is news; false for any other event
 * @throws InvalidInputError where the event names neither release nor milestone
 */
export function recordShipment(core: Core, { event, subject, at, customer }: IncomingEvent): boolean {
  const kind = findShipmentKind(event);
  if (!kind || (!subject && customer)) return false;
  if (!subject) refuseField('subject', `is missing; name the ${kind}, as in "subject": "4.2.0"`);
  const shipped = { kind, name: subject, at };
  if (!insertShipment(core.sql, shipped)) return false;
  applyGateEventToCases(core, shipped, { who: 'an event', why: `${kind} ${subject}` });
  return true;
}
