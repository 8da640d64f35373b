/** A share with the counts that it stands on, and how sure it is. */
export interface Share {
  count: number;
  total: number;
  /** Between 0 and 1; null where there is nothing to count. */
  share: number | null;
  /** Ends of the 95 % interval, between 0 and 1. */
  low: number;
  high: number;
}

const z = 1.959964;

/** Wilson's 95 % interval: honest for few counts as well, where a bare share is not. */
export function shareOf(count: number, total: number): Share {
  if (total <= 0) return { count, total, share: null, low: 0, high: 1 };
  const share = count / total;
  const middle = (share + (z * z) / (2 * total)) / (1 + (z * z) / total);
  const spread =
    (z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total))) / (1 + (z * z) / total);
  return { count, total, share, low: Math.max(0, middle - spread), high: Math.min(1, middle + spread) };
}
