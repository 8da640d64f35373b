import { type EditPart, fieldOfPart, joinEditParts, splitEdit } from '#domain/cases/edit-parts.ts';
import type { WrittenIssueFields } from '#domain/cases/ownership.ts';
import { listUnsureWrites, mirrorIssue } from '../../issues/mirror.ts';
import { basics, type Case, type Core, IntegrationError, type port, store } from '../../kit.ts';
import type { Kind } from '../../queues/outbox-kind.ts';
import { listHeldParts, recordRefusal } from '../../tracker-requests/refusals.ts';
import { buildIssueFieldsEdit, toWrittenIssueFields } from '../../tracker-requests/sync-issue.ts';
import { createCaseSettler, requireTrackerAndIssue } from './issue-call.ts';

/** Updates an issue; it is read first, and current values are written, so that repeating the call is harmless. */
export const issueEditKind: Kind<'issue.edit'> = {
  unknown: 'repeat',

  async call(core, row) {
    const { payload } = row;
    if (payload.former !== undefined) return rewriteFormerIssue(core, row, payload.former);
    const { tracker, issue } = await requireTrackerAndIssue(core, row);
    const shown = await tracker.readIssue(issue.id);
    if (!shown) throw new IntegrationError('rejected', row.kind, { status: 404, detail: 'the issue is not there' });
    const isTrackerPrivate = await isVerifiedPrivate(core, tracker, payload);
    const { parts, held } = core.sql.transaction(() => {
      mirrorIssue(core, payload.caseId, shown);
      const caseRecord = store.getCase(core.sql, payload.caseId);
      const held = listHeldParts(core, caseRecord.id);
      // Any edit takes along what was refused and is due for another try.
      const isAnyDue = store.refusals.list(core.sql, { caseId: caseRecord.id }).some(({ part }) => !held.has(part));
      const wanted = {
        ...(payload.text && buildIssueTextEdit(core, caseRecord, isTrackerPrivate)),
        ...((payload.fields || isAnyDue) && buildIssueFieldsEdit(core, caseRecord)),
      };
      const going = splitEdit(wanted).filter(({ part }) => !held.has(part));
      const edit = joinEditParts(going);
      const written = toWrittenIssueFields(row.id, core.clock.now(), edit, caseRecord.status);
      const unconfirmedWrites = [...listUnsureWrites(core, caseRecord), written];
      store.updateCase(core.sql, caseRecord.id, { unconfirmedWrites });
      return { parts: going, held };
    });
    const { issue: edited, accepted, refused } = await editInParts(tracker, issue.id, parts);
    return { issue: edited ?? shown, written: joinEditParts(accepted), refusedParts: refused, heldParts: held };
  },

  settle: createCaseSettler(
    (core, caseRecord, row, { issue, written = {}, refusedParts = [], heldParts = new Set() }) => {
      if (row.payload.former !== undefined) return;
      const wrote = forgetLastWrite(core, caseRecord, row.id);
      for (const { part, reason } of refusedParts) recordRefusal(core, caseRecord, part, reason);
      const stillRefused = [...heldParts, ...refusedParts.map(({ part }) => part)];
      // A part that was due for another try, and was not refused again, was accepted or is no longer wanted.
      for (const { part } of store.refusals.list(core.sql, { caseId: caseRecord.id }))
        if (!part.startsWith('issue.') && !stillRefused.includes(part))
          store.refusals.delete(core.sql, { caseId: caseRecord.id, part });
      if (!issue) return;
      const actual = wrote && toWrittenIssueFields(row.id, wrote.at, written, wrote.status ?? caseRecord.status);
      mirrorIssue(core, caseRecord.id, issue, actual ? { wrote: actual } : {});
    },
    // A refused call had no effect.
    (core, caseRecord, row) => void forgetLastWrite(core, caseRecord, row.id),
  ),
};

async function rewriteFormerIssue(core: Core, { queue, payload }: store.OutboxRow<'issue.edit'>, id: string) {
  const tracker = await core.integrations.tracker(queue);
  const caseRecord = store.getCase(core.sql, payload.caseId);
  const before = caseRecord.formerIssues.findIndex((issue) => issue.id === id);
  const formerIssues = caseRecord.formerIssues.slice(0, Math.max(before, 0));
  const isTrackerPrivate = await isVerifiedPrivate(core, tracker, { ...payload, text: true });
  await tracker.editIssue(id, buildIssueTextEdit(core, { ...caseRecord, formerIssues }, isTrackerPrivate));
  return {};
}

