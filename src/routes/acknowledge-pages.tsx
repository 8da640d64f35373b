import type { Context } from 'hono';
import type { AcknowledgePageData } from '#domain/json/people-json.ts';
import { AcknowledgeFormPage } from '../views/acknowledge-page.tsx';
import { answerDeadLink } from './page.tsx';
import { findWorkspaceOfLink, type HonoEnvironment, unwrap } from './workspace-access.ts';

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
