import { replay } from '#src/workspace/intake/care.ts';
import {
  answerInTool,
  customers,
  deliver,
  newResponse,
  readMail,
  type SentResponse,
  workInTracker,
} from './actors.ts';
import { chance as chanceOf } from './chance.ts';
import type { Tally } from './faults.ts';
import { violations } from './invariants.ts';
import { nodeSql } from './node-sql.ts';
import { minute, type Sabotage, World } from './world.ts';

export interface SeedReport {
  seed: number;
  violations: string[];
  tally: Tally;
  acked: number;
  issues: number;
  mails: number;
  /** Everything observable, folded: two runs of one seed must agree. */
  fingerprint: string;
}

const hour = 60 * minute;

/** Plays the Acme story for four days with faults and two without, then checks what must hold. */
export async function runSeed(seed: number, sabotage?: Sabotage): Promise<SeedReport> {
  const chance = chanceOf(seed);
  const strength = chance.pick([0, 1, 1, 2]);
  const world = new World(chance, { crash: 0.0015 * strength, outside: 0.06 * chance.below(4) }, sabotage);
  const people = customers(4);
  const sent: SentResponse[] = [];
  const read = new Set<string>();
  for (let step = 0; step < 24; step += 1) {
    if (step < 12 && chance.happens(0.6)) {
      const response = newResponse(chance.pick(people), chance, sent.length);
      sent.push(response);
      await deliver(world, response, chance);
    }
    if (step < 12 && chance.happens(0.6)) await answerInTool(world, chance, people);
    if (chance.happens(0.6)) await workInTracker(world, chance);
    await readMail(world, chance, read);
    await world.runUntil(world.now + 4 * hour);
  }
  world.faults = false;
  world.tool.isLosing = false;
  // Three crashes over one delivery set it aside: a person looks, and replays it.
  replay(world.core, {});
  await world.runUntil(world.now + 48 * hour);
  const sql = nodeSql(world.database);
  const seen = (await Promise.all(Object.values(world.hands).map((hands) => hands.list()))).flat();
  const timeline = sql.all('SELECT at, case_id, what, why FROM timeline ORDER BY seq');
  return {
    seed,
    violations: await violations(world, sent),
    tally: world.tally,
    acked: sent.filter(({ acked }) => acked).length,
    issues: seen.length,
    mails: world.mail.accepted.length,
    fingerprint: JSON.stringify([timeline, seen.map(({ key, state, labels }) => [key, state, labels])]),
  };
}