/** Drops the entry of a row's last try. Earlier tries with an unknown outcome may still take effect. */
function forgetLastWrite(core: Core, caseRecord: Case, row: number): WrittenIssueFields | undefined {
  const wrote = (caseRecord.unconfirmedWrites ?? []).findLast((entry) => entry.row === row);
  const unconfirmedWrites = listUnsureWrites(core, caseRecord).filter((entry) => entry !== wrote);
  store.updateCase(core.sql, caseRecord.id, { unconfirmedWrites });
  return wrote;
}

/** Whether the tracker was just verified as not public. Nobody asks it where the text holds nothing private anyway. */
async function isVerifiedPrivate(core: Core, tracker: port.Tracker, { text, caseId }: store.Payload<'issue.edit'>) {
  const caseRecord = store.getCase(core.sql, caseId);
  const hasRevenue = caseRecord.kind === 'strategic' || caseRecord.revenue !== null;
  if (!text || (core.settings.workspace.words !== 'private' && !hasRevenue)) return false;
  try {
    return (await tracker.visibility()) === 'private';
  } catch (error) {
    // Who may not look knows nothing; without an answer, the whole edit is made later.
    if (error instanceof IntegrationError && ['auth', 'rejected'].includes(error.code)) return false;
    throw error;
  }
}

/** A rewritten text keeps its marker and link, and a title that a person gave it; a person's own text gets them only. */
function buildIssueTextEdit(core: Core, caseRecord: Case, isTrackerPrivate: boolean): port.IssueEdit {
  const marks = { marker: basics.identifyIssue(core, caseRecord).marker, link: basics.buildCaseLink(core, caseRecord) };
  if (caseRecord.editHistory?.isAdopted) return marks;
  const { title, body } = basics.renderIssueText(core, caseRecord, isTrackerPrivate);
  return { ...(caseRecord.editHistory?.keepsPersonTitle ? {} : { title }), body, ...marks };
}

/** Edits an issue without the fields that a refusal names, or part by part, so that one field stops no other. */
async function editInParts(tracker: port.Tracker, id: string, parts: EditPart[]) {
  let issue: port.IssueSnapshot | null = null;
  const accepted: EditPart[] = [];
  const refused: { part: string; reason: string }[] = [];
  const waiting = [parts];
  for (let group = waiting.shift(); group; group = waiting.shift()) {
    if (group.length === 0) continue;
    try {
      issue = await tracker.editIssue(id, joinEditParts(group));
      accepted.push(...group);
    } catch (error) {
      if (!(error instanceof IntegrationError) || !isRefusalOfPart(error)) throw error;
      const smaller = splitRefusedGroup(group, error);
      if (smaller) waiting.push(...smaller);
      else refused.push(...group.map(({ part }) => ({ part, reason: error.message })));
    }
  }
  return { issue, accepted, refused };
}

/** A missing issue refuses everything. */
function isRefusalOfPart({ code, status }: IntegrationError): boolean {
  if (code === 'auth') return status === 403;
  return code === 'rejected' && ![301, 404, 410].includes(status);
}

/** Smaller groups to try instead; null where the refusal is about each part of the group. */
function splitRefusedGroup(group: EditPart[], { code, fields, isPlaceClosed }: IntegrationError): EditPart[][] | null {
  if (group.length === 1) return null;
  const named = new Set(fields.map(({ field, part }) => part ?? field));
  const { blamed, others = [] } = Object.groupBy(group, ({ part }) =>
    named.has(fieldOfPart(part)) ? 'blamed' : 'others',
  );
  const each = group.map((part) => [part]);
  if (blamed) return others.length > 0 ? [others, blamed] : each;
  // Without a permission for the issue, or in an archived place, no part would go through.
  if (code === 'auth' || isPlaceClosed) return null;
  const byField = [...Map.groupBy(group, ({ part }) => fieldOfPart(part)).values()];
  return byField.length > 1 ? byField : each;
}
