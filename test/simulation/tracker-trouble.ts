import { createHmac } from 'node:crypto';
import { recordHint } from '#src/workspace/issues/webhook-hint.ts';
import { secrets } from '#test/harness/emulated-hosts.ts';
import type { Chance } from './chance.ts';
import type { World } from './world.ts';

const trackers = ['support', 'product', 'growth'] as const;

/** A token expires, and a person replaces it hours later. */
export function endCredentials(world: World, chance: Chance): void {
  for (const tracker of trackers) {
    const now = world.refusing.get(tracker) ?? { since: null, times: 0 };
    if (now.since === null && chance.happens(0.04)) {
      world.accept[tracker]('another');
      world.refusing.set(tracker, { since: world.now, times: now.times + 1 });
    } else if (now.since !== null && chance.happens(0.4)) mend(world, tracker);
  }
}

export function mendCredentials(world: World): void {
  for (const tracker of trackers) mend(world, tracker);
}

function mend(world: World, tracker: (typeof trackers)[number]): void {
  world.accept[tracker](null);
  const { times = 0 } = world.refusing.get(tracker) ?? {};
  world.refusing.set(tracker, { since: null, times });
}

/** GitHub's webhooks: some are lost, some repeated, some forged. */
export async function sendHints(world: World, chance: Chance): Promise<void> {
  const body = new TextEncoder().encode(JSON.stringify({ action: 'closed', at: world.now }));
  const isForged = chance.happens(0.2);
  const key = isForged ? 'a key of somebody else' : secrets.HOOK_SECRET;
  const signature = createHmac('sha256', key).update(body).digest('hex');
  const headers = { 'x-hub-signature-256': `sha256=${signature}`, 'x-github-delivery': `hook-${world.now}` };
  for (let copies = chance.below(3); copies > 0; copies -= 1) {
    await world.mortal(async () => {
      const id = await world.core.integrations.hint('product', { body, headers }, world.now);
      if ((id === null) !== isForged) throw new Error(isForged ? 'a forged hint passed' : 'a genuine hint did not');
      if (id !== null) world.core.sql.transaction(() => recordHint(world.core, 'product', id));
    });
  }
}

/** Admins are notified once per refused token, and once when the tracker accepts it again. */
export function adminsToldOnce(world: World): string[] {
  const { sql } = world;
  const told = (subject: string) =>
    sql.all<{ person: string; count: number }>(
      'SELECT person, COUNT(*) AS count FROM mails WHERE subject = ? GROUP BY person',
      subject,
    );
  return trackers.flatMap((tracker) => {
    const title = world.core.integrations.vendor(tracker)?.title;
    const where = `${title} (tracker ${tracker})`;
    const { times = 0 } = world.refusing.get(tracker) ?? {};
    const paused = told(`Caselite cannot work in ${where}`);
    const resumed = told(`Caselite works in ${where} again`);
    const [still] = sql.all('SELECT paused FROM queues WHERE queue = ? AND paused IS NOT NULL', tracker);
    return [
      ...paused
        .filter(({ count }) => count > times)
        .map(({ count }) => `an admin was told ${count} times of ${times} pauses of ${where}`),
      ...(JSON.stringify(paused) === JSON.stringify(resumed)
        ? []
        : [`of ${where} was told ${JSON.stringify(paused)} and then ${JSON.stringify(resumed)}`]),
      ...(still ? [`${where} is still paused although it was mended`] : []),
    ];
  });
}
