import type { Context } from 'hono';
import type { SurveyPage } from '#domain/json/loop-json.ts';
import type { AcknowledgePageData } from '#domain/json/people-json.ts';
import { AcknowledgeFormPage, ContributorFormPage } from '../views/link-pages.tsx';
import {
  SurveyClosedPage,
  SurveyFormPage,
  SurveyThanksPage,
  UnsubscribedPage,
  UnsubscribePage,
} from '../views/survey-page.tsx';
import { answerDeadLink } from './page.tsx';
import { findWorkspaceOfLink, type HonoEnvironment, unwrap } from './workspace-access.ts';

/*
 * The pages behind the links in our mails. The holder of a link may answer without signing in. Only a POST
 * changes anything, since mail scanners follow every link.
 */

export async function showSurvey(c: Context<HonoEnvironment>) {
  const asked = await findSurveyOfLink(c);
  if (!asked) return answerDeadLink(c);
  const { survey } = asked;
  if (survey.state === 'closed') return c.html(<SurveyClosedPage survey={survey} />);
  const values = new Map(Object.entries(survey.given));
  for (const [id, value] of readChoicesFromLink(c, survey)) values.set(id, value);
  return c.html(<SurveyFormPage survey={survey} values={values} problems={[]} />);
}

export async function answerSurvey(c: Context<HonoEnvironment>) {
  const asked = await findSurveyOfLink(c);
  if (!asked) return answerDeadLink(c);
  const { survey, workspace, subject } = asked;
  const form = await readSurveyForm(c, survey);
  const result = unwrap(await workspace.answer(subject, form));
  if (result.status === 'closed') return c.html(<SurveyClosedPage survey={survey} />, 409);
  if (result.status === 'invalid') {
    return c.html(<SurveyFormPage survey={survey} values={form} problems={result.problems} />, 422);
  }
  return c.html(<SurveyThanksPage survey={survey} address={c.req.path} />);
}

export async function showUnsubscribePage(c: Context<HonoEnvironment>) {
  const link = await findWorkspaceOfLink(c, 'unsubscribe');
  if (!link) return answerDeadLink(c);
  return c.html(<UnsubscribePage {...unwrap(await link.workspace.unsubscribePage(link.subject))} />);
}

/** RFC 8058: the same address takes a mail program's one click, whatever its body. */
export async function unsubscribe(c: Context<HonoEnvironment>) {
  const link = await findWorkspaceOfLink(c, 'unsubscribe');
  if (!link || !unwrap(await link.workspace.unsubscribe(link.subject))) return answerDeadLink(c);
  return c.html(<UnsubscribedPage {...unwrap(await link.workspace.unsubscribePage(link.subject))} />);
}

async function findSurveyOfLink(c: Context<HonoEnvironment>) {
  const link = await findWorkspaceOfLink(c, 'survey');
  if (!link) return null;
  const page = await link.workspace.surveyPage(link.subject);
  if (!page.ok && page.code === 'not-found') return null;
  return { ...link, survey: unwrap(page) };
}

/** Choices that a button in the mail carries: they fill in the form and answer nothing. */
function readChoicesFromLink(c: Context<HonoEnvironment>, { questions }: SurveyPage): [string, string][] {
  return questions.flatMap(({ id, type, options }): [string, string][] => {
    const value = c.req.query(id) ?? '';
    const offered = type === 'scale' ? /^[1-5]$/.test(value) : options.some((option) => option.value === value);
    return offered ? [[id, value]] : [];
  });
}

/** The posted fields that the survey asks for. A body that is no form answers nothing. */
async function readSurveyForm(
  c: Context<HonoEnvironment>,
  { questions, more }: SurveyPage,
): Promise<Map<string, string>> {
  const data = await c.req.formData().catch(() => new FormData());
  return new Map(
    [...questions, ...more.flatMap((entry) => entry.questions)].flatMap(({ id }): [string, string][] => {
      const value = data.get(id);
      return typeof value === 'string' ? [[id, value]] : [];
    }),
  );
}

/** Behind the link of a reminder or an escalation. Only the button acts: mail scanners follow every link. */
export const showAcknowledgePage = (c: Context<HonoEnvironment>) => answer(c, 'acknowledgePage');

export const acknowledgeByLink = (c: Context<HonoEnvironment>) => answer(c, 'acknowledgeByLink');

async function answer(c: Context<HonoEnvironment>, operation: 'acknowledgePage' | 'acknowledgeByLink') {
  const link = await findWorkspaceOfLink(c, 'acknowledge');
  const result = link && (await link.workspace[operation](link.subject));
  if (!result || (!result.ok && result.code === 'not-found')) return answerDeadLink(c);
  const page: AcknowledgePageData = unwrap(result);
  return c.html(<AcknowledgeFormPage page={page} />);
}

/** One case, shown to a contributor without signing in. Only the form changes anything. */
export async function showContributorPage(c: Context<HonoEnvironment>) {
  const link = await linkOf(c);
  const page = link && (await link.workspace.contributorPage(link.subject));
  if (!page || (!page.ok && page.code === 'not-found')) return answerDeadLink(c);
  return c.html(<ContributorFormPage page={unwrap(page)} text="" problem={null} sent={false} />);
}

export async function contribute(c: Context<HonoEnvironment>) {
  const link = await linkOf(c);
  if (!link) return answerDeadLink(c);
  const form = await c.req.formData().catch(() => new FormData());
  const given = form.get('text');
  const text = typeof given === 'string' ? given : '';
  const result = await link.workspace.contribute(link.subject, text);
  if (result.ok) return c.html(<ContributorFormPage page={result.value} text="" problem={null} sent={true} />);
  if (result.code !== 'invalid-input') return answerDeadLink(c);
  const page = unwrap(await link.workspace.contributorPage(link.subject));
  const [problem] = result.problems;
  const message = problem?.message ?? result.message;
  return c.html(<ContributorFormPage page={page} text={text} problem={message} sent={false} />, 422);
}

const linkOf = (c: Context<HonoEnvironment>) => findWorkspaceOfLink(c, 'contribute');
