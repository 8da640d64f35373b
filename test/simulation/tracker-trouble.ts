import { recordHint } from '#src/workspace/issues/poll.ts';
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
  const headers = await world.signatures.hint({ body, id: `hook-${world.now}`, isForged });
  for (let copies = chance.below(3); copies > 0; copies -= 1) {
    await world.mortal(async () => {
      const id = await world.core.integrations.hint('product', { body, headers }, world.now);
      if ((id === null) !== isForged) throw new Error(isForged ? 'a forged hint passed' : 'a genuine hint did not');
      if (id !== null) world.core.sql.transaction(() => recordHint(world.core, 'product', id));
    });
  }
}
