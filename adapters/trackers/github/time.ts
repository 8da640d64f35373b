/** GitHub's times have whole seconds. */
export function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

export function secondsIso(ms: number): string {
  return new Date(wholeSecond(ms)).toISOString().replace('.000Z', 'Z');
}
