import type { Keyring } from './ports.ts';

/** Purposes of a signed link. A token of one purpose is worthless for another. */
export type TokenPurpose =
  | 'survey'
  | 'own-survey'
  | 'unsubscribe'
  | 'sign-in'
  | 'session'
  | 'acknowledge'
  | 'contribute';

/**
 * `workspace.subject.mac`: 128 bits over purpose, workspace and subject. The subject, or the row that it names, carries
 * the expiry.
 */
export function signToken(keys: Keyring, purpose: TokenPurpose, workspace: string, subject: string): string {
  return `${workspace}.${subject}.${keys.mac(`token.${purpose}`, workspace, subject).slice(0, 32)}`;
}

/** Workspace and subject of a genuine token; null otherwise. */
export function verifyToken(
  keys: Keyring,
  purpose: TokenPurpose,
  token: string,
): { workspace: string; subject: string } | null {
  const match = /^([a-z0-9-]{1,63})\.([A-Za-z0-9_.-]{1,200})\.([0-9a-f]{32})$/.exec(token);
  const [, workspace, subject, mac] = match ?? [];
  if (!workspace || !subject || !mac) return null;
  const isSignedWith = (signing: Keyring | null) =>
    signing?.isEqual(mac, signing.mac(`token.${purpose}`, workspace, subject).slice(0, 32)) === true;
  return isSignedWith(keys) || isSignedWith(keys.previous) ? { workspace, subject } : null;
}
