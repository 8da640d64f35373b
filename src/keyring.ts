import { createHash, createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Keyring } from '#domain/base/ports.ts';

/** Derives every key from the deployment's one secret. Synchronous, so that derivations fit into transactions. */
export function keyring(secret: string): Keyring {
  const keys = new Map<string, KeyObject>();
  const keyFor = (purpose: string): KeyObject => {
    const known = keys.get(purpose);
    if (known) return known;
    const key = createSecretKey(createHmac('sha256', secret).update(`caselite:${purpose}`).digest());
    keys.set(purpose, key);
    return key;
  };
  return {
    mac(purpose, ...parts) {
      const message = parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(',');
      return createHmac('sha256', keyFor(purpose)).update(message).digest('hex');
    },
    // Digests have one length, which the comparison asks for.
    isEqual: (given, expected) => timingSafeEqual(digest(given), digest(expected)),
  };
}

const digest = (text: string) => createHash('sha256').update(text).digest();
