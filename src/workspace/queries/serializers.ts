import type { Page } from '#domain/base/page.ts';
import { type Case, handleOf } from '#domain/cases/case-record.ts';
import { explainTrouble, isIssueSearchRunning } from '#domain/integrations/issue-trouble.ts';
import { toAttributesJson } from '#domain/json/attributes-json.ts';
import type { CaseJson, IssueJson } from '#domain/json/case-json.ts';
import type { DeliveryJson, ResponseJson } from '#domain/json/intake-json.ts';
import type { FollowUpJson, InvitationJson, MailJson, ResurveyJson } from '#domain/json/loop-json.ts';
import { maskAddress } from '#domain/json/mask.ts';
import type { CustomerJson } from '#domain/json/people-json.ts';
import { type AttributeValues, collectAttributes } from '#domain/settings/attributes.ts';
import { describeGateWait } from '#domain/settings/gate.ts';
import { toIsoText, toIsoTextOrNull } from '#domain/time/units.ts';
import { findWhatChangedText } from '../basics/closing-explanation.ts';
import type { Core } from '../core.ts';
import { listPeopleWhoMayClose } from '../issues/close-policy.ts';
import { listPendingCalls } from '../issues/pending-changes.ts';
import { type Ask, type FollowUp, followUpsOfCase, type Invitation, type Resurvey } from '../store/asks.ts';
import { findOriginalId } from '../store/case-links.ts';
import { listAffectedCustomers, responseIdsOfCase } from '../store/case-responses.ts';
import { findCase } from '../store/cases.ts';
import { findCustomer, type StoredCustomer } from '../store/customers.ts';
import type { Delivery } from '../store/deliveries.ts';
import type { Mail } from '../store/mails.ts';
import type { StoredResponse } from '../store/responses.ts';
import { listTimelineEntries } from '../store/timeline.ts';
import { listVerdicts } from '../store/verdicts.ts';
import { buildPlanAndLadderJson } from './people.ts';

export function toCaseJson(core: Core, caseRecord: Case): CaseJson {
  const { issue } = caseRecord;
  return {
    id: caseRecord.id,
    handle: handleOf(caseRecord),
    workspace: core.workspace,
    template: caseRecord.template,
    kind: caseRecord.kind,
    action: caseRecord.action,
    customer: {
      key: caseRecord.customerKey,
      tier: caseRecord.tier,
      revenue: caseRecord.revenue,
      attributes: toAttributesJson(
        collectAttributes(core.settings.workspace),
        findCustomerAttributes(core, caseRecord),
      ),
    },
    customers: listAffectedCustomers(core.sql, caseRecord.id).length,
    category: caseRecord.category,
    severity: caseRecord.severity,
    status: caseRecord.status,
    loop: caseRecord.loop,
    openedAt: toIsoText(caseRecord.openedAt),
    openedWhy: caseRecord.openedWhy,
    dueAt: toIsoText(caseRecord.dueAt),
    dueWhy: caseRecord.dueWhy,
    firstContactAt: toIsoTextOrNull(caseRecord.firstContactAt),
    firstContactDueAt: toIsoTextOrNull(caseRecord.firstContactDueAt),
    pausedAt: findPauseStart(caseRecord),
    resolvedAt: toIsoTextOrNull(caseRecord.resolvedAt),
    closingReason: caseRecord.closingReason,
    closingNote: caseRecord.closingNote,
    closingFlag: caseRecord.closingFlag,
    rootCause: caseRecord.rootCause,
    closers: listPeopleWhoMayClose(core, caseRecord),
    sending: listPendingCalls(core, caseRecord),
    explanation: caseRecord.explanation,
    whatChanged: findWhatChangedText(caseRecord),
    repeats: findHandleOfOriginal(core, caseRecord),
    waitsFor: caseRecord.loop === 'resolved' && caseRecord.gate ? describeGateWait(caseRecord.gate) : null,
    disputes: caseRecord.disputes,
    generation: caseRecord.generation,
    assignee: caseRecord.assignee,
    loopOwner: caseRecord.loopOwner,
    overdue: caseRecord.overdue,
    ...buildPlanAndLadderJson(core, caseRecord),
    needsPerson: caseRecord.needsPerson,
    issue: issue && {
      tracker: caseRecord.tracker,
      kind: core.settings.workspace.trackers[caseRecord.tracker]?.kind ?? 'removed',
      trackerTitle: core.integrations.vendor(caseRecord.tracker)?.title ?? 'Removed tracker',
      key: issue.key,
      url: issue.url,
      state: issue.state,
      labels: issue.labels,
      comments: issue.comments,
      missing: caseRecord.editHistory?.fieldsDroppedByTracker ?? [],
      trouble: toIssueTroubleJson(caseRecord),
    },
    responses: responseIdsOfCase(core.sql, caseRecord.id),
    verdicts: listVerdicts(core.sql, caseRecord.id).map(({ customerKey, generation, verdict, why, at }) => ({
      customer: customerKey,
      generation,
      verdict,
      why,
      at: toIsoText(at),
    })),
    followUps: followUpsOfCase(core.sql, caseRecord.id).map(toFollowUpJson),
    timeline: listTimelineEntries(core.sql, caseRecord.id).map((entry) => ({ ...entry, at: toIsoText(entry.at) })),
  };
}

