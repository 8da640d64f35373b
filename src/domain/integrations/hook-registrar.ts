export interface WantedHook {
  url: string;
  /** The survey tool's form; empty for a tracker. */
  form: string;
}

/** Webhooks that a vendor takes by its API. Every call throws only `IntegrationError`, or misses a secret. */
export interface HookRegistrar {
  /** Whether a webhook with the address is there, on, and signs with our secret as far as the vendor shows it. Safe to repeat. */
  isInOrder(hook: WantedHook): Promise<boolean>;
  /** Puts the webhook with the address in order, or makes it. Never repeated after an unknown outcome, before `isInOrder` has looked. */
  register(hook: WantedHook): Promise<void>;
  listForms?(): Promise<{ id: string; title: string }[]>;
}
