import { takeHook } from '#src/workspace/take-hook.ts';
import type { Chance } from './chance.ts';
import { ownIssues } from './copies.ts';
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

/** GitHub's webhooks: some are lost, some late, some repeated, some forged. */
export async function sendHints(world: World, chance: Chance): Promise<void> {
  if (chance.happens(0.7)) await tickInIssue(world, chance);
  const closed = { id: `hook-${world.now}`, body: JSON.stringify({ action: 'closed', at: world.now }) };
  const hook = world.hooks.length > 0 && chance.happens(0.8) ? chance.pick(world.hooks) : closed;
  const body = new TextEncoder().encode(hook.body);
  const isForged = chance.happens(0.2);
  const headers = await world.signatures.hint({ body, id: hook.id, isForged });
  for (let copies = chance.below(3); copies > 0; copies -= 1) {
    await world.mortal(async () => {
      const genuine = await world.core.integrations.hint('product', { body, headers }, world.now);
      if ((genuine === null) !== isForged)
        throw new Error(isForged ? 'a forged hint passed' : 'a genuine hint did not');
      if (genuine !== null) takeHook(world.core, 'product', genuine);
    });
  }
}

/** A person, or somebody whom the workspace does not know, ticks or unticks a step in the text of an issue. */
async function tickInIssue(world: World, chance: Chance): Promise<void> {
  const user = world.trackerUser.product;
  const planned = (await ownIssues(world, 'product')).filter(({ body }) => /^- \[[ x]\] /m.test(body));
  if (planned.length === 0) return;
  const { id, key, body: before } = chance.pick(planned);
  const box = chance.pick([...before.matchAll(/^- \[([ x])\] /gm)]);
  const after = `${before.slice(0, box.index)}- [${box[1] === 'x' ? ' ' : 'x'}] ${before.slice(box.index + box[0].length)}`;
  const account = chance.pick([...user.people, 'a-stranger']);
  await user.edit(key, account === 'a-stranger' ? (user.people[0] ?? '') : account, { body: after });
  const hook = `tick-${world.hooks.length}`;
  world.ticks.set(hook, account);
  const edited = {
    action: 'edited',
    issue: { number: Number(id), body: after, updated_at: new Date(world.now).toISOString() },
    changes: { body: { from: before } },
    repository: { full_name: 'acme/product' },
    sender: { login: account },
  };
  world.hooks.push({ id: hook, body: JSON.stringify(edited) });
}
