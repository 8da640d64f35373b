import * as views from '../views/index.ts';
import * as web from './kit.ts';

/* Pages of links in our mails, without sign-in; only a POST changes anything, since mail scanners follow links. */

type LinkHandler = (c: web.HonoContext, workspace: web.WorkspaceCalls, subject: string) => Response | Promise<Response>;

function behindLink(purpose: web.LinkPurpose, answer: LinkHandler) {
  return async (c: web.HonoContext) => {
    const link = await web.findWorkspaceOfLink(c, purpose);
    try {
      return link ? await answer(c, link.workspace, link.subject) : web.answerDeadLink(c);
    } catch (error) {
      if (error instanceof web.AppError && error.code === 'not-found') return web.answerDeadLink(c);
      throw error;
    }
  };
}

async function readFormTexts(c: web.HonoContext): Promise<Map<string, string>> {
  const fields = await web.readForm(c).catch(() => new Map<string, string | File>());
  return new Map([...fields].filter((field): field is [string, string] => typeof field[1] === 'string'));
}

export const showSurvey = behindLink('survey', async (c, workspace, subject) => {
  const survey = await workspace.surveyPage(subject);
  if (survey.state === 'closed') return c.html(<views.SurveyClosedPage survey={survey} />);
  const values = new Map([...Object.entries(survey.given), ...readChoicesFromLink(c, survey)]);
  return c.html(<views.SurveyFormPage survey={survey} values={values} problems={[]} />);
});

export const answerSurvey = behindLink('survey', async (c, workspace, subject) => {
  const survey = await workspace.surveyPage(subject);
  const texts = await readFormTexts(c);
  const asked = [...survey.questions, ...survey.more.flatMap(({ questions }) => questions)].map(({ id }) => id);
  const form = new Map([...texts].filter(([id]) => asked.includes(id)));
  const result = await workspace.answer(subject, form);
  if (result.status === 'closed') return c.html(<views.SurveyClosedPage survey={survey} />, 409);
  if (result.status === 'invalid')
    return c.html(<views.SurveyFormPage survey={survey} values={form} problems={result.problems} />, 422);
  // Read anew, because the thanks depend on the answer.
  return c.html(<views.SurveyThanksPage survey={await workspace.surveyPage(subject)} address={c.req.path} />);
});

export const showUnsubscribePage = behindLink('unsubscribe', async (c, workspace, subject) =>
  c.html(<views.UnsubscribePage {...(await workspace.unsubscribePage(subject))} />),
);

/** RFC 8058: the same address takes a mail program's one click, whatever its body. */
export const unsubscribe = behindLink('unsubscribe', async (c, workspace, subject) => {
  if (!(await workspace.unsubscribe(subject))) return web.answerDeadLink(c);
  return c.html(<views.UnsubscribePage {...(await workspace.unsubscribePage(subject))} isDone />);
});

/** Choices that a button in the mail carries: they fill in the form and answer nothing. */
const readChoicesFromLink = (c: web.HonoContext, { questions }: web.Value<'surveyPage'>): [string, string][] =>
  questions.flatMap(({ id, type, options }): [string, string][] => {
    const value = c.req.query(id) ?? '';
    const offered = type === 'scale' ? /^[1-5]$/.test(value) : options.some((option) => option.value === value);
    return offered ? [[id, value]] : [];
  });

/** Behind the link of a reminder or an escalation. Only the button acts: mail scanners follow every link. */
export const showAcknowledgePage = behindLink('acknowledge', async (c, workspace, subject) =>
  c.html(<views.AcknowledgeFormPage page={await workspace.acknowledgePage(subject)} />),
);

export const acknowledgeByLink = behindLink('acknowledge', async (c, workspace, subject) =>
  c.html(<views.AcknowledgeFormPage page={await workspace.acknowledgeByLink(subject)} />),
);

/** What a customer said, and where it stands. */
export const showFeedback = behindLink('feedback', async (c, workspace, subject) =>
  c.html(<views.FeedbackPage page={await workspace.feedbackPage(subject)} />),
);

/** One case, shown to a contributor without signing in. Only the form changes anything. */
export const showContributorPage = behindLink('contribute', async (c, workspace, subject) => {
  const page = await workspace.contributorPage(subject);
  return c.html(<views.ContributorFormPage page={page} text="" problem={null} sent={false} />);
});

export const contribute = behindLink('contribute', async (c, workspace, subject) => {
  const text = (await readFormTexts(c)).get('text') ?? '';
  const result = await web.attempt(workspace.contribute(subject, text));
  if (result.ok) return c.html(<views.ContributorFormPage page={result.value} text="" problem={null} sent={true} />);
  if (result.code !== 'invalid-input') return web.answerDeadLink(c);
  const page = await workspace.contributorPage(subject);
  const problem = result.problems[0]?.message ?? result.message;
  return c.html(<views.ContributorFormPage page={page} text={text} problem={problem} sent={false} />, 422);
});
