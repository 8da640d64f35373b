/** The queue of calls to a survey tool's API. */
export const queueOfSource = (source: string): string => `source:${source}`;

/** The source that a queue belongs to; null for the queue of a tracker or of mail. */
export const sourceOfQueue = (queue: string): string | null =>
  queue.startsWith('source:') ? queue.slice('source:'.length) : null;
