import * as z from 'zod';
import { verifyHook } from '#adapters/tracker-hook.ts';
import type { TrackerHook } from '#domain/integrations/tracker-definition.ts';
import { minuteMs } from '#domain/time/units.ts';
import type { LinearSettings } from './settings.ts';

const toleranceMs = minuteMs;
const stamped = z.looseObject({ webhookTimestamp: z.number() });

/** The signed body holds the time in milliseconds, which is valid for a minute (linear.app/developers/webhooks). */
export const webhook: TrackerHook<LinearSettings> = {
  secret: (settings) => settings['webhook-secret'] ?? null,
  async verify(hook, secrets, now) {
    const id = await verifyHook(hook, secrets, {
      signature: 'linear-signature',
      prefix: '',
      id: 'linear-delivery',
    });
    const at = id === null ? null : sentAt(hook.body);
    return at !== null && Math.abs(now - at) <= toleranceMs ? id : null;
  },
};

function sentAt(body: Uint8Array): number | null {
  try {
    return stamped.parse(JSON.parse(new TextDecoder().decode(body))).webhookTimestamp;
  } catch {
    return null;
  }
}
