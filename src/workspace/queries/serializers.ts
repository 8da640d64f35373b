import { collectAttributes } from '#domain/settings/attributes.ts';
import { describeGateWait } from '#domain/settings/gate.ts';
import { nextOf } from '../cases/ladder.ts';
import { listPeopleWhoMayClose } from '../issues/close-policy.ts';
import { listPendingCalls, listRefusedCalls } from '../issues/pending-changes.ts';
import {
  basics,
  type Case,
  type Core,
  handleOf,
  json,
  type Page,
  port,
  store,
  toIsoText,
  toIsoTextOrNull,
} from '../kit.ts';

const mostResponseIds = 500;

export function toCaseJson(core: Core, caseRecord: Case): json.CaseJson {
  const { sql, workspace, settings, integrations } = core;
  const { id: caseId, kind, customerKey, tier, revenue, issue, tracker, snoozedUntil } = caseRecord;
  const original = store.findCase(sql, store.findOriginalId(sql, caseId));
  const pause = findPause(caseRecord);
  const now = core.clock.now();
  const { name = null, attributes = {} } = store.findCustomer(sql, customerKey) ?? {};
  return {
    ...json.presentFields(json.CaseJson, caseRecord),
    handle: handleOf(caseRecord),
    workspace,
    customer: {
      ...{ key: customerKey, name, tier, revenue },
      attributes: json.toAttributesJson(collectAttributes(settings.workspace), attributes),
    },
    customers:
      kind === 'strategic'
        ? store.countCustomersOfCase(sql, caseId, Number.MAX_SAFE_INTEGER)
        : Number(customerKey !== null),
    addresses: basics
      .listAddressesToDecide(core, caseId)
      .map(({ seq: id, customerKey: customer, responseId: response, ...row }) =>
        json.presentFields(json.CaseJson.shape.addresses.element, { ...row, id, customer, response }),
      ),
    pausedAt: pause && toIsoText(pause.from),
    overdue: isOverdue(core, caseRecord),
    closers: listPeopleWhoMayClose(core, caseRecord),
    sending: listPendingCalls(core, caseRecord),
    refused: listRefusedCalls(core, caseId),
    whatChanged: basics.findWhatChangedText(caseRecord),
    repeats: original && handleOf(original),
    waitsFor: caseRecord.loop === 'resolved' && caseRecord.gate ? describeGateWait(caseRecord.gate) : null,
    plan: store.planSteps.list(sql, { caseId }).map((step) => ({
      ...json.presentFields(json.CaseJson.shape.plan.element, step),
      whoName: basics.findPersonOrTeamName(core, step.who),
      issue: step.issue && { key: step.issue.key, url: step.issue.url, state: step.issue.state },
    })),
    ladder: {
      ...json.presentFields(json.CaseJson.shape.ladder, caseRecord),
      nextAt: toIsoTextOrNull(nextOf(core, caseRecord)?.at ?? null),
      snoozedUntil: toIsoTextOrNull((snoozedUntil ?? 0) > now ? snoozedUntil : null),
    },
    contributors: store.contributorInvitations.list(sql, { caseId }).map(({ id, name, at, expiresAt, endedAt }) => {
      return { id, name, invitedAt: toIsoText(at), holds: endedAt === null && expiresAt > now };
    }),
    contributions: store
      .listContributions(sql, caseId, null)
      .map((contribution) => json.presentFields(json.CaseJson.shape.contributions.element, contribution)),
    issue: issue && {
      tracker,
      kind: settings.workspace.trackers[tracker]?.kind ?? 'removed',
      trackerTitle: integrations.vendor(tracker)?.title ?? 'Removed tracker',
      ...json.presentFields(json.IssueJson, issue),
      missing: caseRecord.editHistory?.fieldsDroppedByTracker ?? [],
      trouble: toIssueTroubleJson(caseRecord),
    },
    responses: store.listNewestResponseIds(sql, caseId, mostResponseIds).toReversed(),
    responseCount: store.caseResponses.count(sql, { caseId }),
    verdicts: store.verdicts.list(sql, { caseId }).map((verdict) => ({
      ...json.presentFields(json.CaseJson.shape.verdicts.element, verdict),
      customer: verdict.customerKey,
    })),
    followUps: store.followUps.list(sql, { caseId }).map(toFollowUpJson),
    timeline: store
      .listTimelineEntries(sql, caseId)
      .map((entry) => json.presentFields(json.CaseJson.shape.timeline.element, entry)),
  };
}

const findPause = ({ clock }: Case) => clock?.pauses.find(({ to }) => to === null) ?? null;

/** Whether a case is open past its closure goal, even before the alarm has marked it. */
export const isOverdue = ({ clock }: Core, caseRecord: Case): boolean =>
  caseRecord.overdue ||
  (caseRecord.loop === 'working' && findPause(caseRecord) === null && caseRecord.dueAt <= clock.now());

