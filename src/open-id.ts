import { isLoopback } from '#adapters/loopback.ts';
import { createOutboundFetch } from '#adapters/outbound.ts';
import { AppError } from '#domain/base/errors.ts';
import { type Bindings, variable } from './deployment.ts';
import type { Identity } from './workspace/sign-in/sessions.ts';

/** An issuer of OpenID Connect that the deployment allows, by its variables `OIDC_NAME_ISSUER` and so on. */
interface Issuer {
  name: string;
  title: string;
  read(part: 'ISSUER' | 'CLIENT_ID' | 'CLIENT_SECRET' | 'TRUST_EMAIL'): string;
}

export const listIssuers = (bindings: Bindings): Issuer[] =>
  Object.keys(bindings)
    .sort()
    .flatMap((key) => {
      const [, upper] = /^OIDC_([A-Z0-9]+(?:_[A-Z0-9]+)*)_ISSUER$/.exec(key) ?? [];
      if (!upper || !variable(bindings, key)) return [];
      const title = upper.charAt(0) + upper.slice(1).toLowerCase().replaceAll('_', ' ');
      return [{ name: upper.toLowerCase(), title, read: (part) => variable(bindings, `OIDC_${upper}_${part}`) ?? '' }];
    });

async function discover({ title, read }: Issuer) {
  const client = await import('openid-client');
  const [url, id, secret] = [read('ISSUER'), read('CLIENT_ID'), read('CLIENT_SECRET')];
  if (!URL.canParse(url) || id === '' || secret === '')
    throw new AppError('config', `Sign-in with ${title} is not set up yet. Take a link by mail.`);
  const configuration = await client.discovery(new URL(url), id, secret, undefined, {
    execute: [client.enableNonRepudiationChecks, ...(isLoopback(url) ? [client.allowInsecureRequests] : [])],
    [client.customFetch]: (address, init) => createOutboundFetch(address)(address, init as RequestInit),
  });
  // The administrators of a tenant choose the addresses in it.
  if (read('TRUST_EMAIL') === 'yes' && configuration.serverMetadata().issuer.includes('{'))
    throw new AppError('config', `Sign-in with ${title} is not set up for one company. Take a link by mail.`);
  return { client, configuration };
}

/** @param returnUrl where the issuer sends the browser back to */
export async function beginSignIn(issuer: Issuer, returnUrl: string) {
  const { client, configuration } = await discover(issuer);
  const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
  const { href: url } = client.buildAuthorizationUrl(configuration, {
    redirect_uri: returnUrl,
    scope: 'openid email',
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  return { url, checks: { state, nonce, verifier } };
}

/** The account of the person whom the issuer sent back; `read` gives what the browser kept for the checks. */
export async function finishSignIn(issuer: Issuer, answer: URL, read: (name: string) => string): Promise<Identity> {
  const { client, configuration } = await discover(issuer);
  const tokens = await client.authorizationCodeGrant(configuration, answer, {
    expectedState: read('state'),
    expectedNonce: read('nonce'),
    pkceCodeVerifier: read('verifier'),
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (!claims) throw new AppError('auth', 'The issuer sent no ID token.');
  // Some issuers put the address into no ID token.
  const hasAddressElsewhere = claims.email === undefined && configuration.serverMetadata().userinfo_endpoint;
  const { email, email_verified } = hasAddressElsewhere
    ? await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)
    : claims;
  const isVerified = issuer.read('TRUST_EMAIL') === 'yes' || String(email_verified) === 'true';
  return { issuer: claims.iss, subject: claims.sub, email: typeof email === 'string' && isVerified ? email : null };
}
