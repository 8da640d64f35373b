import { throwAsUnavailable } from '#adapters/outcomes.ts';
import type { HookRegistrar, WantedHook } from '#domain/integrations/hook-registrar.ts';

type Call = <Result>(operation: string, kind: 'read' | 'write', work: () => Promise<Result>) => Promise<Result>;

/** Webhooks of a vendor that takes any number of them for an address. */
export class FakeHooks {
  readonly all: (WantedHook & { isOn: boolean })[] = [];

  find({ url, form }: WantedHook) {
    return this.all.find((hook) => hook.url === url && hook.form === form);
  }

  put(wanted: WantedHook, isKnown: boolean): void {
    const known = isKnown ? this.find(wanted) : undefined;
    if (known) known.isOn = true;
    else this.all.push({ ...wanted, isOn: true });
  }

  list() {
    return this.all;
  }

  lose(removes: boolean): void {
    if (removes) this.all.pop();
    else Object.assign(this.all.at(-1) ?? {}, { isOn: false });
  }

  /** Looks first and then changes something, in two calls, as adapters do. */
  registrar(call: Call = (_, __, work) => work()): HookRegistrar {
    return {
      isInOrder: (wanted) => call('find webhook', 'read', async () => this.find(wanted)?.isOn === true),
      register: async (wanted) => {
        const find = call('list webhooks', 'read', async () => this.find(wanted) !== undefined);
        const isKnown = await find.catch(throwAsUnavailable);
        await call('register webhook', 'write', async () => this.put(wanted, isKnown));
      },
    };
  }
}
