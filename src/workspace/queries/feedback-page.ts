import * as fixed from '#domain/text/fixed-texts.ts';
import { AppError, basics, type Case, type Core, store } from '../kit.ts';
import { recallAnswers } from './lists.ts';

/** What a customer said and where it stands, in words for customers. @param subject a follow-up, or the mail of a receipt */
export function buildFeedbackPage(core: Core, subject: string) {
  const { caseRecord, customer } = readFeedbackLink(core, subject);
  const spoken = store.findCustomer(core.sql, customer)?.language ?? null;
  const language = fixed.findClosestLanguage(spoken, fixed.fixedTextLanguages) ?? 'en';
  const responseId = store.findFirstAddress(core.sql, caseRecord.id, customer)?.responseId ?? null;
  return {
    language,
    workspaceName: core.settings.workspace.name,
    said: recallAnswers(core, responseId, language),
    ...describeState(caseRecord, fixed.chooseFixedTexts(language)),
  };
}

function readFeedbackLink(core: Core, subject: string): { caseRecord: Case; customer: string } {
  const ask = store.findAsk(core.sql, subject);
  const mail = ask ? null : store.mails.find(core.sql, { id: subject });
  const { caseId = null, person: customer = '' } = ask ?? mail ?? {};
  const caseRecord = store.findCase(core.sql, caseId);
  const isKind = ask ? ask.kind === 'customer' : mail?.kind === 'receipt' && mail.address !== '';
  const { delay, window } = core.settings.workspace['follow-up'];
  const receiptEndsAt = (caseRecord?.resolvedAt ?? core.clock.now()) + delay + (window ?? 0);
  const endsAt = ask ? (ask.expiresAt ?? Infinity) : receiptEndsAt;
  if (!caseRecord || !isKind || endsAt <= core.clock.now())
    throw new AppError('not-found', 'This link does not work any more.');
  return { caseRecord, customer };
}

/** The page never runs ahead of the follow-up, which waits for its delay and its gate. */
type State = 'received' | 'inWork' | 'finished' | 'notDone';

function describeState(caseRecord: Case, texts: fixed.FixedTexts): { state: State; text: string } {
  const { loop, acknowledgedAt, firstContactAt, generation } = caseRecord;
  const isBegun = acknowledgedAt !== null || firstContactAt !== null || generation > 1 || loop !== 'working';
  if (['working', 'resolved', 'disputed'].includes(loop))
    return isBegun ? { state: 'inWork', text: texts.inWorkText } : { state: 'received', text: texts.receivedText };
  if (basics.hasDeclineExplanation(caseRecord)) {
    const explanation = basics.readDeclineExplanation(caseRecord);
    return { state: 'notDone', text: fixed.filled(texts.declinedText, { explanation }) };
  }
  if (['declined', 'dropped', 'known-gap'].includes(loop)) return { state: 'notDone', text: texts.endedText };
  return { state: 'finished', text: basics.describeWhatWasDone(caseRecord, texts) };
}
