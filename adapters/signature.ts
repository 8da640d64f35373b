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

/** Strict base64; null for other text, so that no second spelling of a signature passes. */
export function decodeBase64(text: string): Uint8Array | null {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return encodeBase64(bytes) === text ? bytes : null;
}

export const encodeBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/** Lower-case hex; null for other text. */
export function decodeHex(text: string): Uint8Array | null {
  if (!/^(?:[0-9a-f]{2})+$/.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

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
