/** Queue of the calls to a survey tool's API. */
export const queueOfSource = (source: string): string => `source:${source}`;

/** Source of a queue; null for the queue of a tracker or of mail. */
export const sourceOfQueue = (queue: string): string | null =>
  queue.startsWith('source:') ? queue.slice('source:'.length) : null;
