import { createRandomId, signToken } from '#domain/base/key.ts';
import { AppError, basics, type Core, dayMs, hourMs, minuteMs, store, toIsoText } from '../kit.ts';
import { choosePath, demandLink } from './links.ts';

const idleLimitMs = 12 * hourMs;
const longestSessionMs = 14 * dayMs;
const useResolutionMs = 5 * minuteMs;

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

/** A session for the verified address, else for who used the account before; null for nobody here. */
export function signInByIdentity(
  core: Core,
  { issuer, subject, email }: Identity,
  { device, path }: { device: string; path: string },
): StartedSession | null {
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
    .map(({ id, person, device, at, lastUsedAt }) => ({
      id,
      person,
      device,
      startedAt: toIsoText(at),
      lastUsedAt: toIsoText(lastUsedAt),
    }));
}

/** Ends a session of one's own, and as an admin that of anybody. */
export function endSession(core: Core, id: string, who: string): void {
  const session = store.sessions.find(core.sql, { id, endedAt: null });
  if (!session || (session.person !== who && !basics.hasAccess(core, who, 'admin')))
    throw new AppError('not-found', 'There is no such session.');
  store.sessions.update(core.sql, { id }, { endedAt: core.clock.now() });
  basics.audit(core, { who, what: 'session ended', about: session.person });
}
