import type { Chance } from './chance.ts';
import { Crash } from './faults.ts';

interface Waiting {
  queue: string;
  go(): void;
  die(): void;
  /** The rest of the call when the process dies; the request may already be under way. */
  orphan: (() => void) | undefined;
}

/** Nothing in a run waits for real time, so a wait of this length means a dependency on something else. */
const patienceMs = 30_000;

/**
 * Queues run concurrently, and only the seed chooses which one continues. A queue waits for its turn before each step
 * that leaves the process; during a turn no other queue runs, however slowly an SDK loads.
 */
export class Turns {
  #waiting: Waiting[] = [];
  #driving = 0;
  readonly #chance: Chance;
  readonly #until: typeof untilIdle;

  /** @param isInMemory whether nothing but promises of this process is ever awaited */
  constructor(chance: Chance, isInMemory = false) {
    this.#chance = chance;
    this.#until = isInMemory ? untilSettled : untilIdle;
  }

  /** Waits for the queue's turn; returns at once while `drive` is not running. */
  take(queue: string, orphan?: () => void): Promise<void> {
    if (this.#driving === 0) return Promise.resolve();
    return new Promise((go, reject) => {
      this.#waiting.push({ queue, go, die: () => reject(new Crash()), orphan });
    });
  }

  /**
   * Runs a task to its end, one queue at a time.
   *
   * @param busy the queues at work: a turn begins only when each of them waits
   */
  async drive<Result>(work: () => Result | Promise<Result>, busy: ReadonlySet<string>): Promise<Result> {
    this.#driving += 1;
    try {
      let isOver = false;
      const over = () => {
        isOver = true;
      };
      const running = (async () => work())();
      running.then(over, over);
      const isWaiting = (queue: string) => this.#waiting.some((waiting) => waiting.queue === queue);
      const isQuiet = () => this.#waiting.length > 0 && [...busy].every(isWaiting);
      for (;;) {
        await this.#until(
          () => isOver || isQuiet(),
          () => [...busy].filter((queue) => !isWaiting(queue)),
        );
        if (isOver) return await running;
        this.#waiting.sort(({ queue }, other) => (queue < other.queue ? -1 : Number(queue > other.queue)));
        const next = this.#chance.pick(this.#waiting);
        this.#waiting = this.#waiting.filter((waiting) => waiting !== next);
        next.go();
      }
    } finally {
      this.#driving -= 1;
    }
  }

  /** The process died: no queue gets another turn, and half of the calls under way still arrive. */
  abandon(): void {
    const abandoned = this.#waiting;
    this.#waiting = [];
    for (const { die, orphan } of abandoned) {
      if (orphan && this.#chance.happens(0.5)) orphan();
      die();
    }
  }
}

async function untilIdle(holds: () => boolean, laggards: () => string[]): Promise<void> {
  const since = performance.now();
  for (;;) {
    await new Promise((done) => setImmediate(done));
    if (holds()) return;
    if (performance.now() - since > patienceMs)
      throw new Error(`waits for something outside the simulation: ${laggards().join(', ') || 'no queue'}`);
  }
}

/** Rounds of the promise queue after which a wait in memory counts as endless. */
const mostRounds = 100_000;

async function untilSettled(holds: () => boolean, laggards: () => string[]): Promise<void> {
  for (let rounds = 0; !holds(); rounds += 1) {
    if (rounds > mostRounds)
      throw new Error(`waits for something outside the process: ${laggards().join(', ') || 'no queue'}`);
    await null;
  }
}
