import { AppError, basics, type Core, createRandomId, json, signToken, store, timing } from '../kit.ts';
import { choosePath, demandLink } from './links.ts';

const idleLimitMs = 12 * timing.hourMs;
const longestSessionMs = 14 * timing.dayMs;
const useResolutionMs = 5 * timing.minuteMs;

type StartedSession = { cookie: string; seconds: number; path: string };

/** Uses a link up, and starts a session. */
export function signIn(core: Core, linkId: string, device: string): StartedSession {
  const { person, path } = demandLink(core, linkId);
  store.signInLinks.update(core.sql, { id: linkId }, { usedAt: core.clock.now() });
  return startSession(core, person, device, path);
}

export interface Identity {
  issuer: string;
  subject: string;
  /** The address that the issuer has verified; null for none. */
  email: string | null;
}

type By = { device: string; path: string };

/** A session for the verified address, else for who used the account before; null for nobody here. */
export function signInByIdentity(core: Core, { issuer, subject, email }: Identity, { device, path }: By) {
  const id = core.keys.mac('identity.1', issuer, subject);
  const known = store.identities.find(core.sql, { id })?.person ?? null;
  const [person = known, ...others] = email === null ? [] : basics.listPeopleByAddress(core, email);
  // Only a link by mail tells people who share an address apart.
  if (person === null || others.length > 0) {
    basics.audit(core, { who: 'somebody', what: 'sign-in refused', details: 'unknown account' }, false);
    return null;
  }
  store.saveIdentity(core.sql, { id, person, at: core.clock.now() });
  return startSession(core, person, device, choosePath(core, path));
}

function startSession(core: Core, person: string, device: string, path: string): StartedSession {
  const at = core.clock.now();
  const id = createRandomId(core.random, 's');
  store.insertSession(core.sql, { id, person, device, at, lastUsedAt: at }, at - longestSessionMs);
  basics.audit(core, { who: person, what: 'signed in', details: device });
  const cookie = signToken(core.keys, 'session', core.workspace, id);
  return { cookie, seconds: longestSessionMs / 1000, path };
}

const isOver = ({ at, lastUsedAt }: store.Session, now: number): boolean =>
  now - lastUsedAt >= idleLimitMs || now - at >= longestSessionMs;

/** The person of a session. @throws AppError for a session that was ended or has expired */
export function findSessionCaller(core: Core, id: string): basics.Caller {
  const session = store.sessions.find(core.sql, { id, endedAt: null });
  const now = core.clock.now();
  if (!session || isOver(session, now)) throw new AppError('auth', 'This session has ended. Please sign in again.');
  if (now - session.lastUsedAt >= useResolutionMs) store.sessions.update(core.sql, { id }, { lastUsedAt: now });
  return { kind: 'person', person: session.person };
}

/** Sessions under way, last used first. */
export function listSessions(core: Core) {
  const now = core.clock.now();
  return store.sessions
    .list(core.sql, { endedAt: null })
    .filter((session) => !isOver(session, now))
    .map(({ id, person, device, at, lastUsedAt }) => {
      return { id, person, device, startedAt: timing.toIsoText(at), lastUsedAt: timing.toIsoText(lastUsedAt) };
    });
}

/** Ends a session of one's own, and as an admin that of anybody. */
export function endSession(core: Core, id: string, who: string): void {
  const session = store.sessions.find(core.sql, { id, endedAt: null });
  if (!session || (session.person !== who && !basics.hasAccess(core, who, 'admin')))
    throw new AppError('not-found', 'There is no such session.');
  store.sessions.update(core.sql, { id }, { endedAt: core.clock.now() });
  basics.audit(core, { who, what: 'session ended', about: session.person });
}

const longestDays = 366;
const mostTokensOfOwner = 20;

const hashToken = (core: Core, token: string): string => core.keys.mac('api-token.1', core.workspace, token);
const isProgram = (core: Core, who: string): boolean => !Object.hasOwn(core.settings.workspace.people, who);

const toTokenJson = (token: store.ApiToken): json.TokenJson => ({
  ...json.presentFields(json.TokenJson, token),
  createdAt: timing.toIsoText(token.at),
});

