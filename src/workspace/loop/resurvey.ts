import { deriveId } from '#domain/base/key.ts';
import { signToken } from '#domain/base/token.ts';
import type { SurveyResponse } from '#domain/responses/response.ts';
import { readPostedAnswers, type SurveySubmissionResult, translateSurvey } from '#domain/templates/survey.ts';
import { chooseFixedTexts } from '#domain/text/fixed-texts.ts';
import { formatDuration } from '#domain/time/duration.ts';
import { dayMs } from '#domain/time/units.ts';
import { findAddressForResponseMail } from '../basics/case-address.ts';
import { findPersonOfCustomerKey } from '../basics/person.ts';
import { record } from '../basics/record-activity.ts';
import { renderWording, renderWordingOrDefault } from '../basics/render-wording.ts';
import type { Core } from '../core.ts';
import { queueMail } from '../mail/send-mail.ts';
import { isUndeliverable } from '../mail/undeliverable.ts';
import { casesOfResponse } from '../store/case-responses.ts';
import { findCase, updateCase } from '../store/cases.ts';
import { findCustomer } from '../store/customers.ts';
import { followUpsOfCase } from '../store/follow-ups.ts';
import { lastFirstFollowUpAt, recordFirstFollowUpContacts } from '../store/mails.ts';
import { findResurvey, insertResurvey, type Resurvey, updateResurvey } from '../store/resurveys.ts';
import { setTimer } from '../store/schedule.ts';
import { unsubscribing } from './unsubscribe-link.ts';

/** Age of a response after which nobody remembers the first survey. */
const resurveyTooLateMs = 30 * dayMs;

/**
 * Plans a re-survey: respondents of the chosen categories, and a share of all others drawn by key, so that nobody
 * chooses. Call it inside the transaction that evaluated the response.
 */
export function planResurvey(core: Core, response: { id: string; customerKey: string; content: SurveyResponse }): void {
  const { id: responseId, customerKey, content } = response;
  for (const [rule, { source, survey, after, share, first }] of Object.entries(core.settings.workspace.resurvey)) {
    if (!source.includes(content.source) || content.partial) continue;
    const isFirst = casesOfResponse(core.sql, responseId).some(({ id }) =>
      first.includes(findCase(core.sql, id)?.category ?? ''),
    );
    const drawn = Number.parseInt(core.keys.mac('resurvey.1', rule, responseId).slice(0, 8), 16) / 2 ** 32;
    if (!isFirst && drawn >= share) continue;
    const id = deriveId(core.keys, 'v', rule, responseId);
    const dueAt = content.submittedAt + after;
    const why = isFirst ? 'of a category that is asked first' : `drawn as one of ${Math.round(share * 100)} %`;
    if (insertResurvey(core.sql, { id, rule, responseId, customerKey, survey, why, dueAt }))
      setTimer(core.sql, 'resurvey', id, Math.max(dueAt, core.clock.now()));
  }
}

/** Sends a re-survey, or skips it with the reason. It counts as a first follow-up for the quarantine. */
export function sendResurvey(core: Core, id: string): void {
  const resurvey = findResurvey(core.sql, id);
  if (resurvey?.state !== 'due') return;
  const why = findReasonNotToResurvey(core, resurvey);
  if (why !== null) {
    updateResurvey(core.sql, id, { state: 'skipped', why });
    return;
  }
  const now = core.clock.now();
  const { responseId, customerKey } = resurvey;
  const address = findAddressForResponseMail(core, responseId, customerKey);
  const mail = mailResurvey(core, resurvey, address);
  if (mail) recordFirstFollowUpContacts(core.sql, mail, findPersonOfCustomerKey(core, customerKey, address).marks);
  updateResurvey(core.sql, id, {
    state: 'sent',
    sentAt: now,
    expiresAt: now + core.settings.workspace['follow-up'].window,
  });
}

function findReasonNotToResurvey(core: Core, { responseId, customerKey, survey, dueAt }: Resurvey): string | null {
  const now = core.clock.now();
  if (!core.settings.surveys.has(survey)) return 'its survey is no longer among the files';
  if (now - dueAt > resurveyTooLateMs) return 'it would have come more than 30 days late';
  const address = findAddressForResponseMail(core, responseId, customerKey);
  if (!address) return 'no e-mail address is known';
  if (isUndeliverable(core, address)) return 'mail to this address comes back';
  const person = findPersonOfCustomerKey(core, customerKey, address);
  if (person.hasOptedOut) return 'the customer asked for no more mail';
  for (const { id, number } of casesOfResponse(core.sql, responseId)) {
    if (findCase(core.sql, id)?.loop === 'working') return `case C-${number} of this response is still open`;
    const asks = followUpsOfCase(core.sql, id).some(
      ({ kind, state, person: asked }) => kind === 'customer' && state !== 'skipped' && asked === customerKey,
    );
    if (asks) return `case C-${number} asks this customer itself`;
  }
  const { quarantine } = core.settings.workspace['follow-up'];
  const last = lastFirstFollowUpAt(core.sql, person.marks, now);
  return last !== null && now - last < quarantine
    ? `the customer was asked less than ${formatDuration(quarantine)} ago`
    : null;
}

