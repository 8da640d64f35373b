import type { Case } from '#domain/cases/case-record.ts';
import { chooseFixedTexts, type FixedTexts, filled, formatDateInLanguage } from '#domain/text/fixed-texts.ts';
import { toShownLine } from '#domain/text/safe-text.ts';
import type { Core } from '../core.ts';
import type { Ask, FollowUp } from '../store/asks.ts';
import { findFirstAddress } from '../store/case-addresses.ts';
import { findResponse } from '../store/responses.ts';

/** An ask with the case of a follow-up. */
export interface Asked {
  ask: Ask;
  caseRecord: Case | null;
}

export interface AskedAboutCase extends Asked {
  ask: FollowUp;
  caseRecord: Case;
}

const longest = 1000;

/** Whether customers of this closing get an explanation for what was declined. */
export const hasDeclineExplanation = ({ closingReason, explanation }: Case): boolean =>
  explanation !== null &&
  (closingReason === 'declined' || closingReason === 'not-planned' || closingReason === 'duplicate');

/** The explanation in a person's words, without invisible characters; empty without one. */
export const readDeclineExplanation = (caseRecord: Case): string =>
  hasDeclineExplanation(caseRecord) ? toShownLine(caseRecord.explanation ?? '', longest) : '';

/** What was done, in a person's words for the customers of this closing; null without them. */
export const findWhatChangedText = ({ whatChanged: words, generation }: Case): string | null =>
  words && words.generation === generation ? words.text : null;

/** Text for the customer about what was done: a person's words, else a fixed sentence by closing reason. */
export const describeWhatWasDone = (caseRecord: Case, texts: FixedTexts): string =>
  findWhatChangedText(caseRecord) ??
  (caseRecord.closingReason === 'duplicate' ? texts.doneForManyCustomers : texts.done);

/** Names a case to its customer by the date of their own answer, or of the opening. */
export function nameCaseForCustomer(core: Core, caseRecord: Case, customer: string, language: string): string {
  const id = findFirstAddress(core.sql, caseRecord.id, customer)?.responseId ?? null;
  const submittedAt = id === null ? undefined : findResponse(core.sql, id)?.content.submittedAt;
  const { caseNameByAnswer, caseNameByManualOpening } = chooseFixedTexts(language);
  const date = formatDateInLanguage(language, submittedAt ?? caseRecord.openedAt, core.settings.workspace['time-zone']);
  return filled(submittedAt === undefined ? caseNameByManualOpening : caseNameByAnswer, { date });
}
