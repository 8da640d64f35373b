import type { Page } from '#domain/base/page.ts';
import { isSearchedFor, troubleWords } from '#domain/integrations/issue-trouble.ts';
import type { CaseJson, IssueJson } from '#domain/json/case-json.ts';
import type { DeliveryJson, ResponseJson } from '#domain/json/intake-json.ts';
import type { FollowUpJson, InvitationJson, MailJson, ResurveyJson } from '#domain/json/loop-json.ts';
import { maskAddress } from '#domain/json/mask.ts';
import { waitsFor } from '#domain/settings/gate.ts';
import { whatChanged } from '../basics/closing-explanation.ts';
import type { Core } from '../core.ts';
import { closersOf } from '../issues/close-policy.ts';
import { onItsWay } from '../issues/pending-changes.ts';
import { type Case, handleOf } from '../store/case-record.ts';
import { customersOfCase, responsesOfCase } from '../store/case-responses.ts';
import { findCase } from '../store/cases.ts';
import type { Delivery } from '../store/deliveries.ts';
import { type FollowUp, followUpsOfCase } from '../store/follow-ups.ts';
import type { Invitation } from '../store/invitations.ts';
import type { Mail } from '../store/mails.ts';
import type { StoredResponse } from '../store/responses.ts';
import type { Resurvey } from '../store/resurveys.ts';
import { timelineOf } from '../store/timeline.ts';
import { verdictsOf } from '../store/verdicts.ts';
import { peopleOfCase } from './people.ts';

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

export function caseJson(core: Core, found: Case): CaseJson {
  const { issue } = found;
  return {
    id: found.id,
    handle: handleOf(found),
    workspace: core.workspace,
    template: found.template,
    kind: found.kind,
    action: found.action,
    customer: { key: found.customerKey, tier: found.tier, revenue: found.revenue },
    customers: customersOfCase(core.sql, found.id).length,
    category: found.category,
    severity: found.severity,
    status: found.status,
    loop: found.loop,
    openedAt: iso(found.openedAt),
    openedWhy: found.openedWhy,
    dueAt: iso(found.dueAt),
    dueWhy: found.dueWhy,
    firstContactAt: isoOrNull(found.firstContactAt),
    firstContactDueAt: isoOrNull(found.firstContactDueAt),
    pausedAt: pausedAt(found),
    resolvedAt: isoOrNull(found.resolvedAt),
    closingReason: found.closingReason,
    closingNote: found.closingNote,
    closingFlag: found.closingFlag,
    rootCause: found.rootCause,
    closers: closersOf(core, found),
    sending: onItsWay(core, found),
    explanation: found.explanation,
    whatChanged: whatChanged(found),
    repeats: repeatedBy(core, found),
    waitsFor: found.loop === 'resolved' && found.gate ? waitsFor(found.gate) : null,
    disputes: found.disputes,
    generation: found.generation,
    assignee: found.assignee,
    loopOwner: found.loopOwner,
    overdue: found.overdue,
    ...peopleOfCase(core, found),
    needsPerson: found.needsPerson,
    issue: issue && {
      tracker: found.tracker,
      kind: core.settings.workspace.trackers[found.tracker]?.kind ?? 'removed',
      key: issue.key,
      url: issue.url,
      state: issue.state,
      labels: issue.labels,
      comments: issue.comments,
      missing: found.guard?.missing ?? [],
      trouble: troubleJson(found),
    },
    responses: responsesOfCase(core.sql, found.id),
    verdicts: verdictsOf(core.sql, found.id).map(({ customerKey, generation, verdict, why, at }) => ({
      customer: customerKey,
      generation,
      verdict,
      why,
      at: iso(at),
    })),
    followUps: followUpsOfCase(core.sql, found.id).map(followUpJson),
    timeline: timelineOf(core.sql, found.id).map((entry) => ({ ...entry, at: iso(entry.at) })),
  };
}

