import { createHash } from 'node:crypto';
import { secondMs } from '#domain/time/units.ts';
import { adoptIssues } from './adoption-actors.ts';
import { type Chance, chance as chanceOf } from './chance.ts';
import { postEvents } from './event-invariants.ts';
import type { Tally } from './faults.ts';
import { recordHistory } from './history.ts';
import { meetWeekly } from './huddle-invariants.ts';
import { findViolations } from './invariants.ts';
import { askAgain, gated } from './loop-actors.ts';
import { borrowMachine } from './machine.ts';
import { findOutsideViolations } from './outside/check.ts';
import { lookFromOutside } from './outside/outside-history.ts';
import { withParts } from './plan-invariants.ts';
import { type Length, play } from './play.ts';
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
  processorMs: number;
  /** Hash of everything observable: two runs of one seed must agree. */
  fingerprint: string;
  /** Kinds of faults that the seed switched on, in the core simulation. */
  kinds?: string[];
}

/** The checkers that judge a run: the first looks at tables, the second at nothing but the outside. */
export const checkers = { inside: true, outside: true };

/** Plays the Acme story for four days with faults and two without, then checks the invariants. */
export async function runSeed(seed: number, scenario?: Scenario): Promise<SeedReport> {
  const chance = chanceOf(seed);
  const strength = chance.pick([0, 1, 1, 2]);
  const rates = { crash: 0.0015 * strength, integrations: 0.06 * chance.below(4) };
  const keylessMail = !scenario?.mutation && chance.happens(0.25);
  const answerSettleMs = chance.pick([0, 15 * secondMs]);
  const workspaceFile = variant(chance);
  const world = new World(chance, rates, {
    keylessMail,
    answerSettleMs,
    ...scenario,
    workspaceFile: (text) =>
      meetWeekly(postEvents(adoptIssues(askAgain((scenario?.workspaceFile ?? workspaceFile)(text))))),
    template: (name, text) => gated(name, (scenario?.template ?? withParts)(name, text)),
  });
  return playAndCheck(seed, chance, world, { steps: 24, quietHours: 48 });
}

/** Plays the story in a world, then checks the invariants. */
export async function playAndCheck(seed: number, chance: Chance, world: World, length: Length): Promise<SeedReport> {
  const usedBefore = process.cpuUsage();
  const machine = borrowMachine(() => world.now, chanceOf(seed));
  const names: string[] = [];
  let acked = 0;
  try {
    const { sent, imported } = await play(world, chance, length);
    acked = sent.filter((response) => response.acked).length;
    const history = await recordHistory(world, sent, imported);
    if (checkers.inside) names.push(...findViolations(history));
    if (checkers.outside) names.push(...findOutsideViolations(lookFromOutside(world, history)));
  } catch (error) {
    names.push(`run: broke with ${error instanceof Error ? error.stack : error}`);
  } finally {
    machine.restore();
  }
  return {
    seed,
    processorMs: readProcessorMs(usedBefore),
    violations: names,
    tally: world.tally,
    acked,
    issues: world.sql.all('SELECT 1 FROM cases WHERE issue_key IS NOT NULL').length,
    mails: world.mail.accepted.length,
    outcomes: countOutcomes(world),
    reached: reached(world),
    fingerprint: fingerprint(world, chance, names),
  };
}

function readProcessorMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * In some runs the close policy is enforced, in some the trackers have a status for waiting cases, and in some a
 * reopening is a new issue.
 */
