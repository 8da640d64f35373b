import * as z from 'zod';
import { classifyFailedHttpAnswer, classifyNetworkError } from '#adapters/outcomes.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { InstalledApp, TrackerDeps, TrackerPlaces } from '#domain/integrations/tracker-definition.ts';
import { connect } from './credentials.ts';

const Repositories = z.array(z.object({ full_name: z.string(), has_issues: z.boolean().optional() }));
const Installation = z.object({ repositories: Repositories });
const User = z.object({ login: z.string() });

/**
 * The repositories of a token, the last pushed to first, or those of an App: docs.github.com, "List repositories for the
 * authenticated user" and "List repositories accessible to the app installation".
 */
export async function listRepositories({
  token,
  app,
  ...deps
}: TrackerDeps & { token: string; app?: InstalledApp | undefined }): Promise<TrackerPlaces> {
  const credentials = app ? { app: { ...app, key: 'KEY' } } : { token: 'TOKEN' };
  const octokit = await connect({ kind: 'github', repository: '', ...credentials }, { ...deps, secret: () => token });
  const read = async <Answer>(schema: z.ZodType<Answer>, path: string): Promise<Answer> => {
    const { data } = await octokit.request(`GET ${path}`).catch((error: unknown) => {
      const { status, response } = error as { status?: number; response?: { headers: Record<string, string> } };
      if (!status || !response) throw classifyNetworkError('list repositories', error);
      throw classifyFailedHttpAnswer('list repositories', status, new Headers(response.headers), { write: false });
    });
    const parsed = schema.safeParse(data);
    if (parsed.success) return parsed.data;
    throw new IntegrationError('unavailable', 'list repositories', { detail: 'unexpected answer' });
  };
  const account = app ? '' : (await read(User, '/user')).login;
  const repositories = app
    ? (await read(Installation, '/installation/repositories?per_page=100')).repositories
    : await read(Repositories, '/user/repos?per_page=100&sort=pushed');
  const places = repositories
    .filter(({ has_issues }) => has_issues !== false)
    .map(({ full_name }) => ({ value: full_name, title: full_name }));
  return { places, account };
}
