import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Keyring } from '#domain/base/ports.ts';

/** Derives every key from the deployment's one secret. Synchronous, so that derivations fit into transactions. */
export function keyring(secret: string): Keyring {
  const keys = new Map<string, Buffer>();
  const keyFor = (purpose: string): Buffer => {
    const known = keys.get(purpose) ?? createHmac('sha256', secret).update(`caselite:${purpose}`).digest();
    keys.set(purpose, known);
    return known;
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
