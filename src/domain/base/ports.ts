/** The ports of the core. Everything is passed in, so that a simulation can pass its own. */

export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
}

export type Random = { fraction(): number; bytes(length: number): Uint8Array };

/** Keyed derivations; each purpose has a key of its own, so that a value for one is worthless for another. */
export interface Keyring {
  /** Lower-case hex of a 256-bit keyed MAC over length-prefixed parts. */
  mac(purpose: string, ...parts: string[]): string;
  /** Compares in a time that depends on neither text. */
  isEqual(given: string, expected: string): boolean;
  /** Keys before a rotation, under which links and sessions were signed; null without a rotation. */
  previous: Keyring | null;
}

export type SqlValue = string | number | null | Uint8Array;
export type SqlRow = Record<string, SqlValue>;

/** One workspace's database. Calls are synchronous; a transaction that throws leaves nothing behind. */
export interface Sql {
  all<Row extends object = SqlRow>(query: string, ...values: SqlValue[]): Row[];
  run(query: string, ...values: SqlValue[]): void;
  transaction<Result>(work: () => Result): Result;
}

/** Writes survive the death of the process once the turn yields, a request leaves, or this says so. */
export type Durability = { sync(): Promise<void> };

/** A log of codes and ids. Addresses, names and texts of people never reach it. */
export interface Log {
  info(event: string, facts?: Record<string, string | number | boolean | null>): void;
  error(event: string, facts?: Record<string, string | number | boolean | null>): void;
}

/** A fetch with a deadline and a cap on what it reads, bound to the hosts of the deployment's settings. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
