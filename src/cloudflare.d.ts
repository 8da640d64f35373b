declare module 'cloudflare:workers' {
  export class DurableObject<Env = unknown> {
    protected ctx: DurableObjectState;
    protected env: Env;
    constructor(ctx: DurableObjectState, env: Env);
    alarm?(): Promise<void>;
  }
}

interface DurableObjectState {
  readonly id: { readonly name?: string };
  readonly storage: {
    readonly sql: { exec(query: string, ...values: unknown[]): { toArray(): Record<string, unknown>[] } };
    transactionSync<Result>(work: () => Result): Result;
    setAlarm(at: number): Promise<void>;
    getAlarm(): Promise<number | null>;
    sync(): Promise<void>;
  };
  waitUntil(work: Promise<unknown>): void;
  blockConcurrencyWhile<Result>(work: () => Promise<Result>): Promise<Result>;
}

declare module '*.sql' {
  const text: string;
  export default text;
}

declare module '*.css' {
  const text: string;
  export default text;
}
