import type { Keyring, Random } from './ports.ts';

/** Short form of the response key: one response always has one id, however it was delivered. */
export const deriveResponseId = (keys: Keyring, source: string, form: string, id: string): string =>
  `r_${keys.mac('response.1', source, form, id).slice(0, 24)}`;

export const deriveCaseMatchKey = (keys: Keyring, template: string, customerKey: string): string =>
  keys.mac('problem.1', template, customerKey);

/** A derived id lets a repeated step find its own row again. */
export const deriveId = (keys: Keyring, prefix: string, ...parts: string[]): string =>
  `${prefix}_${keys.mac(`id.${prefix}`, ...parts).slice(0, 24)}`;

export const createRandomId = (random: Random, prefix: string): string => `${prefix}_${toHex(random.bytes(12))}`;

/** An id that follows the earlier ones in an index, whose pages then stay at hand however many there are. */
export const createOrderedId = (random: Random, prefix: string, now: number): string =>
  `${prefix}_${now.toString(16).padStart(12, '0')}${toHex(random.bytes(6))}`;

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/* The marker is the only proof that an issue belongs to a case, so a new form of it gets a new version. */
const markerMacLength = 32;

/** `1.C-17.<128 bits of hex>`, impossible without the key; later issues of a case have `2.C-17.<number>.<hex>`. */
export function createIssueMarker(keys: Keyring, workspace: string, handle: string, number = 1): string {
  const [version, purpose, facts] =
    number === 1 ? ['1', 'issue-marker.1', [handle]] : ['2', 'issue-marker.2', [handle, String(number)]];
  return [version, ...facts, keys.mac(purpose, workspace, ...facts).slice(0, markerMacLength)].join('.');
}

/** Workspace and number in the address of a case, before the @, whatever their case. */
export const caseMailbox = /^([a-z0-9-]{1,32})\.c([1-9]\d{0,8})\.[0-9a-v]{20}$/i;

/** Local part of the address to which customers reply about a case: at most 64 characters, 100 bits of them a MAC. */
export function createCaseMailbox(keys: Keyring, workspace: string, number: number): string {
  const mac = BigInt(`0x${keys.mac('case-mailbox.1', workspace, String(number)).slice(0, 25)}`);
  return `${workspace}.c${number}.${mac.toString(32).padStart(20, '0')}`;
}

/** A version 4 UUID from keyed bytes. The same case and purpose always give the same UUID. */
export function deriveUuid(keys: Keyring, purpose: string, ...parts: string[]): string {
  const hex = keys.mac(purpose, ...parts);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Purposes of a signed link. A token of one purpose is worthless for another. */
export type TokenPurpose =
  | 'survey'
  | 'own-survey'
  | 'unsubscribe'
  | 'sign-in'
  | 'session'
  | 'acknowledge'
  | 'contribute'
  | 'feedback';

/** `workspace.subject.mac`: 128 bits over purpose, workspace and subject, whose row carries the expiry. */
export const signToken = (keys: Keyring, purpose: TokenPurpose, workspace: string, subject: string): string =>
  `${workspace}.${subject}.${keys.mac(`token.${purpose}`, workspace, subject).slice(0, 32)}`;

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
