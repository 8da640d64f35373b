import { AppError } from '#domain/base/errors.ts';
import { createRandomId } from '#domain/base/key.ts';
import { signToken } from '#domain/base/token.ts';
import type { SessionJson } from '#domain/json/people-json.ts';
import { dayMs, hourMs, minuteMs, toIsoText } from '#domain/time/units.ts';
import { audit } from '../basics/audit.ts';
import { hasAccess, type Viewer } from '../basics/roles.ts';
import type { Core } from '../core.ts';
import {
  findSession,
  insertSession,
  listOpenSessions,
  markSessionEnded,
  markSessionUsed,
  markSignInLinkUsed,
  type Session,
} from '../store/sessions.ts';
import { demandLink } from './links.ts';

const idleLimitMs = 12 * hourMs;
const longestSessionMs = 14 * dayMs;
/** Uses within this time write no row. */
const useResolutionMs = 5 * minuteMs;

/** Uses a link up, and starts a session. */
export function signIn(core: Core, linkId: string, device: string): { cookie: string; seconds: number; path: string } {
  const { person, path } = demandLink(core, linkId);
  const at = core.clock.now();
  markSignInLinkUsed(core.sql, linkId, at);
  const id = createRandomId(core.random, 's');
  insertSession(core.sql, { id, person, device, at, lastUsedAt: at }, at - longestSessionMs);
  audit(core, { who: person, what: 'signed in', details: device });
  const cookie = signToken(core.keys, 'session', core.workspace, id);
  return { cookie, seconds: longestSessionMs / 1000, path };
}

const isOver = ({ at, lastUsedAt }: Session, now: number): boolean =>
  now - lastUsedAt >= idleLimitMs || now - at >= longestSessionMs;

/**
 * The person of a session.
 *
 * @throws AppError for a session that was ended or has expired
 */
export function findSessionViewer(core: Core, id: string): Viewer {
  const session = findSession(core.sql, id);
  const now = core.clock.now();
  if (!session || isOver(session, now)) throw new AppError('auth', 'This session has ended. Please sign in again.');
  if (now - session.lastUsedAt >= useResolutionMs) markSessionUsed(core.sql, id, now);
  return { kind: 'person', person: session.person };
}

/** Sessions under way, last used first. */
export function listSessions(core: Core): SessionJson[] {
  const now = core.clock.now();
  return listOpenSessions(core.sql)
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
  const session = findSession(core.sql, id);
  if (!session || (session.person !== who && !hasAccess(core, who, 'admin')))
    throw new AppError('not-found', 'There is no such session.');
  markSessionEnded(core.sql, id, core.clock.now());
  audit(core, { who, what: 'session ended', about: session.person });
}
