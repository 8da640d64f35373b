import { basics, type Case, type Core, handleOf, type port, store } from '../kit.ts';
import { comment, requestCall } from './sync-issue.ts';

/** Requests that the tracker reopen the issue, or create a new one, once per `once`; a comment follows. */
export function reopen(core: Core, caseRecord: Case, why: string, once: string, who = 'Caselite'): void {
  const { id: caseId, issue, tracker } = caseRecord;
  const key = `reopen:${caseId}:${once}`;
  const isNew =
    issue && isReopenedInNewIssue(core, caseRecord)
      ? requestCall(core, caseRecord, 'issue.create', key, {
          ...basics.draftIssue(core, caseRecord, [{ tracker, id: issue.id, key: issue.key, url: issue.url }]),
          replaces: { id: issue.id, why, who },
        })
      : requestCall(core, caseRecord, 'issue.reopen', key, { caseId, why, who });
  if (isNew) basics.record(core, caseRecord.id, 'reopening', why, { who, evidence: once });
}

/** A closing that the close policy undoes is none, so its issue goes on. */
function isReopenedInNewIssue(core: Core, { loop, template, tracker }: Case): boolean {
  const { templates, workspace } = core.settings;
  const rule = templates.get(template)?.reopening ?? workspace.trackers[tracker]?.reopening;
  return rule === 'new issue' && loop !== 'working';
}

type Reopening = Record<'who' | 'why', string>;

/** Puts a new issue in the place of the case's issue, which leads to it from now on. Call it inside a transaction. */
export function replaceIssue(core: Core, caseRecord: Case, { key, url }: port.IssueSnapshot, { who, why }: Reopening) {
  const { id, issue } = caseRecord;
  if (!issue) return;
  store.retireIssue(core.sql, caseRecord);
  basics.record(core, id, 'reopened in a new issue', `${key} follows ${issue.key}`, { who, evidence: url });
  const text = `${describeReopening(core, { who, why })} Work goes on in [${key}](${url}).`;
  comment(core, caseRecord, `replaced:${key}`, text, [], issue.id);
  linkCaseToIssue(core, caseRecord, issue.key, who);
}

const listDisputeKeys = (core: Core, id: string, generation: number): string[] => {
  const once = `disputed:${generation}`;
  return [`reopen:${id}:${once}`, `reopen:${store.findOriginalId(core.sql, id)}:${once}:${id}`];
};

/** Whether the reopening for a dispute began, so that it can't be taken back. */
export const isReopeningUnderWay = (core: Core, { id, generation }: Case): boolean =>
  listDisputeKeys(core, id, generation).some((key) =>
    ['calling', 'unknown', 'done'].includes(store.findRowState(core.sql, key) ?? ''),
  );

/** Takes back the reopening for a dispute that has not begun. */
export function takeBackReopening(core: Core, { id, disputes }: Case, generation: number, why: string): void {
  const now = core.clock.now();
  for (const key of listDisputeKeys(core, id, generation))
    if (store.cancelWaitingRow(core.sql, key, now, why))
      basics.record(core, id, 'reopening taken back', why, { generation });
  store.updateCase(core.sql, id, { disputes: Math.max(0, disputes - 1), needsPerson: null });
}

/** Tells the reopened issue why. */
export function commentOnReopening(core: Core, caseRecord: Case, key: string, reopening: Reopening): void {
  const once = key.slice(`reopen:${caseRecord.id}:`.length);
  comment(core, caseRecord, `reopened:${once}`, describeReopening(core, reopening));
}

function describeReopening(core: Core, { who, why }: Reopening): string {
  const by = who === 'Caselite' ? 'Caselite' : `Caselite for ${basics.findPersonName(core, who) ?? who}`;
  return `Reopened by ${by}: ${why.replace(/\.$/, '')}.`;
}

/** Links two cases: by the tracker's own link where both live in one, else by a comment on each. */
export function linkCases(core: Core, entry: Case, other: Case): void {
  if (entry.tracker === other.tracker) queueIssueLink(core, entry, { other: other.id });
  else {
    commentOnRelatedCase(core, entry, other);
    commentOnRelatedCase(core, other, entry);
  }
}

export function linkCaseToIssue(core: Core, caseRecord: Case, key: string, who: string): void {
  queueIssueLink(core, caseRecord, { key });
  basics.record(core, caseRecord.id, 'link asked for', `to ${key}`, { who });
}

export function commentOnRelatedCase(core: Core, caseRecord: Case, other: Case): void {
  const page = basics.buildCasePageUrl(core, other.id);
  comment(core, caseRecord, `linked:${other.id}`, `Related to [${handleOf(other)}](${page}).`);
}

function queueIssueLink(core: Core, caseRecord: Case, to: { other: string } | { key: string }): void {
  const key = 'other' in to ? to.other : to.key.toLowerCase();
  requestCall(core, caseRecord, 'issue.link', `link:${caseRecord.id}:${key}`, { caseId: caseRecord.id, ...to });
}