function buildResurveyWordingValues(core: Core, { customerKey }: Resurvey) {
  const { name } = core.settings.workspace;
  return {
    workspace: { name },
    customer: { name: findCustomer(core.sql, customerKey)?.name?.slice(0, 80) ?? '' },
    person: { name: '' },
    owner: { name },
  };
}

function mailResurvey(core: Core, resurvey: Resurvey, address: string | null): string | null {
  const customer = findCustomer(core.sql, resurvey.customerKey);
  const asked = core.settings.surveys.get(resurvey.survey);
  if (!customer || !address || !asked) return null;
  const survey = translateSurvey(asked, customer.language);
  const values = buildResurveyWordingValues(core, resurvey);
  const end = unsubscribing(core, resurvey.id, chooseFixedTexts(survey.language));
  return queueMail(core, {
    once: [resurvey.id],
    kind: 'follow-up',
    caseId: null,
    followUpId: resurvey.id,
    person: customer.key,
    address,
    replyTo: null,
    asks: true,
    counts: true,
    subject: renderWording(survey.mail.subject, values),
    content: {
      language: survey.language,
      paragraphs: renderWording(survey.mail.text, values).split(/\n{2,}/),
      button: {
        label: renderWording(survey.mail.button, values),
        url: `${core.publicUrl}/s/${signToken(core.keys, 'survey', core.workspace, resurvey.id)}`,
      },
      footer: end.footer,
    },
    headers: end.headers,
  });
}

const isOpenResurvey = (core: Core, { state, expiresAt }: Resurvey): boolean =>
  (state === 'sent' || state === 'answered') && (expiresAt ?? 0) > core.clock.now();

/**
 * Stores an answer; until the answer window ends the last one counts. A "no" is shown on the newest case of the
 * response for a person to decide, and reopens nothing.
 */
export function answerResurvey(core: Core, resurvey: Resurvey, form: Map<string, string>): SurveySubmissionResult {
  const survey = core.settings.surveys.get(resurvey.survey);
  if (!survey || !isOpenResurvey(core, resurvey)) return { status: 'closed' };
  const read = readPostedAnswers(survey, form);
  if ('problems' in read) return { status: 'invalid', problems: read.problems };
  const { answers } = read;
  updateResurvey(core.sql, resurvey.id, { state: 'answered', answeredAt: core.clock.now(), answers });
  const newestCase = casesOfResponse(core.sql, resurvey.responseId).at(-1);
  if (newestCase) {
    record(core, newestCase.id, `asked again: ${answers.resolved ?? 'no choice'}`, 'by the survey some time later', {
      who: 'customer',
      evidence: resurvey.id,
    });
    if (answers.resolved !== 'yes')
      updateCase(core.sql, newestCase.id, {
        needsPerson: 'the customer says in a re-survey that it is not resolved; decide what follows',
      });
  }
  return { status: 'thanks' };
}

export function buildResurveyPage(core: Core, resurvey: Resurvey) {
  const asked = core.settings.surveys.get(resurvey.survey);
  if (!asked) return null;
  const survey = translateSurvey(asked, findCustomer(core.sql, resurvey.customerKey)?.language ?? null);
  const values = buildResurveyWordingValues(core, resurvey);
  return {
    state: isOpenResurvey(core, resurvey) ? ('open' as const) : ('closed' as const),
    kind: 'customer' as const,
    language: survey.language,
    workspaceName: core.settings.workspace.name,
    title: renderWordingOrDefault(survey.questions[0]?.label ?? '', survey.page.title, values),
    intro: renderWordingOrDefault('', survey.page.intro, values),
    thanks: renderWordingOrDefault('', survey.page.thanks, values),
    questions: survey.questions.map(({ id, type, label, required, options, ends }) => ({
      id,
      type,
      label,
      required,
      options,
      ends: ends ?? null,
    })),
    more: [],
    given: resurvey.answers ?? {},
  };
}
