import type { Chance } from './chance.ts';

/**
 * Replaces the machine's clock and randomness, which SDKs use, by the run's until `restore`, so that every run of a
 * seed is identical.
 */
export function borrowMachine(now: () => number, chance: Chance): { restore(): void } {
  const { Date: machineDate } = globalThis;
  const { random } = Math;
  const { randomUUID } = crypto;
  globalThis.Date = new Proxy(machineDate, {
    construct: (target, values, self) => Reflect.construct(target, values.length === 0 ? [now()] : values, self),
    get: (target, name, self) => (name === 'now' ? now : Reflect.get(target, name, self)),
  });
  Math.random = chance.fraction;
  crypto.randomUUID = () => {
    const digits = (count: number) => Array.from({ length: count }, () => chance.below(16).toString(16)).join('');
    return `${digits(8)}-${digits(4)}-4${digits(3)}-8${digits(3)}-${digits(12)}`;
  };
  return {
    restore() {
      globalThis.Date = machineDate;
      Math.random = random;
      crypto.randomUUID = randomUUID;
    },
  };
}
