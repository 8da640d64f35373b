declare module 'cloudflare:workers' {
  export const env: import('#src/objects.ts').Env;
  export const exports: { default: { fetch(url: string, init?: RequestInit): Promise<Response> } };
}

declare module 'cloudflare:test' {
  interface State {
    storage: DurableObjectState['storage'] & { deleteAlarm(): Promise<void> };
  }
  export function evictDurableObject(stub: unknown): Promise<void>;
  export function runDurableObjectAlarm(stub: unknown): Promise<boolean>;
  export function runInDurableObject<Result, Instance = unknown>(
    stub: unknown,
    work: (instance: Instance, state: State) => Promise<Result>,
  ): Promise<Result>;
}

declare module '*.yaml?raw' {
  const text: string;
  export default text;
}

declare module '*.multipart?raw' {
  const text: string;
  export default text;
}

interface ImportMeta {
  glob(pattern: string, options: object): Record<string, unknown>;
}
