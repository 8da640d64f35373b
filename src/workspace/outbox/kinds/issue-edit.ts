import { IntegrationError } from '#domain/base/errors.ts';
import type { Case } from '#domain/cases/case-record.ts';
import { joinEditParts, splitEdit } from '#domain/cases/edit-parts.ts';
import type { WrittenIssueFields } from '#domain/cases/ownership.ts';
import type { IssueEdit } from '#domain/integrations/issue.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import { buildCaseLink, identifyIssue, renderIssueText } from '../../basics/draft-issue.ts';
import type { Core } from '../../core.ts';
import { mirrorIssue } from '../../issues/mirror.ts';
import type { Kind } from '../../queues/outbox-kind.ts';
import { getCase, updateCase } from '../../store/cases.ts';
import type { OutboxRow } from '../../store/outbox.ts';
import type { Payload } from '../../store/payloads.ts';
import { listRefusalsOfCase } from '../../store/refusals.ts';
import { forgetRefusal, listHeldParts, recordRefusal } from '../../tracker-requests/refusals.ts';
import { buildIssueFieldsEdit, toWrittenIssueFields } from '../../tracker-requests/sync-issue.ts';
import { editInParts } from '../edit-in-parts.ts';
import { createCaseSettler, requireTracker, requireTrackerAndIssue } from './case-row.ts';

/**
 * Updates an issue. It is read first, so that people's edits are taken over and not overwritten; the written values are
 * current, so that repeating or delaying the call is harmless.
 */
export const issueEditKind: Kind<'issue.edit'> = {
  unknown: 'repeat',
  prepare: requireTracker,

  async call(core, row) {
    const { payload } = row;
    if (payload.former !== undefined) return rewriteFormerIssue(core, row, payload.former);
    const { tracker, issue } = await requireTrackerAndIssue(core, row);
    const shown = await tracker.readIssue(issue.id);
    if (!shown) throw new IntegrationError('rejected', row.kind, { status: 404, detail: 'the issue is not there' });
    const isQuotingAllowed = await mayQuoteRespondents(core, tracker, payload);
    const parts = core.sql.transaction(() => {
      mirrorIssue(core, payload.caseId, shown);
      const caseRecord = getCase(core.sql, payload.caseId);
      const held = listHeldParts(core, caseRecord.id);
      const wanted = editOf(core, caseRecord, payload, isQuotingAllowed);
      const going = splitEdit(wanted).filter(({ part }) => !held.has(part));
      const edit = joinEditParts(going);
      const written = toWrittenIssueFields(row.id, core.clock.now(), edit, caseRecord.status);
      updateCase(core.sql, caseRecord.id, { unconfirmedWrites: [...recent(core, caseRecord), written] });
      return going;
    });
    const { issue: edited, accepted, refused } = await editInParts(tracker, issue.id, parts);
    return { issue: edited ?? shown, written: joinEditParts(accepted), refusedParts: refused };
  },

  settle: createCaseSettler(
    (core, caseRecord, row, { issue, written = {}, refusedParts = [] }) => {
      if (row.payload.former !== undefined) return;
      const wrote = forgetLastWrite(core, caseRecord, row.id);
      for (const { part, reason } of refusedParts) recordRefusal(core, caseRecord, part, reason);
      forgetPartsNoLongerRefused(core, caseRecord.id, refusedParts);
      if (!issue) return;
      const actual = wrote && toWrittenIssueFields(row.id, wrote.at, written, wrote.status ?? caseRecord.status);
      mirrorIssue(core, caseRecord.id, issue, actual ? { wrote: actual } : {});
    },
    // A refused call had no effect.
    (core, caseRecord, row) => void forgetLastWrite(core, caseRecord, row.id),
  ),
};

/** Writes an earlier issue of the case as it would be now, under its own marker and after its own predecessor. */
async function rewriteFormerIssue(core: Core, { queue, payload }: OutboxRow<'issue.edit'>, id: string) {
  const tracker = await core.integrations.tracker(queue);
  const caseRecord = getCase(core.sql, payload.caseId);
  const before = caseRecord.formerIssues.findIndex((issue) => issue.id === id);
  const formerIssues = caseRecord.formerIssues.slice(0, Math.max(before, 0));
  const isQuotingAllowed = await mayQuoteRespondents(core, tracker, { ...payload, text: true });
  await tracker.editIssue(id, buildIssueTextEdit(core, { ...caseRecord, formerIssues }, isQuotingAllowed));
  return {};
}

/** Drops the entry of a row's last try. Earlier tries with an unknown outcome may still take effect. */
function forgetLastWrite(core: Core, caseRecord: Case, row: number): WrittenIssueFields | undefined {
  const wrote = (caseRecord.unconfirmedWrites ?? []).findLast((entry) => entry.row === row);
  updateCase(core.sql, caseRecord.id, {
    unconfirmedWrites: recent(core, caseRecord).filter((entry) => entry !== wrote),
  });
  return wrote;
}

/** A part that was due for another try, and was not refused again, was accepted or is no longer wanted. */
function forgetPartsNoLongerRefused(core: Core, caseId: string, refused: { part: string }[]): void {
  const held = listHeldParts(core, caseId);
  for (const { part } of listRefusalsOfCase(core.sql, caseId)) {
    const isRefusedAgain = held.has(part) || refused.some((entry) => entry.part === part);
    if (!part.startsWith('issue.') && !isRefusedAgain) forgetRefusal(core, caseId, part);
  }
}

function recent(core: Core, caseRecord: Case) {
  const since = core.clock.now() - core.settings.workspace.polling.settle;
  return (caseRecord.unconfirmedWrites ?? []).filter(({ at }) => at >= since);
}

/** Whether respondents may be quoted: by the workspace's rule, in a tracker just verified as not public. */
async function mayQuoteRespondents(core: Core, tracker: Tracker, { text }: Payload<'issue.edit'>): Promise<boolean> {
  if (!text || core.settings.workspace.words !== 'private') return false;
  return (await tracker.setUp?.visibility()) === 'private';
}

function editOf(
  core: Core,
  caseRecord: Case,
  { text, fields }: Payload<'issue.edit'>,
  isQuotingAllowed: boolean,
): IssueEdit {
  return {
    ...(text ? buildIssueTextEdit(core, caseRecord, isQuotingAllowed) : {}),
    ...(fields ? buildIssueFieldsEdit(core, caseRecord) : {}),
  };
}

/** A rewritten text keeps its marker and link, and a title that a person gave it. */
function buildIssueTextEdit(core: Core, caseRecord: Case, isQuotingAllowed: boolean): IssueEdit {
  const { title, body } = renderIssueText(core, caseRecord, isQuotingAllowed);
  return {
    ...(caseRecord.editHistory?.keepsPersonTitle ? {} : { title }),
    body,
    marker: identifyIssue(core, caseRecord).marker,
    link: buildCaseLink(core, caseRecord),
  };
}