export function variant(chance: Chance): (text: string) => string {
  const enforces = chance.happens(0.4);
  const hasStates = chance.happens(0.5);
  const reopensAnew = chance.happens(0.4);
  return (given) => {
    const text = reopensAnew
      ? given.replace(/ {4}token: (JIRA_TOKEN|GITHUB_TOKEN|LINEAR_KEY)\n/g, '$&    reopening: new issue\n')
      : given;
    const mapped = hasStates
      ? text.replace('Closed: closed }', 'Closed: closed }\n  status-map: { In Progress: Pending }')
      : text;
    return enforces ? `${mapped}\nclose-policy: { mode: enforce }\n` : mapped;
  };
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
    'deaths by poison': world.poison?.deaths ?? 0,
    crashes: world.tally.crashes,
    'unknown outcomes': world.tally.unknowns,
    refusals: world.tally.refusals,
    'huddles made': count("outbox WHERE kind = 'issue.huddle' AND state = 'done'"),
    'huddles posted': world.packs.length,
    'huddles mailed': count("mails WHERE subject LIKE 'Huddle %' AND state = 'sent'"),
    'test issues removed': count("outbox WHERE kind = 'issue.test-end' AND state = 'done'"),
    'webhooks registered': count("outbox WHERE kind = 'hook.register' AND state = 'done'"),
    'webhooks renewed': count('hooks WHERE renewed_at IS NOT NULL'),
    'issues made': count("outbox WHERE kind = 'issue.create' AND state = 'done'"),
    'calls refused for good': count("outbox WHERE state = 'refused'"),
    'issues reopened': count('cases WHERE generation > 1'),
    'customers asked': count("asks WHERE kind = 'customer' AND sent_at IS NOT NULL"),
    'follow-ups skipped': count("asks WHERE case_id IS NOT NULL AND state = 'skipped'"),
    'opt-outs': world.optOuts.size,
    'replies of customers': count("comments WHERE kind = 'reply'"),
    'replies of programs': count("comments WHERE kind = 'automatic-reply'"),
    'replies of strangers': count("comments WHERE kind = 'other-reply'"),
    'receipts sent': count("mails WHERE kind = 'receipt' AND state = 'sent'"),
    'receipts skipped': count("timeline WHERE what = 'receipt skipped'"),
    'gates opened': count("timeline WHERE what = 'waiting ended'"),
    'third disputes': count('cases WHERE disputes > 2'),
    'declined with a reason': count("asks WHERE survey = 'explained' AND sent_at IS NOT NULL"),
    're-surveys sent': count("asks WHERE kind = 'resurvey' AND sent_at IS NOT NULL"),
    're-surveys skipped': count("asks WHERE kind = 'resurvey' AND state = 'skipped'"),
    'addresses cleared': count("timeline WHERE what = 'mail allowed again'"),
    'dead addresses': world.dead.size,
    'corrected answers': world.corrections.size,
    'people who left': world.left.length,
    'addresses decided': count("case_addresses WHERE state IN ('accepted', 'refused')"),
    'forged addresses': count("responses WHERE content LIKE '%@impostor.example%'"),
    'closings undone': count("timeline WHERE what = 'closing undone'"),
    'closings for another reason': count("timeline WHERE why LIKE 'the issue was closed for another reason%'"),
    'commands not obeyed': count("timeline WHERE what = 'command not obeyed'"),
    'issues linked': count("timeline WHERE what = 'issues linked'"),
    'issues missed': count("timeline WHERE what IN ('issue missing', 'issue deleted')"),
    'issues lost': count("timeline WHERE what = 'issue gone'"),
    'issues back': count("timeline WHERE what = 'issue back'"),
    'issues moved': count("timeline WHERE what = 'issue moved'"),
    'markers put back': count("timeline WHERE what = 'fields put back' AND why LIKE '%removed from the text%'"),
    'creates refused for a field': count("timeline WHERE what = 'refused by the tracker' AND why LIKE '%is required%'"),
    'parts of edits refused': count(
      `timeline WHERE what = 'refused by the tracker' AND why NOT LIKE '%is required%' AND why NOT LIKE '%archived%'`,
    ),
    'writes refused in an archived place': count(
      "timeline WHERE what = 'refused by the tracker' AND why LIKE '%archived%'",
    ),
    'issues copied': world.copies.length,
    'issues adopted': count("timeline WHERE what = 'issue adopted'"),
    'events posted': world.events.length,
    'cases acknowledged': count("timeline WHERE what = 'acknowledged'"),
    'cases escalated': count("ladder_steps WHERE kind IN ('level', 'repeat')"),
    'matches held': count('held_matches'),
    'matches dropped': count("held_matches WHERE state = 'dropped'"),
    'responses in the triage': count('triage'),
    'notices held': count('notices WHERE due_at > at'),
    'cases reopened in a new issue': count("cases WHERE former_issues <> '[]'"),
    'sub-issues made': count('plan_steps WHERE issue_id IS NOT NULL'),
    'ticks followed': count("timeline WHERE evidence LIKE 'webhook tick-%'"),
    'ticks not followed': count("timeline WHERE what = 'tick not followed'"),
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
  const tables = world.sql.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%' ORDER BY name",
  );
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
