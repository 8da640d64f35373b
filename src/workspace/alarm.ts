type AlarmStorage = { setAlarm(at: number): Promise<void> };

/** The alarm of an object. It is set in the turn that chose it: after a wait, it would undo a later choice. */
export class Alarm {
  readonly #storage: AlarmStorage;
  /** Instant in milliseconds; null where none is known to be set. */
  #at: number | null = null;

  constructor(storage: AlarmStorage) {
    this.#storage = storage;
  }

  forget(): void {
    this.#at = null;
  }

  async set(at: number): Promise<void> {
    if (this.#at === at) return;
    this.#at = at;
    await this.#storage.setAlarm(at);
  }

  async bringForward(at: number): Promise<void> {
    if (this.#at === null || this.#at > at) await this.set(at);
  }
}
