import type { HookRegistrar, WantedHook } from '#domain/integrations/hook-registrar.ts';
import { AppError, basics, type Core, createRandomId, hourMs, IntegrationError, type port, store } from '../kit.ts';
import { findTracker } from '../tracker-requests/test-issue.ts';
import { type Kind, sourceOfQueue } from './outbox-kind.ts';

const checkEveryMs = hourMs;

type Place = Pick<store.Hook, 'queue' | 'form'>;

const toWanted = ({ publicUrl, workspace }: Core, { queue, form }: Place): WantedHook => {
  return { form, url: `${publicUrl}/hooks/${workspace}/${sourceOfQueue(queue) ?? `trackers/${queue}`}` };
};

/** What the credentials must allow; null where none can be registered, as after the tracker or source was removed. */
function findNeed({ integrations }: Core, queue: string): string | null {
  const source = sourceOfQueue(queue);
  return (source === null ? integrations.vendor(queue) : integrations.source(source))?.hooksNeed ?? null;
}

/** Asks a vendor. A missing permission or secret concerns the webhook alone, so it must pause nothing else. */
async function ask<Answer>(core: Core, queue: string, what: (hooks: HookRegistrar) => Promise<Answer>) {
  try {
    const source = sourceOfQueue(queue);
    const api = source === null ? await findTracker(core, queue) : core.integrations.source(source)?.api();
    if (!api?.hooks) throw new AppError('config', 'the tool takes none with these settings');
    return await what(api.hooks);
  } catch (error) {
    const isOfHook =
      error instanceof IntegrationError ? error.status === 403 && error.code === 'auth' : error instanceof AppError;
    if (!isOfHook) throw error;
    throw new IntegrationError('rejected', 'register webhook', { detail: (error as Error).message });
  }
}

const isInOrder = (core: Core, place: Place): Promise<boolean> =>
  ask(core, place.queue, (hooks) => hooks.isInOrder(toWanted(core, place)));

/** Registers the webhook of a tracker, or of a form of a source. */
export function registerHook(core: Core, place: Place, { who }: { who: string }): Place {
  const source = sourceOfQueue(place.queue);
  if (!findNeed(core, place.queue)) basics.refuseField('queue', 'takes no webhook by its API; add it there by hand');
  if ((source === null) !== (place.form === '')) basics.refuseField('form', 'is missing; choose the survey');
  queueRegistration(core, place);
  basics.audit(core, { who, what: 'webhook registered', about: `${place.queue} ${place.form}`.trim() });
  return place;
}

/** Registers all webhooks again, after a secret was changed or a cause removed. */
export const registerHooksAgain = (core: Core): void =>
  core.sql.transaction(() => {
    for (const hook of store.hooks.list(core.sql, {})) if (findNeed(core, hook.queue)) queueRegistration(core, hook);
  });

function queueRegistration(core: Core, { queue, form }: Place, renews = false): void {
  const orderingKey = `hook:${queue}:${form}`;
  const at = core.clock.now();
  const id = createRandomId(core.random, 'o');
  store.hooks.put(core.sql, { queue, form, state: 'asked', why: null, checkedAt: at });
  store.hastenRows(core.sql, orderingKey, queue, at);
  if (store.hasWaitingRow(core.sql, orderingKey, 'hook.register')) return;
  const payload = { form, renews };
  store.addToOutbox(core.sql, { key: `hook:${id}`, queue, orderingKey, kind: 'hook.register', payload, at });
}

export const hookRegisterKind: Kind<'hook.register'> = {
  unknown: async (core, { queue, payload }) => ((await isInOrder(core, { ...payload, queue })) ? {} : null),

  async call(core, { queue, payload }) {
    const place = { ...payload, queue };
    await ask(core, queue, (hooks) => hooks.register(toWanted(core, place)));
    if (await isInOrder(core, place)) return {};
    throw new IntegrationError('rejected', 'register webhook', { detail: 'the tool shows it as not in use' });
  },

  settle(core, { queue, payload: { form, renews } }, { failed: why = null }) {
    const checkedAt = core.clock.now();
    const renewal = renews && why === null ? { renewedAt: checkedAt } : {};
    store.hooks.put(core.sql, { queue, form, state: why === null ? 'in use' : 'refused', why, checkedAt, ...renewal });
  },
};

/** Looks for webhooks in time, and registers lost ones again. A failed look leaves them to the next. */
export async function checkHooks(core: Core, queue: string): Promise<void> {
  const checkedAt = core.clock.now();
  for (const hook of store.hooks.list(core.sql, { queue })) {
    if (hook.state !== 'in use' || checkedAt - hook.checkedAt < checkEveryMs) continue;
    const isThere = await isInOrder(core, hook).catch((error: unknown) => {
      if (!(error instanceof IntegrationError)) throw error;
      core.log.error('hook-check-failed', { queue, code: error.code, status: error.status });
      return true;
    });
    core.sql.transaction(() =>
      isThere
        ? store.hooks.update(core.sql, { queue, form: hook.form, state: 'in use' }, { checkedAt })
        : queueRegistration(core, hook, true),
    );
  }
}

/** Webhooks of a tracker or source that were registered, in words. */
export const listHookStates = (core: Core, queue: string): port.HookState[] =>
  store.hooks.list(core.sql, { queue }).map(({ form, state, why, checkedAt, renewedAt }) => {
    const renewed = renewedAt && `. It was lost, and registered again on ${basics.formatTime(core, renewedAt)}`;
    const says = {
      asked: 'The webhook is being registered; look again in a moment',
      'in use': `Caselite registered the webhook, and saw it in use on ${basics.formatTime(core, checkedAt)}${renewed ?? ''}`,
      refused: `The webhook could not be registered: ${why}. Add it by hand, or let the token do it`,
    };
    return { form, state, says: `${says[state]}.` };
  });
