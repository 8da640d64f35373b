import { isoText, secondMs } from '#domain/time/units.ts';

/** GitHub's times have whole seconds. */
export function wholeSecond(ms: number): number {
  return Math.floor(ms / secondMs) * secondMs;
}

export function secondsIso(ms: number): string {
  return isoText(wholeSecond(ms)).replace('.000Z', 'Z');
}
