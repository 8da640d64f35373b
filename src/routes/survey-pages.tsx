import type { Context } from 'hono';
import { readToken } from '#domain/base/token.ts';
import type { SurveyPage } from '#domain/json/loop-json.ts';
import { errorPage } from '../views/error-page.tsx';
import {
  SurveyClosedPage,
  SurveyFormPage,
  SurveyThanksPage,
  UnsubscribedPage,
  UnsubscribePage,
} from '../views/survey-page.tsx';
import { type AppContext, findWorkspace, keysOf, unwrap, type WorkspaceCalls } from './context.ts';

/*
 * The pages behind the links in our mails. Whoever holds the link may answer, without signing in. Only a POST
 * changes anything, since mail scanners follow every link.
 */

export async function showSurvey(c: Context<AppContext>) {
  const asked = await findSurvey(c);
  if (!asked) return noSuchLink(c);
  const { survey } = asked;
  if (survey.state === 'closed') return c.html(<SurveyClosedPage survey={survey} />);
  const values = new Map(Object.entries(survey.given));
  for (const [id, value] of chosenInMail(c, survey)) values.set(id, value);
  return c.html(<SurveyFormPage survey={survey} values={values} problems={[]} />);
}

export async function answerSurvey(c: Context<AppContext>) {
  const asked = await findSurvey(c);
  if (!asked) return noSuchLink(c);
  const { survey, workspace, followUp } = asked;
  const form = await readForm(c, survey);
  const result = unwrap(await workspace.answer(followUp, form));
  if (result.status === 'closed') return c.html(<SurveyClosedPage survey={survey} />, 409);
  if (result.status === 'invalid') {
    return c.html(<SurveyFormPage survey={survey} values={form} problems={result.problems} />, 422);
  }
  return c.html(<SurveyThanksPage survey={survey} address={c.req.path} />);
}

export async function showUnsubscribe(c: Context<AppContext>) {
  const link = await findLink(c, 'unsubscribe');
  if (!link) return noSuchLink(c);
  return c.html(<UnsubscribePage {...(await unsubscribing(link))} />);
}

/** RFC 8058: the same address takes a mail program's one click, whatever its body. */
export async function unsubscribe(c: Context<AppContext>) {
  const link = await findLink(c, 'unsubscribe');
  if (!link || !unwrap(await link.workspace.unsubscribe(link.followUp))) return noSuchLink(c);
  return c.html(<UnsubscribedPage {...(await unsubscribing(link))} />);
}

/** One answer for every link that leads nowhere, so that none tells what exists. */
const noSuchLink = (c: Context<AppContext>) =>
  c.html(
    errorPage(
      'This link does not work',
      'Perhaps it was cut off on its way. Please open it from the mail again, or reply to that mail: it reaches a person.',
    ),
    404,
  );

async function findLink(
  c: Context<AppContext>,
  purpose: 'survey' | 'unsubscribe',
): Promise<{ workspace: WorkspaceCalls; followUp: string } | null> {
  const token = readToken(keysOf(c), purpose, c.req.param('token') ?? '');
  const workspace = token && (await findWorkspace(c, token.workspace));
  return token && workspace ? { workspace, followUp: token.subject } : null;
}

/** In whose name and in which language an unsubscribe page speaks. */
async function unsubscribing({ workspace, followUp }: { workspace: WorkspaceCalls; followUp: string }) {
  const [{ name }, page] = await Promise.all([
    workspace.about().then(unwrap),
    workspace.surveyPage(followUp),
  ]);
  return { workspaceName: name, language: page.ok ? page.value.language : 'en' };
}

async function findSurvey(c: Context<AppContext>) {
  const link = await findLink(c, 'survey');
  if (!link) return null;
  const page = await link.workspace.surveyPage(link.followUp);
  if (!page.ok && page.code === 'not-found') return null;
  return { ...link, survey: unwrap(page) };
}

/** Choices that a button in the mail carries: they fill in the form and answer nothing. */
function chosenInMail(c: Context<AppContext>, { questions }: SurveyPage): [string, string][] {
  return questions.flatMap(({ id, type, options }): [string, string][] => {
    const value = c.req.query(id) ?? '';
    const offered =
      type === 'scale' ? /^[1-5]$/.test(value) : options.some((option) => option.value === value);
    return offered ? [[id, value]] : [];
  });
}

/** The posted fields that the survey asks for. A body that is no form answers nothing. */
async function readForm(
  c: Context<AppContext>,
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
