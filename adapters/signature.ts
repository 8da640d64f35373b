import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { InvalidInputError } from '#domain/base/errors.ts';
import type { RawDelivery } from '#domain/integrations/survey-source.ts';
import { minuteMs } from '#domain/time/units.ts';

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

/* Standard Webhooks 1.0 in own code, because the reference library takes text and reads the machine's clock. */

const timestampToleranceMs = 5 * minuteMs;

export async function verifyWebhook({ body, headers }: RawDelivery, secrets: string[], now: number): Promise<boolean> {
  // Older senders write `svix-` in the names of the headers.
  const header = (name: string) => headers[`webhook-${name}`] ?? headers[`svix-${name}`];
  const id = header('id');
  const timestamp = header('timestamp') ?? '';
  // With a dot in the id, part of the body could be read as the time.
  if (!id || id.includes('.') || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now - Number(timestamp) * 1000) > timestampToleranceMs) return false;
  const signatures = (header('signature') ?? '')
    .split(' ')
    .filter((value) => value.startsWith('v1,'))
    .slice(0, 10)
    .map((value) => decodeBytes(value.slice('v1,'.length), 'base64'));
  const keys = secrets.map(keyOf).filter((key) => key !== null);
  const message = toSignedBytes(id, timestamp, body);
  return signatures.map((signature) => isSignedByAnySecret('sha256', keys, message, signature)).includes(true);
}

/** @throws InvalidInputError for a secret of another kind */
export async function signWebhook(
  body: Uint8Array,
  secret: string,
  { id, now }: { id: string; now: number },
): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1000));
  const key = keyOf(secret);
  if (!key) throw new InvalidInputError('The secret is not base64 after whsec_.');
  const signature = hmac('sha256', key, toSignedBytes(id, timestamp, body)).toString('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}

const toSignedBytes = (id: string, timestamp: string, body: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);

export const signedByStandard = { verify: verifyWebhook, signer: { sign: signWebhook } };

export const isWebhookSecret = (secret: string): boolean => keyOf(secret) !== null;

function keyOf(secret: string): Uint8Array | null {
  const text = secret
    .trim()
    .replace(/^(v1,)?(whsec_)?/, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/(?<!=)=+$/, '');
  return text === '' ? null : decodeBytes(text.padEnd(Math.ceil(text.length / 4) * 4, '='), 'base64');
}
