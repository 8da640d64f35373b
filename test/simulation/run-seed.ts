import { createHash } from 'node:crypto';
import { replay } from '#src/workspace/intake/operator-actions.ts';
import { minute } from '#test/harness/times.ts';
import { actFromPage, closeAgain, meddle } from './action-actors.ts';
import {
  answerInTool,
  comeAndLeave,
  customers,
  deliver,
  download,
  type ImportedRow,
  importExport,
  newResponse,
  readMail,
  type SentResponse,
  sometimesForged,
  workInTracker,
} from './actors.ts';
import { type Chance, chance as chanceOf } from './chance.ts';
import { copyOrRewrite } from './copies.ts';
import type { Tally } from './faults.ts';
import { recordHistory } from './history.ts';
import { findViolations } from './invariants.ts';
import { askAgain, decideAndTell, gated, insist, ship } from './loop-actors.ts';
import { borrowMachine } from './machine.ts';
import { workTogether } from './people-actors.ts';
import { withParts } from './plan-invariants.ts';
import { manageStrategic, writeAllWords } from './strategic-actors.ts';
import { editInTracker } from './tracker-actors.ts';
import { endCredentials, mendCredentials, sendHints } from './tracker-trouble.ts';
import { hidePlace, showPlace, upsetTracker } from './vanishing-actors.ts';
import { type Scenario, World } from './world.ts';

export interface SeedReport {
  seed: number;
  violations: string[];
  tally: Tally;
  acked: number;
  issues: number;
  mails: number;
  /** Ends of calls, deliveries, follow-ups and mails, by class. */
  outcomes: Record<string, number>;
  /** How often the run reached each situation of interest, by name. */
  reached: Record<string, number>;
  /** Hash of everything observable: two runs of one seed must agree. */
  fingerprint: string;
  /** Kinds of faults that the seed switched on, in the core simulation. */
  kinds?: string[];
}

const hour = 60 * minute;

/** Length of a run: steps of four hours with faults, then hours without. */
export interface Length {
  steps: number;
  quietHours: number;
}

/** Plays the Acme story for four days with faults and two without, then checks the invariants. */
export async function runSeed(seed: number, scenario?: Scenario): Promise<SeedReport> {
  const chance = chanceOf(seed);
  const strength = chance.pick([0, 1, 1, 2]);
  const rates = { crash: 0.0015 * strength, integrations: 0.06 * chance.below(4) };
  const keylessMail = !scenario?.mutation && chance.happens(0.25);
  const workspaceFile = variant(chance);
  const world = new World(chance, rates, {
    keylessMail,
    ...scenario,
    workspaceFile: (text) => askAgain((scenario?.workspaceFile ?? workspaceFile)(text)),
    template: (name, text) => gated(name, (scenario?.template ?? withParts)(name, text)),
  });
  return playAndCheck(seed, chance, world, { steps: 24, quietHours: 48 });
}

/** Plays the story in a world, then checks the invariants. */
export async function playAndCheck(seed: number, chance: Chance, world: World, length: Length): Promise<SeedReport> {
  const sent: SentResponse[] = [];
  const imported: ImportedRow[] = [];
  const machine = borrowMachine(() => world.now, chanceOf(seed));
  const names: string[] = [];
  try {
    await play(world, chance, length, sent, imported);
    names.push(...findViolations(await recordHistory(world, sent, imported)));
  } catch (error) {
    names.push(`the run broke: ${error instanceof Error ? error.stack : error}`);
  } finally {
    machine.restore();
  }
  return {
    seed,
    violations: names,
    tally: world.tally,
    acked: sent.filter(({ acked }) => acked).length,
    issues: world.sql.all('SELECT 1 FROM cases WHERE issue_key IS NOT NULL').length,
    mails: world.mail.accepted.length,
    outcomes: countOutcomes(world),
    reached: reached(world),
    fingerprint: fingerprint(world, chance, names),
  };
}

/** In some runs the close policy is enforced, and in some the trackers have a status for waiting cases. */
export function variant(chance: Chance): (text: string) => string {
  const enforces = chance.happens(0.4);
  const hasStates = chance.happens(0.5);
  return (text) => {
    const mapped = hasStates
      ? text.replace('Closed: closed }', 'Closed: closed }\n  status-map: { In Progress: Pending }')
      : text;
    return enforces ? `${mapped}\nclose-policy: { mode: enforce }\n` : mapped;
  };
}

