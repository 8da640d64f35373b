import * as z from 'zod';
import { classifyFailedHttpAnswer, classifyNetworkError } from '#adapters/outcomes.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { TrackerDeps, TrackerPlaces } from '#domain/integrations/tracker-definition.ts';
import { connect } from './credentials.ts';

const Repositories = z.array(z.object({ full_name: z.string(), has_issues: z.boolean().optional() }));
const User = z.object({ login: z.string() });

/** The repositories of a token, the last pushed to first: docs.github.com, "List repositories for the authenticated user". */
export async function listRepositories({ token, ...deps }: TrackerDeps & { token: string }): Promise<TrackerPlaces> {
  const octokit = await connect({ kind: 'github', repository: '', token: 'TOKEN' }, { ...deps, secret: () => token });
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
  const { login } = await read(User, '/user');
  const repositories = await read(Repositories, '/user/repos?per_page=100&sort=pushed');
  const places = repositories
    .filter(({ has_issues }) => has_issues !== false)
    .map(({ full_name }) => ({ value: full_name, title: full_name }));
  return { places, account: login };
}
