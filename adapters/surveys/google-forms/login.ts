import * as z from 'zod';
import { IntegrationError } from '#domain/base/errors.ts';
import type { SurveyApiDeps } from '#domain/integrations/survey-source.ts';
import * as kit from '../../kit.ts';

const operation = 'sign in at Google';
const scopes = [
  'https://www.googleapis.com/auth/forms.responses.readonly',
  'https://www.googleapis.com/auth/forms.body.readonly',
];

/** The two kinds of credential files that Google's own tools write. */
const Credentials = z.discriminatedUnion('type', [
  z.object({ type: z.literal('service_account'), client_email: z.string(), private_key: z.string() }),
  z.object({
    type: z.literal('authorized_user'),
    client_id: z.string(),
    client_secret: z.string(),
    refresh_token: z.string(),
  }),
]);
const Answer = z.object({ access_token: z.string().min(1) });

/** An access token that may only read forms and responses, of a service account or by a person's consent. */
export async function fetchAccessToken({ login, secret, now }: SurveyApiDeps, name: string): Promise<string> {
  const credentials = readCredentials(secret(name), name);
  const form: Record<string, string> =
    credentials.type === 'authorized_user'
      ? {
          grant_type: 'refresh_token',
          client_id: credentials.client_id,
          client_secret: credentials.client_secret,
          refresh_token: credentials.refresh_token,
        }
      : {
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          assertion: await assertion(credentials.client_email, credentials.private_key, name, now()),
        };
  if (!login) throw new IntegrationError('auth', operation, { detail: 'no address to sign in at' });
  const answer = await login
    .fetch(`${login.baseUrl.replace(/\/$/, '')}/token`, { method: 'POST', body: new URLSearchParams(form) })
    .catch((error: unknown) => {
      throw kit.classifyNetworkError(operation, error);
    });
  // Google answers wrong credentials with 400.
  if (answer.status === 400) throw new IntegrationError('auth', operation, { status: 400 });
  if (!answer.ok) throw kit.classifyFailedHttpAnswer(operation, answer.status, answer.headers, { write: false });
  const read = Answer.safeParse(await answer.json().catch(() => null));
  if (!read.success) throw new IntegrationError('unavailable', operation, { detail: 'no access token in the answer' });
  return read.data.access_token;
}

function readCredentials(text: string, name: string): z.output<typeof Credentials> {
  const read = Credentials.safeParse(kit.jsonOrNull(text));
  if (read.success) return read.data;
  const detail = `${name} is not the JSON of a service account or of an authorized user`;
  throw new IntegrationError('auth', operation, { detail });
}

/** Signed for the address that Google documents, whatever address the deployment uses. */
async function assertion(email: string, privateKey: string, name: string, now: number): Promise<string> {
  const { importPKCS8, SignJWT } = await import('jose');
  const seconds = Math.floor(now / 1000);
  try {
    return await new SignJWT({ scope: scopes.join(' ') })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(email)
      .setAudience('https://oauth2.googleapis.com/token')
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + 3600)
      .sign(await importPKCS8(privateKey, 'RS256'));
  } catch {
    throw new IntegrationError('auth', operation, { detail: `the private key in ${name} cannot be read` });
  }
}
