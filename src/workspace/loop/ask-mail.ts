import { type FollowUpSurvey, translateSurvey } from '#domain/templates/survey.ts';
import { type MailContent, toHeaderLine } from '#domain/text/mail-layout.ts';
import { basics, type Core, fixed, handleOf, signToken, store } from '../kit.ts';
import { queueMail } from '../mail/send-mail.ts';
import type { Recipient } from './recipient.ts';
import { findSurveyName } from './schedule.ts';

const mailKinds: Record<store.Ask['kind'], store.MailKind> = {
  customer: 'follow-up',
  closer: 'closer-survey',
  resurvey: 'follow-up',
  invitation: 'invitation',
};

type Written = { subject: string; content: Omit<MailContent, 'footer'> };

/** Records the mail that asks a person, with a link that needs no sign-in. */
export function mailAsk(
  core: Core,
  { ask, caseRecord }: basics.Asked,
  { address, ownMarks }: Recipient,
  { reminder, counts, also }: { reminder: boolean; counts: boolean; also: basics.AskedAboutCase[] },
): void {
  const { people, name } = core.settings.workspace;
  if (!address) throw new Error(`no address for ask ${ask.id}`);
  const { subject, content } =
    ask.kind === 'invitation'
      ? writeInvitation(core, ask, address)
      : writeSurveyMail(core, { ask, caseRecord }, reminder, also);
  const texts = fixed.chooseFixedTexts(content.language ?? findRecipientLanguage(core, ask) ?? 'en');
  const end = ask.kind === 'closer' ? null : unsubscribing(core, ask, texts);
  const kind = reminder ? 'reminder' : mailKinds[ask.kind];
  // A first mail that was cancelled and is sent after all is a new mail.
  const before = reminder ? 0 : store.mails.count(core.sql, { askId: ask.id, kind });
  const mailId = queueMail(core, {
    once: [ask.id, ...(before > 0 ? [String(before)] : [])],
    kind,
    caseId: ask.caseId,
    askId: ask.id,
    person: ask.person,
    address,
    replyTo:
      ask.kind === 'customer'
        ? basics.findReplyAddress(core, caseRecord)
        : (people[caseRecord?.loopOwner ?? '']?.email ?? null),
    asks: true,
    counts,
    subject,
    content: { ...content, footer: end?.footer ?? [name] },
    ...(end && { headers: end.headers }),
  });
  if (mailId && counts) for (const mark of ownMarks) store.contacts.add(core.sql, { mark, mailId });
}

function writeSurveyMail(
  core: Core,
  { ask, caseRecord }: basics.Asked & { ask: Exclude<store.Ask, store.Invitation> },
  reminder: boolean,
  also: basics.AskedAboutCase[],
): Written {
  const name = findSurveyName(core, ask, caseRecord);
  const asked = core.settings.surveys.get(name);
  if (!asked) throw new Error(`no survey ${name}`);
  if (name !== ask.survey) store.asks.update(core.sql, { id: ask.id }, { survey: name });
  const survey = translateSurvey(asked, findRecipientLanguage(core, ask));
  const values = buildWordingValues(core, { ask, caseRecord }, survey.language);
  const link = buildSurveyLink(core, ask, survey);
  const beside = also.flatMap((entry) => besides(core, { ask, caseRecord }, entry, survey.language));
  const paragraphs = basics.renderWording(reminder ? survey.mail.reminder : survey.mail.text, values).split(/\n{2,}/);
  return {
    subject: basics.renderWording(survey.mail.subject, values),
    content: {
      language: survey.language,
      preview: toHeaderLine(paragraphs[1] ?? paragraphs[0] ?? '', 120),
      paragraphs: [...paragraphs, ...beside],
      // A link can prefill the hosted page only.
      ...(!survey.via && buildAnswerLinks(survey, link)),
      button: { label: basics.renderWording(survey.mail.button, values), url: link },
    },
  };
}

function writeInvitation(core: Core, { rule: ruleName, person }: store.Invitation, email: string): Written {
  const { workspace } = core.settings;
  const rule = workspace.invitations[ruleName];
  if (!rule) throw new Error(`no invitation rule ${ruleName}`);
  const customer = store.findCustomer(core.sql, person);
  const language = customer?.language ?? '';
  const name = basics.toShownName(customer?.name, customer?.language);
  const values = { workspace: { name: workspace.name }, customer: { key: person, email, name, language } };
  return {
    subject: basics.renderWording(rule.subject, values),
    content: {
      language: language || 'en',
      paragraphs: basics.renderWording(rule.text, values).split(/\n{2,}/),
      button: { label: basics.renderWording(rule.button, values), url: basics.renderWording(rule.link, values) },
    },
  };
}