async function play(
  world: World,
  chance: Chance,
  { steps, quietHours }: Length,
  sent: SentResponse[],
  imported: ImportedRow[],
): Promise<void> {
  const people = customers(4);
  const hasEarly = (step: number) => step < steps / 2;
  const read = new Set<string>();
  const pressed = new Set<string>();
  for (let step = 0; step < steps; step += 1) {
    if (hasEarly(step) && chance.happens(0.6)) {
      const response = newResponse(sometimesForged(chance.pick(people), chance), chance, sent.length);
      sent.push(response);
      await deliver(world, response, chance);
    }
    if (hasEarly(step) && chance.happens(0.6)) await answerInTool(world, chance, people);
    if (hasEarly(step) && chance.happens(0.2)) await importExport(world, chance, people, imported);
    if (chance.happens(0.15)) await download(world, chance, chance.pick(people));
    await comeAndLeave(world, chance, { step, steps }, sent);
    if (chance.happens(0.6)) await workInTracker(world, chance);
    if (chance.happens(0.6)) await editInTracker(world, chance);
    if (chance.happens(0.2) && world.allows('strangers')) await meddle(world, chance);
    if (world.allows('strangers')) await closeAgain(world, chance);
    if (chance.happens(0.5)) await actFromPage(world, chance);
    if (chance.happens(0.3) && world.allows('vanishing')) await upsetTracker(world, chance);
    if (chance.happens(0.2) && world.allows('copies')) await copyOrRewrite(world, chance);
    if (world.allows('hidden-place')) hidePlace(world, chance);
    if (world.allows('credentials')) endCredentials(world, chance);
    if (chance.happens(0.4)) await sendHints(world, chance);
    await readMail(world, chance, read);
    await insist(world, chance, step, sent);
    if (chance.happens(0.15)) await ship(world, chance);
    await decideAndTell(world, chance);
    await manageStrategic(world, chance);
    await workTogether(world, chance, pressed);
    await world.runUntil(world.now + 4 * hour);
  }
  world.faults = false;
  world.tool.isLosing = false;
  mendCredentials(world);
  showPlace(world);
  // Three crashes set a delivery aside; a person would start this replay.
  replay(world.core, {});
  await writeAllWords(world);
  await world.runUntil(world.now + quietHours * hour);
}

/** Situations that a hundred seeds must reach; a run without one has tested nothing about it. */
function reached(world: World): Record<string, number> {
  const count = (query: string) => Number(world.sql.all<{ n: number }>(`SELECT COUNT(*) AS n FROM ${query}`)[0]?.n);
  // Verdicts count when given, because a dispute reopens its case and few cases end disputed.
  const verdicts = ['confirmed', 'disputed', 'known-gap', 'unseen-recovery', 'unverified'];
  const ends = ['dropped'];
  return {
    ...Object.fromEntries(
      verdicts.map((verdict) => [`verdicts ${verdict}`, count(`verdicts WHERE verdict = '${verdict}'`)]),
    ),
    crashes: world.tally.crashes,
    'unknown outcomes': world.tally.unknowns,
    refusals: world.tally.refusals,
    'issues made': count("outbox WHERE kind = 'issue.create' AND state = 'done'"),
    'calls refused for good': count("outbox WHERE state = 'refused'"),
    'issues reopened': count('cases WHERE generation > 1'),
    'customers asked': count("asks WHERE kind = 'customer' AND sent_at IS NOT NULL"),
    'follow-ups skipped': count("asks WHERE case_id IS NOT NULL AND state = 'skipped'"),
    'opt-outs': world.optOuts.size,
    'gates opened': count("timeline WHERE what = 'waiting ended'"),
    'third disputes': count('cases WHERE disputes > 2'),
    'declined with a reason': count("asks WHERE survey = 'explained' AND sent_at IS NOT NULL"),
    're-surveys sent': count("asks WHERE kind = 'resurvey' AND sent_at IS NOT NULL"),
    're-surveys skipped': count("asks WHERE kind = 'resurvey' AND state = 'skipped'"),
    'addresses cleared': count("timeline WHERE what = 'mail allowed again'"),
    'dead addresses': world.dead.size,
    'forged addresses': count("responses WHERE content LIKE '%@impostor.example%'"),
    'closings undone': count("timeline WHERE what = 'closing undone'"),
    'commands not obeyed': count("timeline WHERE what = 'command not obeyed'"),
    'issues linked': count("timeline WHERE what = 'issues linked'"),
    'issues missed': count("timeline WHERE what IN ('issue missing', 'issue deleted')"),
    'issues lost': count("timeline WHERE what = 'issue gone'"),
    'issues back': count("timeline WHERE what = 'issue back'"),
    'issues moved': count("timeline WHERE what = 'issue moved'"),
    'markers put back': count("timeline WHERE what = 'fields put back' AND why LIKE '%removed from the text%'"),
    'issues copied': world.copies.length,
    'cases acknowledged': count("timeline WHERE what = 'acknowledged'"),
    'cases escalated': count("ladder_steps WHERE kind IN ('level', 'repeat')"),
    'notices held': count('notices WHERE due_at > at'),
    'sub-issues made': count('plan_steps WHERE issue_id IS NOT NULL'),
    'plan steps done': count("timeline WHERE what = 'plan step done'"),
    'comments of contributors': count('contributions'),
    ...Object.fromEntries(ends.map((loop) => [`cases ${loop}`, count(`cases WHERE loop = '${loop}'`)])),
  };
}

function countOutcomes({ sql }: World): Record<string, number> {
  const rows = sql.all<{ name: string; n: number }>(
    `SELECT 'calls ' || state AS name, COUNT(*) AS n FROM outbox GROUP BY state
     UNION ALL SELECT 'deliveries ' || outcome, COUNT(*) FROM deliveries GROUP BY outcome
     UNION ALL SELECT 'asks ' || state, COUNT(*) FROM asks GROUP BY state
     UNION ALL SELECT 'mails ' || state, COUNT(*) FROM mails GROUP BY state`,
  );
  return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
}

/** Everything stored, here and at the vendors, everything logged, and the number of random draws. */
function fingerprint(world: World, chance: Chance, names: string[]): string {
  const tables = world.sql.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
  const rows = tables.map(({ name }) => [name, world.sql.all(`SELECT * FROM "${name}"`)]);
  const all = [
    rows,
    world.trackerStates(),
    world.mail.accepted,
    [...world.tool.responses],
    world.log,
    world.tally,
    world.now,
    names,
    chance.fraction(),
  ];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}
