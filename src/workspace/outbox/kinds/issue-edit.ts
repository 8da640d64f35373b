import { IntegrationError } from '#domain/base/errors.ts';
import { createIssueMarker } from '#domain/base/marker.ts';
import { type Case, handleOf } from '#domain/cases/case-record.ts';
import type { IssueEdit } from '#domain/integrations/issue.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import { buildCaseLink, renderIssueText } from '../../basics/draft-issue.ts';
import type { Core } from '../../core.ts';
import { mirrorIssue } from '../../issues/mirror.ts';
import type { Kind } from '../../queues/outbox-kind.ts';
import { getCase, updateCase } from '../../store/cases.ts';
import type { Payload } from '../../store/payloads.ts';
import { buildIssueFieldsEdit, toWrittenIssueFields } from '../../tracker-requests/sync-issue.ts';
import { createCaseSettler, requireTracker, requireTrackerAndIssue } from './case-row.ts';

/**
 * Updates an issue. It is read first, so that people's edits are taken over and not overwritten; the written values are
 * current, so that repeating or delaying the call is harmless.
 */
export const issueEditKind: Kind<'issue.edit'> = {
  unknown: 'repeat',
  prepare: requireTracker,

  async call(core, row) {
    const { tracker, issue } = await requireTrackerAndIssue(core, row);
    const { payload } = row;
    const shown = await tracker.readIssue(issue.id);
    if (!shown) throw new IntegrationError('rejected', row.kind, { status: 404, detail: 'the issue is not there' });
    const isQuotingAllowed = await mayQuoteRespondents(core, tracker, payload);
    const edit = core.sql.transaction(() => {
      mirrorIssue(core, payload.caseId, shown);
      const caseRecord = getCase(core.sql, payload.caseId);
      const wanted = editOf(core, caseRecord, payload, isQuotingAllowed);
      const written = toWrittenIssueFields(row.id, core.clock.now(), wanted, caseRecord.status);
      updateCase(core.sql, caseRecord.id, { unconfirmedWrites: [...recent(core, caseRecord), written] });
      return wanted;
    });
    return { issue: await tracker.editIssue(issue.id, edit) };
  },

  settle: createCaseSettler((core, caseRecord, row, { issue }) => {
    const mine = (caseRecord.unconfirmedWrites ?? []).filter((entry) => entry.row === row.id);
    const wrote = mine.at(-1);
    // Earlier tries with an unknown outcome may still take effect.
    updateCase(core.sql, caseRecord.id, {
      unconfirmedWrites: recent(core, caseRecord).filter((entry) => entry !== wrote),
    });
    if (issue) mirrorIssue(core, caseRecord.id, issue, wrote ? { wrote } : {});
  }),
};

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
    marker: createIssueMarker(core.keys, core.workspace, handleOf(caseRecord)),
    link: buildCaseLink(core, caseRecord),
  };
}
