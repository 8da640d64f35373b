import { elevateByHand } from '#src/workspace/cases/elevate.ts';
import { decide } from '#src/workspace/cases/strategic.ts';
import { setWhatChanged } from '#src/workspace/loop/notify-affected-customers.ts';
import { caseLinks } from '#src/workspace/store/case-links.ts';
import { getCase } from '#src/workspace/store/cases.ts';
import type { Chance } from './chance.ts';
import type { World } from './world.ts';

const who = 'dana';

/** A case manager decides, sometimes elevates a case, and sooner or later describes the change. */
export async function manageStrategic(world: World, chance: Chance): Promise<void> {
  const at = (kind: string) =>
    world.sql.all<{ id: string }>('SELECT id FROM cases WHERE kind = ? ORDER BY number', kind);
  const [strategic, tactical] = [at('strategic'), at('tactical')];
  if (tactical.length > 0 && chance.happens(0.1)) {
    const { id } = chance.pick(tactical);
    const isLinked = caseLinks.list(world.sql, { caseId: id, kind: 'elevated-to' }).length > 0;
    const wish = { to: 'upgrade-hard-to-install', theme: 'by hand', reason: 'the same again', who };
    if (!isLinked) await world.mortal(() => world.core.sql.transaction(() => elevateByHand(world.core, id, wish)));
  }
  if (strategic.length === 0) return;
  const { id } = chance.pick(strategic);
  if (chance.happens(0.2))
    await world.mortal(() =>
      world.core.sql.transaction(() => decide(world.core, id, { text: 'Sign the driver.', who })),
    );
  if (chance.happens(0.5)) await write(world, id);
}

/** Writes the texts of all strategic cases at the end of a run, or those that closings wait for. */
export async function writeWords(world: World, which: 'all' | 'missing'): Promise<void> {
  const asked = which === 'missing' ? "needs_person LIKE 'write what changed%'" : 'true';
  for (const { id } of world.sql.all<{ id: string }>(`SELECT id FROM cases WHERE kind = 'strategic' AND ${asked}`))
    await write(world, id);
}

async function write(world: World, id: string): Promise<void> {
  const text = `What changed is told in the ${getCase(world.sql, id).generation}. closing.`;
  await world.mortal(() => world.core.sql.transaction(() => setWhatChanged(world.core, id, { text, who })));
}
