import type { Keyring, Random } from './ports.ts';

/** Short form of the response key: one response always has one id, however it was delivered. */
export function deriveResponseId(keys: Keyring, source: string, form: string, id: string): string {
  return `r_${keys.mac('response.1', source, form, id).slice(0, 24)}`;
}

export function deriveCaseMatchKey(keys: Keyring, template: string, customerKey: string): string {
  return keys.mac('problem.1', template, customerKey);
}

/** A derived id lets a repeated step find its own row again. */
export function deriveId(keys: Keyring, prefix: string, ...parts: string[]): string {
  return `${prefix}_${keys.mac(`id.${prefix}`, ...parts).slice(0, 24)}`;
}

export function createRandomId(random: Random, prefix: string): string {
  const hex = Array.from(random.bytes(12), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${prefix}_${hex}`;
}
