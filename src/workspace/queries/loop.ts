import { computeShare } from '#domain/base/share.ts';
import { type ClosureWarning, closingBurstWindowMs, findClosureWarnings } from '#domain/loop/closure-warnings.ts';
import { sumVerdictsAndBlockers } from '#domain/loop/loop-report.ts';
import { basics, type Core, demandFound, handleOf, json, type Page, store, templating, timing } from '../kit.ts';
import * as present from './serializers.ts';

const most = 200;

function toFollowUpRow({ sql }: Core, followUp: store.FollowUp): json.FollowUpRow {
  const { number, category, assignee, loopOwner } = store.getCase(sql, followUp.caseId);
  const { name = null } = (followUp.kind === 'customer' && store.findCustomer(sql, followUp.person)) || {};
  return { ...present.toFollowUpJson(followUp), handle: handleOf({ number }), category, assignee, loopOwner, name };
}

export const listFollowUpRows = (
  core: Core,
  { state, ...query }: present.PageQuery & { state: store.FollowUp['state'] | null },
): Page<json.FollowUpRow> =>
  present.pageOf(
    query,
    (before, limit) =>
      store.followUps.page(core.sql, { kind: ['customer', 'closer'], ...(state && { state }) }, limit, before),
    (followUp) => toFollowUpRow(core, followUp),
  );

/** Every contact with one person: sent, waiting and skipped, with the reason. @throws AppError for an unknown key */
export function ledger(core: Core, customerKey: string): json.LedgerJson {
  const customer = demandFound(store.findCustomer(core.sql, customerKey), 'No customer has this key.');
  const { keys, marks, hasOptedOut } = basics.findPersonOfCustomerKey(core, customerKey, customer.email);
  const now = core.clock.now();
  const { sql } = core;
  const addresses = [customer.email, ...store.listAddressesWrittenTo(sql, keys)];
  const reported = { keys, address: customer.email, now };
  const lastFirst = store.lastFirstFollowUpAt(core.sql, marks, now) ?? 0;
  const asked = Math.max(lastFirst, store.findLastReportedSurveyAt(core.sql, reported, []) ?? 0);
  const until = asked + core.settings.workspace['follow-up'].quarantine;
  return {
    keys,
    hasOptedOut,
    isUndeliverable: addresses.some((address) => address !== null && basics.isUndeliverable(core, address)),
    quarantineUntil: until > now ? timing.toIsoText(until) : null,
    followUps: store.followUps
      .page(sql, { kind: 'customer', person: keys }, most)
      .map((row) => toFollowUpRow(core, row)),
    mails: store.mails.page(sql, { person: keys, kind: store.kindsToOutside }, most).map(present.toMailJson),
    resurveys: store.resurveys.page(sql, { kind: 'resurvey', person: keys }, most).map(present.toResurveyJson),
    invitations: store.invitations.page(sql, { kind: 'invitation', person: keys }, most).map(present.toInvitationJson),
    surveys: store.reportedSurveys.list(sql, { customerKey: keys }, most).map(present.toReportedSurveyJson),
  };
}

/** Closure warnings of a case, closing by closing; for review, never a score of a person. */
export const findClosureWarningsOfCase = (core: Core, caseId: string) =>
  store.closingsOfCase(core.sql, caseId).map((closing) => ({
    generation: closing.generation,
    warnings: findClosureWarningsOfClosing(core, closing),
  }));

function findClosureWarningsOfClosing(core: Core, closing: store.StoredClosing): ClosureWarning[] {
  const isCurrentClosing = closing.generation === closing.current;
  return findClosureWarnings({
    ...closing,
    closedAt: closing.at,
    dueAt: isCurrentClosing ? closing.dueAt : null,
    isClosedByPerson: Object.hasOwn(core.settings.workspace.people, closing.who),
    alongside: store.countClosingsByCloserNearby(core.sql, { ...closing, within: closingBurstWindowMs }),
  });
}

const mostClosingsExamined = 500;
const reviewed = 10;

/** Verdicts and closings of the last days, or of a period: pairs of answers, blockers, and a sample of closings to review. */
export function buildLoopReport(core: Core, days: number, period?: { from: number; to: number }): json.LoopReportJson {
  if (!Number.isInteger(days) || days < 1 || days > 731)
    basics.refuseField('days', 'must be a whole number between 1 and 731');
  const now = core.clock.now() + 1;
  const from = period?.from ?? now - days * timing.dayMs;
  const to = Math.min(period?.to ?? now, now);
  const sums = sumVerdictsAndBlockers(
    store.listVerdictsBetween(core.sql, from, to),
    store.listBlockersNamedBetween(core.sql, from, to),
    store.countReasonsBetween(core.sql, from, to, templating.listReasonsToChoose(core.settings.surveys)),
  );
  return {
    days,
    from: timing.toIsoText(from),
    to: timing.toIsoText(to),
    ...sums,
    resurveys: store.countResurveyAnswers(core.sql, from, to).map(({ rule, hadCase, asked, answered, resolved }) => {
      return { rule, hadCase: hadCase === 1, asked, resolved: computeShare(resolved, answered) };
    }),
    review: sample(core, from, to),
  };
}

/** Closings with warnings. The sample is drawn by key, so that nobody chooses. */
const sample = (core: Core, from: number, to: number): json.LoopReportJson['review'] =>
  store
    .listClosingsBetween(core.sql, from, to, mostClosingsExamined)
    .map((closing) => ({ ...closing, warnings: findClosureWarningsOfClosing(core, closing) }))
    .filter(({ warnings }) => warnings.length > 0)
    .map((closing) => ({ closing, order: core.keys.mac('review.1', closing.caseId, String(closing.generation)) }))
    .sort((a, b) => b.closing.warnings.length - a.closing.warnings.length || a.order.localeCompare(b.order))
    .slice(0, reviewed)
    .map(({ closing }) => ({
      ...json.presentFields(json.LoopReportJson.shape.review.element, { ...closing, id: closing.caseId }),
      handle: handleOf(closing),
    }));
