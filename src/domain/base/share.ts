import * as z from 'zod';

const part = z.number().nullable();

export const Share = z
  .object({ count: z.int(), total: z.int(), share: part, low: part, high: part })
  .meta({ id: 'Share', description: 'Parts are between 0 and 1; null where the total is too small' });
export type Share = z.output<typeof Share>;

const z95 = 1.959963984540054;

/** Wilson's score interval at 95 % (1927), which holds for small counts and for shares near the ends. */
export function wilson(count: number, total: number): { low: number; high: number } {
  if (!(total > 0) || count < 0 || count > total) throw new RangeError(`no share: ${count} of ${total}`);
  const share = count / total;
  const z2 = z95 * z95;
  const middle = share + z2 / (2 * total);
  const spread = z95 * Math.sqrt((share * (1 - share) + z2 / (4 * total)) / total);
  const scale = 1 + z2 / total;
  return { low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) };
}

/** @param fewest smallest total that gets a share */
export function computeShare(count: number, total: number, fewest = 1): Share {
  if (total < fewest) return { count, total, share: null, low: null, high: null };
  return { count, total, share: count / total, ...wilson(count, total) };
}

/** `14 of 60: 23 %, most likely between 14 and 35 %`, or the total where it is too small. */
export function formatShare({ count, total, share, low, high }: Share): string {
  if (share === null || low === null || high === null) return `too few responses: ${total}`;
  const percent = (part: number) => Math.round(part * 100);
  return `${count} of ${total}: ${percent(share)} %, most likely between ${percent(low)} and ${percent(high)} %`;
}

/** Whether two shares are too far apart for chance alone: their intervals do not touch. Null when unknown. */
export function differ(share: Share, other: Share): boolean | null {
  if (share.low === null || share.high === null || other.low === null || other.high === null) return null;
  return share.high < other.low || other.high < share.low;
}
