import { secondMs, toIsoText } from '#domain/time/units.ts';

/** GitHub's times have whole seconds. */
export function floorToSecond(ms: number): number {
  return Math.floor(ms / secondMs) * secondMs;
}

export function toIsoSeconds(ms: number): string {
  return toIsoText(floorToSecond(ms)).replace('.000Z', 'Z');
}
