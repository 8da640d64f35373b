import { AppError, basics, type Case, type Core, cut, fixed, isBlank, store, toShownLine } from '../kit.ts';
import { type AskInMail, buildAnswerFieldName, isOpenForAnswers, listAsksInMail } from '../loop/answer.ts';
import { buildWordingValues, findRecipientLanguage } from '../loop/ask-mail.ts';
import { findAddressOfAsk } from '../loop/recipient.ts';

/** What a customer said and where it stands, in words for customers. @param subject a follow-up, or the mail of a receipt */
export function buildFeedbackPage(core: Core, subject: string) {
  const { caseRecord, customer } = readFeedbackLink(core, subject);
  const spoken = store.findCustomer(core.sql, customer)?.language ?? null;
  const language = fixed.findFixedTextLanguage(spoken);
  const responseId = store.findFirstAddress(core.sql, caseRecord.id, customer)?.responseId ?? null;
  const state = describeState(caseRecord, fixed.chooseFixedTexts(language));
  const said = recallAnswers(core, responseId, language);
  return { language, workspaceName: core.settings.workspace.name, said, ...state };
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

type State = 'received' | 'inWork' | 'finished' | 'notDone';

/** The page never runs ahead of the follow-up, which waits for its delay and its gate. */
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

export function buildUnsubscribePage(core: Core, askId: string) {
  const ask = store.findAsk(core.sql, askId);
  const spoken = ask && findRecipientLanguage(core, ask);
  return {
    workspaceName: core.settings.workspace.name,
    language: fixed.findFixedTextLanguage(spoken),
    isDone:
      ask !== null && basics.findPersonOfCustomerKey(core, ask.person, findAddressOfAsk(core, ask).address).hasOptedOut,
  };
}

const mostAnswersRecalled = 4;
const longestAnswerRecalled = 300;

/** When a customer answered, and what, as the survey page reminds them; null where nothing is stored. */
function recallAnswers(core: Core, id: string | null, language: string) {
  const content = store.findResponse(core.sql, id)?.content;
  const answers = (content?.answers ?? []).filter(({ text, type }) => !isBlank(text) && type !== 'file');
  if (!content || answers.length === 0) return null;
  const date = fixed.formatDateInLanguage(language, content.submittedAt, core.settings.workspace['time-zone']);
  return {
    when: fixed.filled(fixed.chooseFixedTexts(language).recall, { date }),
    answers: answers
      .slice(0, mostAnswersRecalled)
      .map(({ question, text }) => ({ question: toShownLine(question.title), text: cut(text, longestAnswerRecalled) })),
  };
}

/** Content of a survey page. It reveals about the cases only what the recipient may know. */
export function buildSurveyPage(core: Core, askId: string) {
  const [first, ...rest] = listAsksInMail(core, askId);
  if (first?.ask.id !== askId) throw new AppError('not-found', 'There is no such survey.');
  const { ask, survey } = first;
  const { language, page } = survey;
  const texts = fixed.chooseFixedTexts(language);
  const values = buildWordingValues(core, first, language);
  const origin = ask.kind === 'closer' ? null : (ask.originId ?? basics.findResponseOfAsk(core, first));
  const isOpen = (asked: AskInMail) => isOpenForAnswers(core, asked);
  const more = rest.filter((asked) => isOpen(asked) && !basics.isSameReport(core, first, asked));
  const open = isOpen(first) ? [first, ...more] : more;
  const nameField = (ask: string, question: string) => buildAnswerFieldName(askId, ask, question);
  const buildPageQuestions = (asked: AskInMail) =>
    asked.survey.questions.map(({ id, type, label, required, options, ends }) => ({
      id: nameField(asked.ask.id, id),
      type,
      label,
      required: required && open.length === 1,
      options,
      ends: ends ?? null,
    }));
  const listGiven = ({ ask: { id, answers } }: AskInMail) =>
    Object.entries(answers ?? {}).map(([question, value]): [string, string] => [nameField(id, question), value]);
  return {
    state: open.length > 0 ? ('open' as const) : ('closed' as const),
    kind: ask.kind === 'closer' ? ('closer' as const) : ('customer' as const),
    language,
    workspaceName: core.settings.workspace.name,
    title: basics.renderWordingOrDefault(survey.questions[0]?.label ?? '', page.title, values),
    intro: basics.renderWordingOrDefault('', page.intro, values),
    recall: recallAnswers(core, origin, language),
    thanks: basics.renderWordingOrDefault('', page.thanks, values),
    questions: isOpen(first) ? buildPageQuestions(first) : [],
    more: more.flatMap((asked) => {
      const { ask: other, caseRecord } = asked;
      if (!caseRecord) return [];
      const done = basics.hasDeclineExplanation(caseRecord)
        ? basics.readDeclineExplanation(caseRecord)
        : basics.describeWhatWasDone(caseRecord, texts);
      const answer = basics.nameCaseForCustomer(core, caseRecord, other.person, language);
      return { about: fixed.filled(texts.also, { answer }), done, questions: buildPageQuestions(asked) };
    }),
    given: Object.fromEntries(open.flatMap(listGiven)),
  };
}