/** What is wrong with the issue of a case, and what can be done. */
function troubleJson({ issue, lost, closingReason }: Case): IssueJson['trouble'] {
  if (!issue?.trouble) return null;
  const { kind, since, url } = issue.trouble;
  const { says, remedy } = troubleWords(kind);
  const lookups = lost?.lookups === 1 ? 'one look has' : `${lost?.lookups} looks have`;
  const looking =
    isSearchedFor(lost) && closingReason !== 'gone'
      ? `; ${lookups} not found it, and after a day of looking the case is given up`
      : '';
  return { kind, since: iso(since), says: `${says}${looking}`, remedy, url };
}

function repeatedBy(core: Core, { duplicateOf }: Case): string | null {
  const original = duplicateOf === null ? null : findCase(core.sql, duplicateOf);
  return original && handleOf(original);
}

function pausedAt({ clock }: Case): string | null {
  const last = clock?.pauses.at(-1);
  return last && last.to === null ? iso(last.from) : null;
}

export function responseJson(stored: StoredResponse): ResponseJson {
  const { content } = stored;
  const { email, name, tier, revenue, fromList } = content.customer;
  return {
    id: stored.id,
    source: content.source,
    form: content.form,
    formTitle: content.formTitle,
    submittedAt: iso(content.submittedAt),
    receivedAt: iso(stored.receivedAt),
    language: content.language,
    partial: content.partial,
    customer: { key: stored.customerKey, email, name, tier, revenue, fromList: fromList ?? [] },
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

export function deliveryJson(delivery: Delivery): DeliveryJson {
  return {
    id: delivery.id,
    source: delivery.source,
    receivedAt: iso(delivery.receivedAt),
    bytes: delivery.body.byteLength,
    verified: true,
    via: delivery.via === 'back-fill' && delivery.line !== null ? 'import' : delivery.via,
    isFile: delivery.line === 0,
    file: delivery.partOf,
    line: delivery.line || null,
    // Waiting to be judged, or for its answers, is stored all the same.
    outcome: delivery.outcome === 'waiting' || delivery.outcome === 'fetching' ? 'stored' : delivery.outcome,
    pending: delivery.outcome === 'waiting' || delivery.outcome === 'fetching',
    response: delivery.responseId,
    error: delivery.error,
  };
}

export function followUpJson(followUp: FollowUp): FollowUpJson {
  const { id, caseId, person, generation, kind, state, why, answers } = followUp;
  return {
    id,
    case: caseId,
    customer: kind === 'customer' ? person : null,
    person: kind === 'closer' ? person : null,
    generation,
    kind,
    state,
    why,
    dueAt: iso(followUp.dueAt),
    sentAt: isoOrNull(followUp.sentAt),
    answeredAt: isoOrNull(followUp.answeredAt),
    answers,
  };
}

export const invitationJson = ({
  seq: _,
  deliveryId: __,
  customerKey,
  ...row
}: Invitation): InvitationJson => ({
  ...row,
  customer: customerKey,
  eventAt: iso(row.eventAt),
  dueAt: iso(row.dueAt),
  sentAt: isoOrNull(row.sentAt),
});

export const resurveyJson = ({ responseId, customerKey, ...row }: Resurvey): ResurveyJson => ({
  id: row.id,
  rule: row.rule,
  response: responseId,
  customer: customerKey,
  state: row.state,
  why: row.why,
  dueAt: iso(row.dueAt),
  sentAt: isoOrNull(row.sentAt),
  answeredAt: isoOrNull(row.answeredAt),
  answers: row.answers,
});

export function mailJson(mail: Mail): MailJson {
  return {
    id: mail.id,
    to: maskAddress(mail.address),
    case: mail.caseId,
    kind: mail.kind,
    subject: mail.subject,
    state: mail.state,
    at: iso(mail.at),
    provider: mail.provider,
    fate: mail.fate,
    why: mail.why,
  };
}

/** One page out of `limit + 1` rows, newest first. */
export function pageOf<Row, Shape>(
  rows: Row[],
  limit: number,
  cursorOf: (row: Row) => number,
  shape: (row: Row) => Shape,
): Page<Shape> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(shape), next: rows.length > limit && last ? String(cursorOf(last)) : null };
}
