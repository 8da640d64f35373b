import * as z from 'zod';
import { IntegrationError } from '#domain/base/errors.ts';
import type { TrackerDeps } from '#domain/integrations/tracker-definition.ts';
import * as kit from '../../kit.ts';

export interface Credentials {
  header(): Promise<string>;
  /** After a refusal: whether a new token makes another try useful. */
  renew(): boolean;
}

const tokenSchema = z.object({ access_token: z.string().min(1) });
const scope = 'read,write';

export const apiKey = (key: string): Credentials => ({ header: async () => key, renew: () => false });

/** An OAuth application as itself; a new token ends the client's old one, so each workspace needs its own client. */
export function createClientCredentials(client: { id: string; secret: string }, deps: TrackerDeps): Credentials {
  async function ask(): Promise<string> {
    const operation = 'linear token';
    let response: Response;
    let body: unknown;
    try {
      response = await deps.fetch(new URL('/oauth/token', deps.baseUrl), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          scope,
          client_id: client.id,
          client_secret: client.secret,
        }).toString(),
      });
      body = await response.json().catch(() => null);
    } catch (error) {
      throw kit.classifyNetworkError(operation, error);
    }
    // If the answer with a token is lost, the next request gets another.
    if (!response.ok) {
      const outcome = kit.classifyFailedHttpAnswer(operation, response.status, response.headers, { write: false });
      if (outcome.code !== 'rejected') throw outcome;
      throw new IntegrationError('auth', operation, { status: response.status });
    }
    const parsed = tokenSchema.safeParse(body);
    if (!parsed.success) throw new IntegrationError('unavailable', operation, { detail: 'unexpected answer' });
    return `Bearer ${parsed.data.access_token}`;
  }

  const token = kit.once(ask);
  return {
    header: token.get,
    renew() {
      token.forget();
      return true;
    },
  };
}
