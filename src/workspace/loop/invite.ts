import { deriveId } from '#domain/base/key.ts';
import type { IncomingEvent } from '#domain/integrations/survey-source.ts';
import { readFurtherAttributes } from '#domain/responses/customer-file.ts';
import { collectAttributes } from '#domain/settings/attributes.ts';
import type { InvitationRule } from '#domain/settings/loop-rules.ts';
import { chooseFixedTexts } from '#domain/text/fixed-texts.ts';
import { formatDuration } from '#domain/time/duration.ts';
import { dayMs } from '#domain/time/units.ts';
import { findListedAddress, whyNoAddress } from '../basics/case-address.ts';
import { findPersonOfCustomerKey } from '../basics/person.ts';
import { renderWording } from '../basics/render-wording.ts';
import type { Core } from '../core.ts';
import { queueMail } from '../mail/send-mail.ts';
import { isUndeliverable } from '../mail/undeliverable.ts';
import { addReportedAttributes, findCustomer, type StoredCustomer } from '../store/customers.ts';
import { endInvitation, findInvitation, type Invitation, insertInvitation } from '../store/invitations.ts';
import { lastFirstFollowUpAt, wasAskedSince } from '../store/mails.ts';
import { setTimer } from '../store/schedule.ts';
import { unsubscribing } from './unsubscribe-link.ts';

/** Delay after which an invitation would ask about something long past. */
const invitationTooLateMs = 7 * dayMs;

/**
 * Plans the invitations of an event, one per rule. Repeated deliveries of the event plan nothing more. Call it inside a
 * transaction.
 *
 * @returns whether any rule was new to it
 * @throws InvalidInputError naming each attribute that is unknown or cannot be read
 */
export function planInvitations(core: Core, source: string, event: IncomingEvent, deliveryId: string): boolean {
  const { customer } = event;
  const further = readFurtherAttributes(customer?.attributes ?? {}, collectAttributes(core.settings.workspace));
  let isNew = false;
  for (const [rule, { on, after }] of Object.entries(core.settings.workspace.invitations)) {
    if (on.source !== source || on.event !== event.event || !customer) continue;
    const id = deriveId(core.keys, 'i', source, event.id, rule);
    const dueAt = event.at + after;
    const row = {
      id,
      rule,
      event: event.event,
      customerKey: customer.key,
      deliveryId,
      address: customer.email,
      eventAt: event.at,
      dueAt,
    };
    if (!insertInvitation(core.sql, row)) continue;
    isNew = true;
    const { key, attributes: _, ...fields } = customer;
    addReportedAttributes(core.sql, key, { ...fields, ...further }, { submittedAt: event.at, now: core.clock.now() });
    setTimer(core.sql, 'invitation', id, Math.max(dueAt, core.clock.now()));
  }
  return isNew;
}

/**
 * Sends a due invitation, or skips it with the reason. A person asked within the quarantine is not invited. An
 * invitation delays no follow-up, because complaints that it brings need one.
 */
export function sendInvitation(core: Core, id: string): void {
  const invitation = findInvitation(core.sql, id);
  if (invitation?.state !== 'due') return;
  const at = core.clock.now();
  const { invitations } = core.settings.workspace;
  const rule = Object.hasOwn(invitations, invitation.rule) ? invitations[invitation.rule] : undefined;
  const customer = findCustomer(core.sql, invitation.customerKey);
  // Anybody may name this customer in a response, so an address of a response is never used.
  const email = findListedAddress(core, invitation.customerKey) ?? invitation.address;
  const reason = rule ? findReasonNotToInvite(core, invitation, email) : 'its rule is no longer in the workspace file';
  if (reason !== null || !rule || !customer || !email) {
    const why = reason ?? whyNoAddress(core, invitation.customerKey, 'the event named');
    endInvitation(core.sql, id, { state: 'skipped', why, at });
    return;
  }
  mailInvitation(core, id, rule, { ...customer, email });
  const why = `${formatDuration(rule.after)} after ${invitation.event}`;
  endInvitation(core.sql, id, { state: 'sent', why, at });
}

function findReasonNotToInvite(core: Core, { dueAt, customerKey }: Invitation, address: string | null): string | null {
  const now = core.clock.now();
  if (now - dueAt > invitationTooLateMs) return 'it would have come more than a week late';
  if (address === null) return null;
  if (isUndeliverable(core, address)) return 'mail to this address comes back';
  const { keys, marks, hasOptedOut } = findPersonOfCustomerKey(core, customerKey, address);
  if (hasOptedOut) return 'the customer asked for no more mail';
  const { quarantine } = core.settings.workspace['follow-up'];
  const since = now - quarantine;
  return wasAskedSince(core.sql, keys, since) || (lastFirstFollowUpAt(core.sql, marks, now) ?? 0) > since
    ? `the customer was asked something less than ${formatDuration(quarantine)} ago`
    : null;
}

function mailInvitation(
  core: Core,
  id: string,
  rule: InvitationRule,
  customer: StoredCustomer & { email: string },
): void {
  const { workspace } = core.settings;
  const values = {
    workspace: { name: workspace.name },
    customer: {
      key: customer.key,
      email: customer.email,
      name: customer.name?.slice(0, 80) ?? '',
      language: customer.language ?? '',
    },
  };
  const end = unsubscribing(core, id, chooseFixedTexts(customer.language ?? 'en'), workspace.name);
  queueMail(core, {
    once: [id],
    kind: 'invitation',
    caseId: null,
    followUpId: id,
    person: customer.key,
    address: customer.email,
    replyTo: null,
    asks: true,
    counts: false,
    subject: renderWording(rule.subject, values),
    content: {
      paragraphs: renderWording(rule.text, values).split(/\n{2,}/),
      button: { label: renderWording(rule.button, values), url: renderWording(rule.link, values) },
      footer: end.footer,
    },
    headers: end.headers,
  });
}
