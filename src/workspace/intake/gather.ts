import { type Clock, secondMs } from '../kit.ts';
import type { Arrival } from './receive.ts';

type Waiting = { arrival: Arrival; done: (id: string) => void; failed: (error: unknown) => void };

const floodGapMs = secondMs;
/** Interval at which waiting work looks whether deliveries arrive, and how far apart turns are while they do. */
const [lookMs, longestLookMs, turnMs] = [5, 250, 250];

/** A flood that lasts longer shares the thread with other work, so that judging is at most so late. */
const longestFloodMs = 30 * secondMs;

/** Arrivals at all workspaces of a thread: other work of any of them takes time from every sender. */
export class Flood {
  #arrivedAt = 0;
  #floodAt = 0;
  #count = 0;
  /** The last turn that other work was given. */
  #turnAt = 0;

  note(receivedAt: number): void {
    const sinceLastMs = receivedAt - this.#arrivedAt;
    if (sinceLastMs < 0 || sinceLastMs > floodGapMs) {
      this.#floodAt = receivedAt;
      this.#turnAt = 0;
    }
    this.#arrivedAt = receivedAt;
    this.#count += 1;
  }

  /** Lets deliveries go first: waits until none arrived between two looks, or for its turn among all other work. */
  async waitForQuiet(clock: Clock, pause: (ms: number) => Promise<void>): Promise<void> {
    const since = clock.now();
    if (since - this.#arrivedAt > floodGapMs) return;
    const isLong = since - this.#floodAt > longestFloodMs;
    this.#turnAt = Math.max(since, this.#turnAt) + (isLong ? lookMs : turnMs);
    const patienceMs = Math.min(this.#turnAt - since, longestFloodMs);
    for (let waitedMs = 0, look = lookMs; waitedMs < patienceMs; waitedMs += look) {
      const leftMs = patienceMs - waitedMs;
      // A turn far away is looked for rarely, as a timer costs more than a look.
      if (waitedMs > 0) look = Math.min(Math.max(Math.ceil(leftMs / 8), lookMs), longestLookMs, leftMs);
      const seen = this.#count;
      await pause(look);
      if (seen === this.#count) return;
    }
  }
}

/** Deliveries that arrive while a commit is under way wait for it, and share the next one. */
export class Gathering {
  readonly #store: (arrivals: Arrival[]) => Promise<string[]>;
  readonly #flood: Flood;
  #waiting: Waiting[] = [];
  #storing: Promise<void> | null = null;

  /** @param store ends once its deliveries are stored for good */
  constructor(store: (arrivals: Arrival[]) => Promise<string[]>, flood: Flood) {
    this.#store = store;
    this.#flood = flood;
  }

  /** @returns the id of the delivery, once it is stored */
  add(arrival: Arrival): Promise<string> {
    this.#flood.note(arrival.raw.receivedAt);
    return new Promise((done, failed) => {
      this.#waiting.push({ arrival, done, failed });
      this.#storing ??= this.#storeAll().finally(() => {
        this.#storing = null;
      });
    });
  }

  async #storeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const stored = this.#waiting;
      this.#waiting = [];
      try {
        const ids = await this.#store(stored.map(({ arrival }) => arrival));
        stored.forEach(({ done }, index) => {
          done(ids[index] ?? '');
        });
      } catch (error) {
        for (const { failed } of stored) failed(error);
      }
    }
  }
}
