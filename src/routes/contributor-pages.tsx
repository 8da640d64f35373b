import type { Context } from 'hono';
import { ContributorFormPage } from '../views/contributor-page.tsx';
import { answerDeadLink } from './page.tsx';
import { findWorkspaceOfLink, type HonoEnvironment, unwrap } from './workspace-access.ts';

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
