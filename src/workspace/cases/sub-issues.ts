import { randomId } from '#domain/base/key.ts';
import { derivedUuid, issueMarker } from '#domain/base/marker.ts';
import { type Case, handleOf } from '#domain/cases/case-record.ts';
import { partBody, partTitle } from '#domain/cases/issue-text.ts';
import type { IssueDraft, IssueSnapshot } from '#domain/integrations/issue.ts';
import { instantText } from '#domain/templates/due.ts';
import { caseLink, labelsOf } from '../basics/draft-issue.ts';
import { accountName, accountOf } from '../basics/people.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { getCase } from '../store/cases.ts';
import { addToOutbox, openRows, readRow } from '../store/outbox.ts';
import type { Payload } from '../store/payloads.ts';
import { findPlanStep, linkPart, type PlanStep, planOf, updatePlanStep } from '../store/plan.ts';
import { settleStep } from './plan-step.ts';

/** Intends the issue of each step that is to have one. Call it after the intent to make the case's own. */
export function intendParts(core: Core, caseRecord: Case): void {
  for (const step of planOf(core.sql, caseRecord.id)) {
    if (step.form !== 'sub-issue') continue;
    const { caseId, position } = step;
    const draft = draftPart(core, caseRecord, step);
    intend(core, caseRecord, 'issue.sub', `sub:${caseId}:${position}`, { caseId, position, ...draft });
  }
}

/** Has a step's own issue closed or opened, as the step is now. */
export function followStep(core: Core, caseId: string, position: number): void {
  const step = findPlanStep(core.sql, caseId, position);
  if (step?.form !== 'sub-issue' || !step.issue) return;
  if ((step.doneAt !== null) === (step.issue.state === 'closed') && !isOnItsWay(core, step)) return;
  const caseRecord = getCase(core.sql, caseId);
  const key = `sub-state:${randomId(core.random, 'o')}`;
  intend(core, caseRecord, 'issue.sub-state', key, { caseId, position });
}

/** Takes over what the tracker shows of a step's own issue: its closing ticks the step. Call it inside a transaction. */
export function mirrorPart(core: Core, step: PlanStep, issue: IssueSnapshot): void {
  const before = step.issue;
  if (before && issue.updatedAt < before.updatedAt) return;
  linkPart(core.sql, step, issue, core.clock.now());
  const isBack = step.form === 'check-box';
  if (isBack) {
    updatePlanStep(core.sql, step, { form: 'sub-issue', formWhy: null });
    record(core, step.caseId, 'plan step has its issue again', `${step.role}: ${step.task}`, {
      evidence: issue.key,
    });
  }
  // What we are about to change there was not done by anybody else.
  if (issue.state === (before?.state ?? 'open') || isOnItsWay(core, step)) {
    if (isBack) followStep(core, step.caseId, step.position);
    return;
  }
  const { tracker } = getCase(core.sql, step.caseId);
  settleStep(core, step, issue.state === 'closed', {
    who: accountName(core, issue.closure?.by ?? null, tracker),
    evidence: issue.key,
  });
}

function draftPart(core: Core, caseRecord: Case, { position, role, task, who }: PlanStep): IssueDraft {
  const handle = `${handleOf(caseRecord)}-${position}`;
  const facts = {
    handle,
    caseHandle: handleOf(caseRecord),
    role,
    task,
    category: caseRecord.category,
    dueText: instantText(caseRecord.dueAt, core.settings.workspace['time-zone']),
    url: caseLink(core, caseRecord).url,
  };
  return {
    marker: issueMarker(core.keys, core.workspace, handle),
    uuid: derivedUuid(core.keys, 'part-uuid.1', core.workspace, caseRecord.id, String(position)),
    title: partTitle(facts),
    body: partBody(facts),
    labels: labelsOf(core, caseRecord).filter(({ name }) => name.startsWith('category:')),
    severity: { name: caseRecord.severity, rank: caseRecord.severityRank },
    dueDate: null,
    assignee: accountOf(core, who, caseRecord.tracker),
    link: caseLink(core, caseRecord),
  };
}

function isOnItsWay(core: Core, { caseId, position }: PlanStep): boolean {
  return openRows(core.sql, `case:${caseId}`).some((stored) => {
    const row = readRow(stored);
    return row?.kind === 'issue.sub-state' && row.payload.position === position;
  });
}

function intend<Kind extends 'issue.sub' | 'issue.sub-state'>(
  core: Core,
  { id: caseId, tracker }: Case,
  kind: Kind,
  key: string,
  payload: Payload<Kind>,
): void {
  addToOutbox(core.sql, {
    key,
    queue: tracker,
    orderingKey: `case:${caseId}`,
    kind,
    payload,
    at: core.clock.now(),
  });
}