/** The person or program of a token. @throws AppError for a token that was revoked, has ended or never existed */
export function findTokenCaller(core: Core, text: string): basics.Caller {
  const token = store.apiTokens.find(core.sql, { hash: hashToken(core, text) });
  const now = core.clock.now();
  if (!token || token.endedAt !== null || token.endsAt <= now)
    throw new AppError('auth', 'This API token was revoked, has ended, or never existed.');
  if (now - (token.lastUsedAt ?? 0) >= useResolutionMs)
    store.apiTokens.update(core.sql, { id: token.id }, { lastUsedAt: now });
  const { person, scopes } = token;
  return person === null
    ? { kind: 'program', name: `token ${token.name}`, scopes }
    : { kind: 'person', person, scopes };
}

/** The name of a token, for the audit of its refusal. */
export const findTokenName = (core: Core, text: string): string =>
  store.apiTokens.find(core.sql, { hash: hashToken(core, text) })?.name ?? 'unknown';

export interface TokenRequest {
  name: string;
  scopes: json.TokenScope[];
  days: number;
  /** Whether a program acts with it, under its own name; otherwise the person who asks. */
  program: boolean;
  who: string;
}

/** Makes a token, returned once and stored as a hash; only admins make tokens of programs. */
export function createToken(core: Core, request: TokenRequest): json.TokenJson & { token: string } {
  const { days, who } = request;
  const name = basics.wording('name', request.name, 'name the use of the token', 60);
  const scopes = [...new Set(request.scopes)];
  if (scopes.length === 0) basics.refuseField('scopes', 'is empty; choose what the token may be used for');
  if (!Number.isInteger(days) || days < 1 || days > longestDays)
    basics.refuseField('days', `is no number of days from 1 to ${longestDays}`);
  const person = request.program || isProgram(core, who) ? null : who;
  if (person === null && !isProgram(core, who) && !basics.hasAccess(core, who, 'admin'))
    throw new AppError('forbidden', 'Only admins may make tokens of programs.');
  if (person !== null && scopes.includes('act-as'))
    basics.refuseField('scopes', 'has act-as, which is for programs only');
  const at = core.clock.now();
  const open = store.listOpenTokens(core.sql, at);
  if (open.filter((token) => token.person === person).length >= mostTokensOfOwner)
    throw new AppError('conflict', `There are ${mostTokensOfOwner} tokens already; revoke one first.`);
  if (person === null && open.some((token) => token.person === null && token.name === name))
    basics.refuseField('name', `is the name of another token: ${name}`);
  const text = createRandomId(core.random, 'cl') + createRandomId(core.random, '').slice(1);
  const [id, endsAt] = [createRandomId(core.random, 't'), at + days * timing.dayMs];
  const token = { id, hash: hashToken(core, text), name, person, scopes, createdBy: who, at, endsAt };
  store.apiTokens.insert(core.sql, token);
  const details = `${id}: ${scopes.join(', ')}`;
  basics.audit(core, { who, what: 'token made', about: person ?? `token ${name}`, details });
  return { ...toTokenJson({ ...token, lastUsedAt: null, endedAt: null }), token: text };
}

export const listTokens = (core: Core): json.TokenJson[] =>
  store.listOpenTokens(core.sql, core.clock.now()).map(toTokenJson);

/** Revokes a token of one's own, and as an admin or a program that of anybody. Idempotent. */
export function revokeToken(core: Core, id: string, who: string): { revoked: boolean } {
  const token = store.apiTokens.find(core.sql, { id });
  const mayRevoke = token?.person === who || isProgram(core, who) || basics.hasAccess(core, who, 'admin');
  if (!token || !mayRevoke) throw new AppError('not-found', 'There is no such token.');
  if (token.endedAt !== null) return { revoked: true };
  store.apiTokens.update(core.sql, { id }, { endedAt: core.clock.now() });
  basics.audit(core, { who, what: 'token revoked', about: token.person ?? `token ${token.name}`, details: id });
  return { revoked: true };
}
