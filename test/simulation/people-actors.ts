import { verifyToken } from '#domain/base/key.ts';
import { acknowledgeByLink } from '#src/workspace/cases/acknowledge.ts';
import { contribute, invite } from '#src/workspace/cases/contributors.ts';
import { tickPlan } from '#src/workspace/cases/sub-issues.ts';
import type { Chance } from './chance.ts';
import type { World } from './world.ts';

const partner = { name: 'Canarypartner', email: 'canary-partner@partner.example', who: 'dana' };

/** Colleagues acknowledge cases, tick their plans, and ask a partner for help, who answers by the link. */
export async function workTogether(world: World, chance: Chance, pressed: Set<string>): Promise<void> {
  const act = (work: () => unknown) => world.mortal(() => world.core.sql.transaction(work));
  for (const { id, text } of world.mail.accepted) {
    const [, kind, token = ''] = /\/([ac])\/(\S+)/.exec(text) ?? [];
    if (kind === undefined || pressed.has(id) || chance.happens(0.7)) continue;
    pressed.add(id);
    const purpose = kind === 'a' ? 'acknowledge' : 'contribute';
    const subject = verifyToken(world.core.keys, purpose, token)?.subject ?? '';
    if (kind === 'a') await act(() => acknowledgeByLink(world.core, subject));
    else await act(() => contribute(world.core, subject, '/unable because policy, says canarywords0'));
  }
  const open = world.sql.all<{ id: string }>("SELECT id FROM cases WHERE loop = 'working' ORDER BY number");
  if (open.length === 0) return;
  const { id } = chance.pick(open);
  if (chance.happens(0.2)) await act(() => invite(world.core, id, partner));
  const [step] = world.sql.all<{ position: number }>(
    'SELECT position FROM plan_steps WHERE case_id = ? ORDER BY position LIMIT 1',
    id,
  );
  if (step && chance.happens(0.3))
    await act(() => tickPlan(world.core, id, { position: step.position, done: chance.happens(0.8), who: 'priya' }));
}
