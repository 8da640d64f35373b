import { breakExpressions, type Case, type Core, fixed, isolate, signToken, toShownLine } from '../core.ts';
import * as store from '../store/index.ts';

export type Asked = { ask: store.Ask; caseRecord: Case | null };

export type AskedAboutCase = Asked & { ask: store.FollowUp; caseRecord: Case };

const [longest, maxNameLength] = [1000, 80];

/** A customer's name inside a sentence of a language. */
export const toShownName = (name: string | null | undefined, language: string | null | undefined): string =>
  isolate(breakExpressions(toShownLine(name ?? '', maxNameLength)), fixed.findTextDirection(language ?? 'en'));

/** Address of the page on which a customer sees where their feedback stands, for the holder of this mail or follow-up. */
export const buildFeedbackUrl = (core: Core, subject: string): string =>
  `${core.publicUrl}/f/${signToken(core.keys, 'feedback', core.workspace, subject)}`;

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
export const describeWhatWasDone = (caseRecord: Case, texts: fixed.FixedTexts): string =>
  findWhatChangedText(caseRecord) ??
  (caseRecord.closingReason === 'duplicate' ? texts.doneForManyCustomers : texts.done);

/** Response by which a customer came to a case; null for a case without one. */
export const findResponseOfAsk = (core: Core, { ask, caseRecord }: Asked): string | null =>
  (caseRecord && store.findFirstAddress(core.sql, caseRecord.id, ask.person)?.responseId) ?? null;

/** Whether two follow-ups are about one response, so that the customer answers once for both. */
export const isSameReport = (core: Core, first: Asked, other: Asked): boolean => {
  const response = findResponseOfAsk(core, first);
  return (
    response !== null &&
    response === findResponseOfAsk(core, other) &&
    first.caseRecord?.closingReason === other.caseRecord?.closingReason &&
    first.caseRecord?.explanation === other.caseRecord?.explanation
  );
};

/** Name of a case for its customer: its template's subject for a single case, else the date of the answer. */
export function nameCaseForCustomer(core: Core, caseRecord: Case, customer: string, language: string): string {
  const id = store.findFirstAddress(core.sql, caseRecord.id, customer)?.responseId ?? null;
  const subjects = core.settings.templates.get(caseRecord.template)?.subject ?? {};
  const subject = subjects[fixed.findClosestLanguage(language, Object.keys(subjects)) ?? ''];
  if (subject !== undefined && id !== null && store.casesOfResponse(core.sql, id).length === 1) return subject;
  const submittedAt = store.findResponse(core.sql, id)?.content.submittedAt;
  const { caseNameByAnswer, caseNameByManualOpening } = fixed.chooseFixedTexts(language);
  const date = fixed.formatDateInLanguage(
    language,
    submittedAt ?? caseRecord.openedAt,
    core.settings.workspace['time-zone'],
  );
  return fixed.filled(submittedAt === undefined ? caseNameByManualOpening : caseNameByAnswer, { date });
}
