import type { Arrival } from './receive.ts';

type Waiting = { arrival: Arrival; done: (id: string) => void; failed: (error: unknown) => void };

/** Deliveries that arrive while a commit is under way wait for it, and share the next one. */
export class Gathering {
  readonly #store: (arrivals: Arrival[]) => Promise<string[]>;
  #waiting: Waiting[] = [];
  #storing: Promise<void> | null = null;

  /** @param store ends once its deliveries are stored for good */
  constructor(store: (arrivals: Arrival[]) => Promise<string[]>) {
    this.#store = store;
  }

  /** @returns the id of the delivery, once it is stored */
  add(arrival: Arrival): Promise<string> {
    return new Promise((done, failed) => {
      this.#waiting.push({ arrival, done, failed });
      this.#storing ??= this.#storeAll().finally(() => {
        this.#storing = null;
      });
    });
  }

  /** Ends when nothing waits; null where nothing does. */
  get storing(): Promise<void> | null {
    return this.#storing;
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
