import type { Case } from '#domain/cases/case-record.ts';
import { oneLine } from '#domain/text/escape-markdown.ts';
import { dateText, type FixedTexts, filled, fixedTexts } from '#domain/text/fixed-texts.ts';
import type { Core } from '../core.ts';
import { openedFor } from '../store/case-responses.ts';
import type { FollowUp } from '../store/follow-ups.ts';
import { findResponse } from '../store/responses.ts';

/** A follow-up with its case. */
export interface Asked {
  followUp: FollowUp;
  caseRecord: Case;
}

const longest = 1000;

/** Whether the customers of this closing are told why nothing is done, where a person wrote that for them. */
export const isDeclined = ({ closingReason, explanation }: Case): boolean =>
  explanation !== null &&
  (closingReason === 'declined' || closingReason === 'not-planned' || closingReason === 'duplicate');

/** Why it was declined, as the person wrote it, without anything that does not show; empty where nobody did. */
export const explanationOf = (caseRecord: Case): string =>
  isDeclined(caseRecord) ? oneLine(caseRecord.explanation ?? '', longest) : '';

/** What was done, as a person wrote it for the customers of this closing; null while nobody has. */
export const whatChanged = ({ whatChanged: words, generation }: Case): string | null =>
  words && words.generation === generation ? words.text : null;

/** What a customer reads of what was done: a person's words, else what holds of every closing for this reason. */
export const whatWasDone = (caseRecord: Case, texts: FixedTexts): string =>
  whatChanged(caseRecord) ?? (caseRecord.closingReason === 'duplicate' ? texts.doneTogether : texts.done);

/** Names a case to its customer by the day of their own answer, or of the opening where none opened it. */
export function answerText(core: Core, { followUp, caseRecord }: Asked, language: string): string {
  const id = openedFor(core.sql, caseRecord.id, followUp.person)?.responseId ?? null;
  const submittedAt = id === null ? undefined : findResponse(core.sql, id)?.content.submittedAt;
  const { answerOf, reportOf } = fixedTexts(language);
  const date = dateText(language, submittedAt ?? caseRecord.openedAt, core.settings.workspace['time-zone']);
  return filled(submittedAt === undefined ? reportOf : answerOf, { date });
}
