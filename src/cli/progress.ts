import { minuteMs } from '#domain/time/units.ts';

const startedAt = performance.now();

export function printProgress(line: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6);
  console.log(`${seconds} s  ${line}`);
}

/** Waits until `look` returns a value. */
export async function until<Found>(
  what: string,
  read: () => Promise<Found | null | undefined | false>,
  maxWaitMs = minuteMs,
): Promise<Found> {
  const end = performance.now() + maxWaitMs;
  for (;;) {
    const answer = await read();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`Waited ${maxWaitMs / 1000} s in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 250));
  }
}
