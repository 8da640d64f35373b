import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';

export type Hash = 'sha1' | 'sha256' | 'sha512';

/** HMAC over raw bytes. */
export const hmac = (hash: Hash, secret: Uint8Array | string, message: Uint8Array): Buffer =>
  createHmac(hash, secret).update(message).digest();

/** Whether any of the secrets made this signature, compared in constant time. */
export function isSignedByAnySecret(
  hash: Hash,
  secrets: (Uint8Array | string)[],
  message: Uint8Array,
  signature: Uint8Array | null,
): boolean {
  if (!signature || signature.byteLength === 0) return false;
  const checks = secrets
    .filter((secret) => secret.length > 0)
    .map((secret) => hmac(hash, secret, message))
    .map((mac) => mac.byteLength === signature.byteLength && timingSafeEqual(mac, signature));
  return checks.includes(true);
}

/** Bytes of a text in an encoding; null for a second spelling of them, so that no such signature passes. */
export function decodeBytes(text: string, encoding: 'base64' | 'hex'): Uint8Array | null {
  const bytes = Buffer.from(text, encoding);
  return bytes.toString(encoding) === text ? new Uint8Array(bytes) : null;
}

/** Whether the given text is one of the secrets, compared in constant time. */
export function isAnyOfSecrets(secrets: string[], given: string | undefined): boolean {
  if (!given) return false;
  const message = Buffer.from('secret');
  return isSignedByAnySecret('sha256', secrets, message, hmac('sha256', given, message));
}
