import { decideAddress } from '#src/workspace/loop/write-to-customer.ts';
import { pushSettings } from '#src/workspace/settings/push-settings.ts';
import { createSignInLink } from '#src/workspace/sign-in/links.ts';
import { createToken, signInByIdentity } from '#src/workspace/sign-in/sessions.ts';
import type { Chance } from './chance.ts';
import type { World } from './world.ts';

const person = 'mette';

/** A colleague signs in, makes a token, and sometimes leaves the workspace file and comes back. */
export async function comeAndGo(world: World, chance: Chance): Promise<void> {
  const { people } = world.settings.workspace;
  const act = (work: () => unknown) => world.mortal(() => world.core.sql.transaction(work));
  const account = { issuer: 'https://issuer.example', subject: 'mette-1', email: people[person]?.email ?? '' };
  await act(() => signInByIdentity(world.core, account, { device: 'Firefox on Linux', path: '' }));
  if (chance.happens(0.5)) await act(() => createSignInLink(world.core, person));
  const token = { name: `t-${world.now}`, scopes: ['read' as const], days: 5, program: false, who: person };
  if (chance.happens(0.3)) await act(() => createToken(world.core, token));
  if (chance.happens(0.5)) return;
  const others = Object.fromEntries(Object.entries(people).filter(([key]) => key !== person));
  const at = world.now;
  const hasLeft = await push(world, others);
  // A push of what is stored already, after a crash of the one that brings her back, changes nothing.
  if (hasLeft?.changed) world.left.push({ person, at });
  await push(world, people);
}

/** Pushes settings with these people. */
const push = (world: World, people: World['settings']['workspace']['people']) =>
  world.mortal(() => {
    const { settings } = world;
    const text = `people: ${Object.keys(people).join(' ')}`;
    const files = [{ kind: 'workspace' as const, name: settings.workspace.workspace, text }];
    const read = () => ({ ...settings, workspace: { ...settings.workspace, people } });
    return pushSettings(world.core, { files, base: null, author: 'dana' }, read, world.core);
  });

/** A case manager accepts or refuses an address that waits on a case. */
export async function decideAddresses(world: World, chance: Chance): Promise<void> {
  const waiting = world.sql.all<{ id: string; address: number }>(
    "SELECT case_id AS id, MIN(seq) AS address FROM case_addresses WHERE state = 'waiting' GROUP BY case_id ORDER BY case_id",
  );
  if (waiting.length === 0) return;
  const { id, address } = chance.pick(waiting);
  const accept = chance.happens(0.4);
  await world.mortal(() =>
    world.core.sql.transaction(() => decideAddress(world.core, id, { address, accept, who: 'the API' })),
  );
}