function buildSurveyLink(core: Core, ask: store.Ask, survey: FollowUpSurvey): string {
  if (!survey.via) return `${core.publicUrl}/s/${signToken(core.keys, 'survey', core.workspace, ask.id)}`;
  const token = signToken(core.keys, 'own-survey', core.workspace, ask.id);
  return basics.renderWording(survey.via.link, { token });
}

/** The deciding question with one link per answer. A link only prefills the page; the page's form answers. */
function buildAnswerLinks({ questions: [question] }: FollowUpSurvey, link: string): Pick<MailContent, 'choices'> {
  if (question?.type !== 'choice' || question.options.length === 0) return {};
  const addressOf = (value: string) => `${link}?${new URLSearchParams({ [question.id]: value })}`;
  const options = question.options.map(({ value, label }) => ({ label, url: addressOf(value) }));
  return { choices: { question: question.label, options } };
}

function besides(core: Core, first: basics.Asked, other: basics.AskedAboutCase, language: string): string[] {
  const texts = fixed.chooseFixedTexts(language);
  const { ask, caseRecord } = other;
  const done = basics.describeWhatWasDone(caseRecord, texts);
  // One response is one report to its customer, however many cases it opened.
  if (basics.isSameReport(core, first, other))
    return first.caseRecord && done === basics.describeWhatWasDone(first.caseRecord, texts) ? [] : [done];
  const answer = basics.nameCaseForCustomer(core, caseRecord, ask.person, language);
  if (basics.hasDeclineExplanation(caseRecord))
    return [fixed.filled(texts.alsoDeclinedCase, { answer, explanation: basics.readDeclineExplanation(caseRecord) })];
  return [`${fixed.filled(texts.also, { answer })} ${done}`];
}

/** Sender line, unsubscribe link and headers of RFC 8058, with which a mail program unsubscribes in one click. */
function unsubscribing(core: Core, { id, kind }: store.Ask, texts: fixed.FixedTexts) {
  const { name } = core.settings.workspace;
  const sender = kind === 'invitation' ? name : fixed.filled(texts.why, { name });
  const feedback = kind === 'customer' ? [`${texts.feedbackLink}: ${basics.buildFeedbackUrl(core, id)}`] : [];
  const url = `${core.publicUrl}/u/${signToken(core.keys, 'unsubscribe', core.workspace, id)}`;
  const headers = { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
  return { footer: [sender, ...feedback, `${texts.optOutLinkText}: ${url}`], headers };
}

/** Values for a survey's wordings; a category is internal, so customers know a case by the date of their answer. */
export function buildWordingValues(core: Core, { ask, caseRecord }: basics.Asked, language: string) {
  const { name } = core.settings.workspace;
  const texts = fixed.chooseFixedTexts(language);
  const isForCloser = ask.kind === 'closer';
  const customer = isForCloser ? null : store.findCustomer(core.sql, ask.person);
  return {
    workspace: { name },
    customer: { name: basics.toShownName(customer?.name, language) },
    person: { name: isForCloser ? (basics.findPersonName(core, ask.person) ?? '') : '' },
    answered: ask.kind === 'invitation' ? '' : (ask.answers?.resolved ?? ''),
    ...(caseRecord && {
      case: {
        handle: handleOf(caseRecord),
        ...(isForCloser
          ? { category: caseRecord.category }
          : { answer: basics.nameCaseForCustomer(core, caseRecord, ask.person, language) }),
        reason: caseRecord.closingReason,
        issue: caseRecord.issue?.key ?? '',
        'what-changed': basics.findWhatChangedText(caseRecord) ?? '',
        done: basics.describeWhatWasDone(caseRecord, texts),
        explanation: basics.readDeclineExplanation(caseRecord),
      },
    }),
    owner: { name: basics.findPersonName(core, caseRecord?.loopOwner ?? null) ?? name },
  };
}

/** Language of the recipient where known: a customer's own, or a person's in the workspace file. */
export function findRecipientLanguage(core: Core, { kind, person }: store.Ask): string | null {
  const known = kind === 'closer' ? basics.findPerson(core, person) : store.findCustomer(core.sql, person);
  return known?.language ?? null;
}
