import { deriveId } from '#domain/base/key.ts';
import type { Case } from '#domain/cases/case-record.ts';
import { issueGoneReason } from '#domain/integrations/issue-trouble.ts';
import { hasDeclineExplanation } from '../basics/closing-explanation.ts';
import type { Core } from '../core.ts';
import { type FollowUp, insertFollowUp, reviveFollowUp } from '../store/follow-ups.ts';
import { setTimer } from '../store/schedule.ts';

/** Whether customers of this closing get an explanation instead of the question whether the problem is solved. */
export function getsExplanation(core: Core, caseRecord: Case): boolean {
  return (
    hasDeclineExplanation(caseRecord) &&
    core.settings.surveys.has(core.settings.workspace['follow-up']['explained-survey'])
  );
}

export function chooseFollowUpSurveyName(core: Core, caseRecord: Case): string {
  const policy = core.settings.workspace['follow-up'];
  if (getsExplanation(core, caseRecord)) return policy['explained-survey'];
  return core.settings.templates.get(caseRecord.template)?.['follow-up'] ?? policy.survey;
}

/** @returns the follow-up's id; null when this person has one for this closing */
export function schedule(
  core: Core,
  caseRecord: Case,
  kind: FollowUp['kind'],
  person: string,
  survey: string,
  dueAt: number,
  why: string,
  waits: string | null = null,
): string | null {
  const id = deriveId(core.keys, 'f', caseRecord.id, String(caseRecord.generation), kind, person);
  const { id: caseId, generation } = caseRecord;
  const row = { id, caseId, generation, kind, person, survey, why, dueAt, waitsFor: waits };
  if (!insertFollowUp(core.sql, row) && !reviveFollowUp(core.sql, row, issueGoneReason)) return null;
  setTimer(core.sql, 'follow-up', id, dueAt);
  return id;
}
