import { signToken } from '#domain/base/token.ts';
import { type FollowUpSurvey, translateSurvey } from '#domain/templates/survey.ts';
import { chooseFixedTexts, filled } from '#domain/text/fixed-texts.ts';
import type { MailContent } from '#domain/text/mail-layout.ts';
import { findAddressForCaseMail } from '../basics/case-address.ts';
import {
  type Asked,
  describeWhatWasDone,
  hasDeclineExplanation,
  nameCaseForCustomer,
  readDeclineExplanation,
} from '../basics/closing-explanation.ts';
import { renderWording } from '../basics/render-wording.ts';
import type { Core } from '../core.ts';
import { queueMail } from '../mail/send-mail.ts';
import { findCustomer } from '../store/customers.ts';
import type { FollowUp } from '../store/follow-ups.ts';
import { countMailsOfFollowUp } from '../store/mails.ts';
import { unsubscribing } from './unsubscribe-link.ts';
import { buildWordingValues, findRecipientLanguage } from './wording-values.ts';

/**
 * Records the mail that asks a customer or a closer, in the wording of their survey, with a link that needs no sign-in.
 *
 * @param counts whether the quarantine counts it as a first follow-up
 * @param also further follow-ups in the same mail
 * @returns the mail's id; null when it was recorded before
 */
export function mailFollowUp(
  core: Core,
  { followUp, caseRecord }: Asked,
  { reminder, counts, also }: { reminder: boolean; counts: boolean; also: Asked[] },
): string | null {
  const asked = core.settings.surveys.get(followUp.survey);
  if (!asked) throw new Error(`no survey ${followUp.survey}`);
  const { workspace } = core.settings;
  const isForCustomer = followUp.kind === 'customer';
  const customer = isForCustomer ? findCustomer(core.sql, followUp.person) : null;
  const person = isForCustomer ? null : workspace.people[followUp.person];
  const survey = translateSurvey(asked, findRecipientLanguage(core, followUp));
  const address = isForCustomer ? findAddressForCaseMail(core, caseRecord.id, followUp.person).address : person?.email;
  if (!address) throw new Error(`no address for follow-up ${followUp.id}`);
  const values = buildWordingValues(core, { followUp, caseRecord }, { customer, language: survey.language });
  const link = buildSurveyLink(core, followUp, survey);
  const texts = chooseFixedTexts(survey.language);
  const end = isForCustomer ? unsubscribing(core, followUp.id, texts) : null;
  const paragraphs = renderWording(reminder ? survey.mail.reminder : survey.mail.text, values).split(/\n{2,}/);
  const owner = caseRecord.loopOwner ? workspace.people[caseRecord.loopOwner] : undefined;
  const kind = reminder ? 'reminder' : isForCustomer ? 'follow-up' : 'closer-survey';
  // A first mail that was cancelled and is sent after all is a new mail.
  const before = kind === 'follow-up' ? countMailsOfFollowUp(core.sql, followUp.id, kind) : 0;
  return queueMail(core, {
    once: [followUp.id, ...(before > 0 ? [String(before)] : [])],
    kind,
    caseId: caseRecord.id,
    followUpId: followUp.id,
    person: followUp.person,
    address,
    replyTo: owner?.email ?? null,
    asks: true,
    counts,
    subject: renderWording(survey.mail.subject, values),
    content: {
      language: survey.language,
      preview: preview(paragraphs),
      paragraphs: [...paragraphs, ...also.map((entry) => besides(core, entry, survey.language))],
      // A link can prefill the hosted page only.
      ...(survey.via ? {} : buildAnswerLinks(survey, link)),
      button: { label: renderWording(survey.mail.button, values), url: link },
      footer: end?.footer ?? [workspace.name],
    },
    ...(end && { headers: end.headers }),
  });
}

/**
 * Address of the survey: the hosted page, or the department's own tool, which returns the signed token from a hidden
 * field.
 */
function buildSurveyLink(core: Core, followUp: FollowUp, survey: FollowUpSurvey): string {
  if (!survey.via) return `${core.publicUrl}/s/${signToken(core.keys, 'survey', core.workspace, followUp.id)}`;
  const token = signToken(core.keys, 'own-survey', core.workspace, followUp.id);
  return renderWording(survey.via.link, { token });
}

/** The deciding question with one link per answer. A link only prefills the page; the page's form answers. */
function buildAnswerLinks({ questions: [question] }: FollowUpSurvey, link: string): Pick<MailContent, 'choices'> {
  if (question?.type !== 'choice' || question.options.length === 0) return {};
  const options = question.options.map(({ value, label }) => ({
    label,
    url: `${link}?${new URLSearchParams({ [question.id]: value })}`,
  }));
  return { choices: { question: question.label, options } };
}

const preview = (paragraphs: string[]): string =>
  (paragraphs[1] ?? paragraphs[0] ?? '').replace(/\s+/g, ' ').slice(0, 120);

/** A further case: the answer that opened it, and what was done or why not. */
function besides(core: Core, asked: Asked, language: string): string {
  const { caseRecord } = asked;
  const texts = chooseFixedTexts(language);
  const answer = nameCaseForCustomer(core, asked, language);
  if (hasDeclineExplanation(caseRecord))
    return filled(texts.alsoDeclinedCase, { answer, explanation: readDeclineExplanation(caseRecord) });
  return `${filled(texts.also, { answer })} ${describeWhatWasDone(caseRecord, texts)}`;
}
