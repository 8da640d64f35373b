import { decideHeld, listHeldMatches } from '#src/workspace/intake/decide-held.ts';
import type { Chance } from './chance.ts';
import type { World } from './world.ts';

/** A case manager opens or drops what a template held; a crash meanwhile loses the decision, never a match. */
export async function decideHeldMatches(world: World, chance: Chance): Promise<void> {
  const held = (await world.mortal(() => listHeldMatches(world.core))) ?? [];
  for (const { template } of held) {
    const decision = chance.happens(0.6) ? 'open' : 'drop';
    if (decision === 'drop') world.diary.push({ at: world.now, what: 'dropped', template });
    await world.mortal(() =>
      world.core.sql.transaction(() => decideHeld(world.core, template, { decision, who: 'dana' })),
    );
  }
}

/** After the faults, a case manager opens everything that is still held. */
export function openHeldMatches(world: World): void {
  for (const { template } of listHeldMatches(world.core))
    world.core.sql.transaction(() => decideHeld(world.core, template, { decision: 'open', who: 'dana' }));
}
