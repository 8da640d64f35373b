import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';

export type Hash = 'SHA-1' | 'SHA-256' | 'SHA-512';

const encoder = new TextEncoder();

/** HMAC over raw bytes. */
export const hmac = (hash: Hash, secret: Uint8Array | string, message: Uint8Array): Uint8Array =>
  createHmac(hash.replace('-', ''), secret).update(message).digest();

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
function decode(text: string, encoding: 'base64' | 'hex'): Uint8Array | null {
  const bytes = Buffer.from(text, encoding);
  return bytes.toString(encoding) === text ? new Uint8Array(bytes) : null;
}

export const decodeBase64 = (text: string): Uint8Array | null => decode(text, 'base64');

export const encodeBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Lower-case hex; null for other text. */
export const decodeHex = (text: string): Uint8Array | null => (text ? decode(text, 'hex') : null);

export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Whether the given text is one of the secrets, compared in constant time. */
export function isAnyOfSecrets(secrets: string[], given: string | undefined): boolean {
  if (!given) return false;
  const message = encoder.encode('secret');
  return isSignedByAnySecret('SHA-256', secrets, message, hmac('SHA-256', given, message));
}

export function joinBytes(parts: (Uint8Array | string)[]): Uint8Array<ArrayBuffer> {
  const arrays = parts.map((part) => (typeof part === 'string' ? encoder.encode(part) : part));
  const joined = new Uint8Array(arrays.reduce((size, { byteLength }) => size + byteLength, 0));
  let offset = 0;
  for (const array of arrays) {
    joined.set(array, offset);
    offset += array.byteLength;
  }
  return joined;
}
