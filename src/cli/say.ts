import { minuteMs } from '#domain/time/units.ts';

const startedAt = performance.now();

/** Prints a line of progress with the seconds since the start. */
export function printProgress(line: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6);
  console.log(`${seconds} s  ${line}`);
}

/** Waits until `look` returns a value. */
export async function until<Found>(
  what: string,
  look: () => Promise<Found | null | undefined | false>,
  patienceMs = minuteMs,
): Promise<Found> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`Waited ${patienceMs / 1000} s in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 250));
  }
}