function toIssueTroubleJson({ issue, missedIssueReads: lost, closingReason }: Case): IssueJson['trouble'] {
  if (!issue?.trouble) return null;
  const { kind, since, url } = issue.trouble;
  const { says, remedy } = explainTrouble(kind);
  const lookups = lost?.lookups === 1 ? 'one read has' : `${lost?.lookups} reads have`;
  const looking =
    isIssueSearchRunning(lost) && closingReason !== 'gone'
      ? `; ${lookups} not found it; after a day the case is given up`
      : '';
  return { kind, since: toIsoText(since), says: `${says}${looking}`, remedy, url };
}

function findHandleOfOriginal(core: Core, { id }: Case): string | null {
  const originalId = findOriginalId(core.sql, id);
  const original = originalId === null ? null : findCase(core.sql, originalId);
  return original && handleOf(original);
}

function findPauseStart({ clock }: Case): string | null {
  const last = clock?.pauses.at(-1);
  return last && last.to === null ? toIsoText(last.from) : null;
}

const findCustomerAttributes = ({ sql }: Core, { customerKey }: Case): AttributeValues =>
  (customerKey === null ? null : findCustomer(sql, customerKey)?.attributes) ?? {};

export function toCustomerJson(core: Core, customer: StoredCustomer): CustomerJson {
  const { seq, updatedAt, attributes = {}, ...fields } = customer;
  const { renewal = null } = attributes;
  return {
    id: seq,
    ...fields,
    renewal: renewal === null ? null : String(renewal),
    attributes: toAttributesJson(collectAttributes(core.settings.workspace), attributes),
    updatedAt: toIsoText(updatedAt),
  };
}

export function toResponseJson(core: Core, stored: StoredResponse): ResponseJson {
  const { content } = stored;
  const { email, name, tier, revenue, attributes, fromList } = content.customer;
  return {
    id: stored.id,
    source: content.source,
    form: content.form,
    formTitle: content.formTitle,
    submittedAt: toIsoText(content.submittedAt),
    receivedAt: toIsoText(stored.receivedAt),
    language: content.language,
    partial: content.partial,
    customer: {
      key: stored.customerKey,
      email,
      name,
      tier,
      revenue,
      attributes: toAttributesJson(collectAttributes(core.settings.workspace), attributes),
      fromList: fromList ?? [],
    },
    answers: content.answers.map(({ alias, question, type, value, text }) => ({
      alias,
      question: question.title || question.id,
      type,
      value,
      text,
    })),
    decisions: stored.decisions,
    link: content.link,
  };
}

export function toDeliveryJson(delivery: Delivery): DeliveryJson {
  return {
    id: delivery.id,
    source: delivery.source,
    receivedAt: toIsoText(delivery.receivedAt),
    bytes: delivery.body.byteLength,
    verified: true,
    via: delivery.via === 'back-fill' && delivery.line !== null ? 'import' : delivery.via,
    isFile: delivery.line === 0,
    file: delivery.partOf,
    line: delivery.line || null,
    outcome: delivery.outcome === 'waiting' || delivery.outcome === 'fetching' ? 'stored' : delivery.outcome,
    pending: delivery.outcome === 'waiting' || delivery.outcome === 'fetching',
    response: delivery.responseId,
    error: delivery.error,
  };
}

const toAskJson = <State extends Ask['state']>(ask: Ask & { state: State }) => ({
  id: ask.id,
  state: ask.state,
  why: ask.why,
  dueAt: toIsoText(ask.dueAt),
  sentAt: toIsoTextOrNull(ask.sentAt),
});

const toAnswersJson = ({ answeredAt, answers }: Ask) => ({ answeredAt: toIsoTextOrNull(answeredAt), answers });

export function toFollowUpJson(followUp: FollowUp): FollowUpJson {
  const { caseId, person, generation, kind } = followUp;
  const customer = kind === 'customer' ? person : null;
  const asked = { case: caseId, customer, person: kind === 'closer' ? person : null, generation, kind };
  return { ...toAskJson(followUp), ...asked, ...toAnswersJson(followUp) };
}

export const toInvitationJson = (invitation: Invitation): InvitationJson => {
  const { rule, event, person: customer, eventAt } = invitation;
  return { ...toAskJson(invitation), rule, event, customer, eventAt: toIsoText(eventAt) };
};

export const toResurveyJson = (resurvey: Resurvey): ResurveyJson => {
  const { rule, originId: response, person: customer } = resurvey;
  return { ...toAskJson(resurvey), rule, response, customer, ...toAnswersJson(resurvey) };
};

export function toMailJson(mail: Mail): MailJson {
  return {
    id: mail.id,
    to: maskAddress(mail.address),
    case: mail.caseId,
    kind: mail.kind,
    subject: mail.subject,
    state: mail.state,
    at: toIsoText(mail.at),
    provider: mail.provider,
    fate: mail.fate,
    why: mail.why,
  };
}

/** One page out of `limit + 1` rows, newest first. */
export function pageOf<Row, Json>(
  rows: Row[],
  limit: number,
  readCursor: (row: Row) => number,
  toJson: (row: Row) => Json,
): Page<Json> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(toJson), next: rows.length > limit && last ? String(readCursor(last)) : null };
}
