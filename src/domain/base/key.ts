import type { Keyring, Random } from './ports.ts';

/** The response key's short form: the same response has the same id for ever, whatever delivered it. */
export function responseId(keys: Keyring, source: string, form: string, id: string): string {
  return `r_${keys.mac('response.1', source, form, id).slice(0, 24)}`;
}

/** Which problem a tactical case is about: the template and the customer. */
export function problemKey(keys: Keyring, template: string, customerKey: string): string {
  return keys.mac('problem.1', template, customerKey);
}

/** Derived ids make a repeated step find its own row again. */
export function derivedId(keys: Keyring, prefix: string, ...parts: string[]): string {
  return `${prefix}_${keys.mac(`id.${prefix}`, ...parts).slice(0, 24)}`;
}

export function randomId(random: Random, prefix: string): string {
  const hex = Array.from(random.bytes(12), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${prefix}_${hex}`;
}
