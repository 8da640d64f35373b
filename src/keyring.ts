import * as node from 'node:crypto';
import { remember } from '#domain/base/memoize.ts';
import type { Keyring } from '#domain/base/ports.ts';

export type DeploymentKeys = { key: string; previousKey: string | undefined };

/**
 * Derives every key. Synchronous, so that derivations fit into transactions.
 * @param secret of the deployment; it signs links and sessions, which end with it
 * @param root of the workspace, from which marks that must outlive a rotation are derived
 * @param previous secret before a rotation, whose links and sessions still hold
 */
export function keyring(secret: string, root = secret, previous?: string): Keyring {
  const keys = new Map<string, node.KeyObject>();
  const keyFor = (purpose: string): node.KeyObject =>
    remember(keys, purpose, () => deriveKey(purpose.startsWith('token.') ? secret : root, purpose));
  return {
    mac(purpose, ...parts) {
      const message = parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(',');
      return node.createHmac('sha256', keyFor(purpose)).update(message).digest('hex');
    },
    // Digests have one length, which the comparison asks for.
    isEqual: (given, expected) => node.timingSafeEqual(digest(given), digest(expected)),
    previous: previous ? keyring(previous, root) : null,
  };
}

/** Names a secret without giving it away. */
export const fingerprintOf = (secret: string): string =>
  node.createHmac('sha256', deriveKey(secret, 'fingerprint')).digest('hex').slice(0, 12);

/** A new root for a workspace: 256 random bits, in hex. */
export const createRoot = (): string => node.randomBytes(32).toString('hex');

/** A text encrypted under a key of its purpose, after the fingerprint of the secret. */
export function seal(secret: string, text: string, purpose = 'seal'): string {
  const nonce = node.randomBytes(12);
  const cipher = node.createCipheriv('aes-256-gcm', deriveKey(secret, purpose), nonce);
  const sealed = [cipher.update(text, 'utf8'), cipher.final()];
  const parts = [nonce, cipher.getAuthTag(), Buffer.concat(sealed)].map((part) => part.toString('base64url'));
  return [fingerprintOf(secret), ...parts].join('.');
}

/** Decrypts a text; null under another secret. @throws Error for another purpose, or a changed text */
export function openSealed(secret: string, sealed: string, purpose = 'seal'): string | null {
  const [fingerprint, ...parts] = sealed.split('.');
  if (fingerprint !== fingerprintOf(secret)) return null;
  const [nonce, tag, text] = parts.map((part) => Buffer.from(part, 'base64url'));
  if (!nonce || !tag || !text) return null;
  const decipher = node.createDecipheriv('aes-256-gcm', deriveKey(secret, purpose), nonce).setAuthTag(tag);
  return decipher.update(text, undefined, 'utf8') + decipher.final('utf8');
}

const deriveKey = (secret: string, purpose: string): node.KeyObject =>
  node.createSecretKey(node.createHmac('sha256', secret).update(`caselite:${purpose}`).digest());

const digest = (text: string) => node.createHash('sha256').update(text).digest();