export function toIssueTroubleJson({ issue, missedIssueReads: lost, closingReason }: Case): json.IssueJson['trouble'] {
  if (!issue?.trouble) return null;
  const { kind, since, url } = issue.trouble;
  const { says, remedy } = port.issueTroubles[kind];
  const lookups = lost?.lookups === 1 ? 'one read has' : `${lost?.lookups} reads have`;
  const looking =
    port.isIssueSearchRunning(lost) && closingReason !== 'gone'
      ? `; ${lookups} not found it; after a day the case is given up`
      : '';
  return { kind, since: toIsoText(since), says: `${says}${looking}`, remedy, url };
}

export function toCustomerJson(core: Core, customer: store.StoredCustomer): json.CustomerJson {
  const { seq, updatedAt, attributes = {}, ...fields } = customer;
  const { renewal = null } = attributes;
  return {
    id: seq,
    ...fields,
    renewal: renewal === null ? null : String(renewal),
    attributes: json.toAttributesJson(collectAttributes(core.settings.workspace), attributes),
    updatedAt: toIsoText(updatedAt),
  };
}

export function toResponseJson(core: Core, stored: store.StoredResponse): json.ResponseJson {
  const { content } = stored;
  const { attributes, fromList } = content.customer;
  return {
    id: stored.id,
    ...json.presentFields(json.ResponseJson, content),
    notes: content.notes ?? [],
    receivedAt: toIsoText(stored.receivedAt),
    customer: {
      ...json.presentFields(json.ResponseJson.shape.customer, content.customer),
      key: stored.customerKey,
      attributes: json.toAttributesJson(collectAttributes(core.settings.workspace), attributes),
      fromList: fromList ?? [],
    },
    answers: content.answers.map((answer) => ({
      ...json.presentFields(json.ResponseJson.shape.answers.element, answer),
      question: answer.question.title || answer.question.id,
    })),
    decisions: stored.decisions,
  };
}

export function toDeliveryJson(delivery: store.Delivery): json.DeliveryJson {
  const { outcome, line, via } = delivery;
  return {
    ...json.presentFields(json.DeliveryJson, delivery),
    bytes: delivery.body.byteLength,
    verified: true,
    via: via === 'back-fill' && line !== null ? 'import' : via,
    isFile: line === 0,
    file: delivery.partOf,
    line: line || null,
    ...(outcome === 'waiting' || outcome === 'fetching'
      ? { outcome: 'stored', pending: true }
      : { outcome, pending: false }),
    response: delivery.responseId,
  };
}

export function toFollowUpJson(followUp: store.FollowUp): json.FollowUpJson {
  const { caseId, person, kind } = followUp;
  const [customer, closer] = kind === 'customer' ? [person, null] : [null, person];
  return { ...json.presentFields(json.FollowUpJson, followUp), case: caseId, customer, person: closer };
}

export const toInvitationJson = (invitation: store.Invitation): json.InvitationJson => ({
  ...json.presentFields(json.InvitationJson, invitation),
  customer: invitation.person,
});

export const toReportedSurveyJson = ({ survey, form, at }: store.ReportedSurvey): json.ReportedSurveyJson => ({
  survey,
  form: form || null,
  at: toIsoText(at),
});

export const toResurveyJson = (resurvey: store.Resurvey): json.ResurveyJson => ({
  ...json.presentFields(json.ResurveyJson, resurvey),
  response: resurvey.originId,
  customer: resurvey.person,
});

export const toMailJson = (mail: store.Mail): json.MailJson => ({
  ...json.presentFields(json.MailJson, mail),
  to: json.maskAddress(mail.address),
  case: mail.caseId,
});

export type PageQuery = { cursor: string | null; limit: number };

/**
 * One page of rows, newest first.
 * @param read rows before a number, up to a limit; for an order by `first`, before that and the number
 * @param toJson null for no item
 */
export function pageOf<Row extends { seq: number }, Json>(
  { cursor, limit }: PageQuery,
  read: (before: number, limit: number, first: string | null) => Row[],
  toJson: (row: Row) => Json | null,
  first?: (row: Row) => string | number | null,
): Page<Json> {
  const [, after, seq] = /^(?:([\d-]+)_)?(\d+)$/.exec(cursor ?? String(Number.MAX_SAFE_INTEGER)) ?? [];
  const before = Number(seq);
  if (!Number.isSafeInteger(before) || (cursor !== null && (after !== undefined) !== (first !== undefined)))
    basics.refuseField('cursor', 'is not a "next" of an earlier page');
  const rows = read(before, limit + 1, after ?? null);
  const last = rows[limit - 1];
  const items = rows.slice(0, limit).flatMap((row) => toJson(row) ?? []);
  const next = last && `${first ? `${first(last)}_` : ''}${last.seq}`;
  return { items, next: rows.length > limit && next ? next : null };
}

/** Responses by their ids, without those that are not stored. */
export const listResponsesById = (core: Core, ids: string[]): json.ResponseJson[] =>
  ids.flatMap((id) => store.responses.list(core.sql, { id }).map((stored) => toResponseJson(core, stored)));
