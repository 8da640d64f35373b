import { join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { until } from '#src/cli/progress.ts';
import { backup, restore } from '#src/cli/restore.ts';
import { crashPoints } from '#test/simulation/crash-points.ts';
import type { Plan } from './points-runtime.ts';
import { pause, PointsStack } from './points-stack.ts';

/*
 * `npm run kills -- --points`: stops the real runtime where it hurts, each crash point by its name, by SIGKILL and by
 * aborting the object; jumps its clock; sends old deliveries again; restores a backup and swaps the build under load.
 * Prints what was tried and what held. `--few` plays a sample; names of scenarios choose some.
 */

const isFew = process.argv.includes('--few');
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** How long people work on until a point is reached. */
const patienceMs = 40_000;

interface Row {
  scenario: string;
  what: string;
  held: string;
}
const rows: Row[] = [];

/** Points that Acme, which has no survey tool with an API, no channel and no sub-issues, does not pass. */
const elsewhere = /survey tool|walks forms|channel|addSubIssue/;

/** Points between a question and its silence: the customer of an earlier case acts. */
const acts: [RegExp, 'optOut' | 'reply' | 'erase'][] = [
  [/opt_outs/, 'optOut'],
  [/comments.*notices/, 'reply'],
  [/merged_keys/, 'erase'],
];

/** Plays until the point is reached, and waits until Caselite answers again. */
async function playPoint(
  points: PointsStack,
  pattern: RegExp,
  act: Plan['act'],
  { quiet, replied }: { quiet: Set<number>; replied: Set<number> },
): Promise<boolean> {
  const at = pattern.source;
  // A call is looked for once its answer was lost.
  const lost = /findCreatedIssue/.test(at) ? 'createIssue' : /hasComment/.test(at) ? 'addComment' : null;
  const before = points.reached.length + (lost === null ? 0 : 1);
  const then = { at, act };
  await points.plan(lost === null ? then : { at: `^lost after: tracker ${lost}$`, act, then });
  const [, deed] = acts.find(([pattern]) => pattern.test(at)) ?? [];
  if (deed !== undefined) {
    // A second reply about a case gives no second notice.
    const somebody =
      points.opened.find((response) => !quiet.has(response) && !replied.has(response)) ?? (await points.respond());
    (deed === 'reply' ? replied : quiet).add(somebody);
    await until('a question', async () => {
      await points.work();
      return (await points.questionsTo(somebody)).length > 0;
    });
    await points[deed](somebody);
  } else await points.respond();
  const isReached = () => points.reached.length > before;
  const end = performance.now() + patienceMs;
  while (!isReached() && performance.now() < end) {
    await points.work().catch(() => null);
    if (/Comment/.test(at)) await points.say();
    await pause(300);
  }
  await points.isUp();
  await points.plan(null);
  return isReached();
}

async function playPoints(act: Plan['act']): Promise<void> {
  const all = Object.entries(crashPoints).filter(([, pattern]) => !elsewhere.test(pattern.source));
  const chosen = isFew ? all.filter((_, index) => index % 6 === (act === 'kill' ? 3 : 5)) : all;
  const points = await PointsStack.start();
  const quiet = new Set<number>();
  const replied = new Set<number>();
  try {
    await points.respond();
    const missed: string[] = [];
    for (const [name, pattern] of chosen)
      if (!(await playPoint(points, pattern, act, { quiet, replied }))) missed.push(name);
    await points.settle(points.opened.filter((response) => !quiet.has(response)));
    const losses = await points.findLosses(quiet);
    const what = `${act === 'kill' ? 'SIGKILL' : 'the object aborted'} at ${chosen.length - missed.length} of ${chosen.length} named points, ${points.opened.length} responses`;
    rows.push({ scenario: act, what, held: tell([...losses, ...missed.map((name) => `"${name}" was not reached`)]) });
  } finally {
    await points.stop();
  }
}

const tell = (losses: string[]): string => (losses.length === 0 ? 'held' : `BROKEN: ${losses.join('; ')}`);

/** The clock jumps forward and back while work is under way. */
async function playClock(): Promise<void> {
  const points = await PointsStack.start();
  try {
    const losses: string[] = [];
    await points.respond();
    await points.restart({ offsetMs: 2 * hourMs });
    await points.settle();
    const waiting = await points.respond();
    await until('a question that is due', async () => {
      await points.work();
      return (await points.dueAt(waiting)) !== null;
    });
    await points.restart({ offsetMs: -3 * hourMs });
    const next = await points.respond();
    await points.settle([next]);
    if ((await points.questionsTo(next)).length !== 1) losses.push('after a jump back nobody is asked');
    // Its question is due five hours from now, unless it left before the jump.
    const [question] = await points.questionsTo(waiting);
    if (question && Date.now() + 2 * hourMs < ((await points.dueAt(waiting)) ?? 0))
      losses.push('a customer was asked early');
    await points.restart({ offsetMs: 2 * dayMs });
    await points.respond();
    await points.settle();
    await points.restart({ offsetMs: -2 * dayMs });
    const last = await points.respond();
    await points.settle([last]);
    await points.restart({ offsetMs: dayMs });
    await points.settle();
    const what = 'the clock 2 hours on, 5 back, 2 days on, 4 back, 3 on, work under way';
    rows.push({ scenario: 'clock', what, held: tell([...losses, ...(await points.findLosses())]) });
  } finally {
    await points.stop();
  }
}

/** A signed delivery comes again after days, with its case long closed. */
async function playReplays(): Promise<void> {
  const points = await PointsStack.start();
  try {
    const response = await points.respond();
    const signed = await points.sign(response);
    await points.settle();
    for (const days of [3, 90]) {
      await points.restart({ offsetMs: days * dayMs });
      await Promise.all([1, 2, 3].map(() => points.deliver(signed)));
      await points.settle();
    }
    const { cases } = (await points.stack.client.call('GET health', {})).totals;
    const losses = await points.findLosses();
    if (cases !== 1) losses.push(`one response opened ${cases} cases`);
    rows.push({ scenario: 'replays', what: 'one delivery again after 3 and 90 days, 3 at once', held: tell(losses) });
  } finally {
    await points.stop();
  }
}

/** A backup while responses come, and its restore after more has happened. */
async function playRestore(): Promise<void> {
  const points = await PointsStack.start();
  try {
    const options = { data: points.stack.folder.path };
    const file = join(options.data, 'backup.jsonl');
    const say = console.log;
    console.log = () => {};
    await points.respond();
    await Promise.all([backup(file, options), points.respond(), points.respond()]);
    await points.respond();
    await points.settle();
    let isOver = false;
    const knocking = (async () => {
      // Survey tools go on sending, and come again while Caselite cannot store.
      for (let more = 0; more < 8 && !isOver; more += 1) {
        await points.respond();
        await pause(400);
      }
    })();
    await restore(file, { ...options, replace: true });
    await until(
      'what was made since is looked up',
      async () => {
        await points.work().catch(() => null);
        const { hold } = await points.stack.client.call('GET hold', {});
        return hold?.missing.length === 0;
      },
      120_000,
    ).catch(() => null);
    isOver = true;
    await knocking;
    await points.stack.client.call('POST hold/release', {}, {});
    console.log = say;
    // The sender of what was lost sends it again.
    for (const response of points.opened) await points.deliver(await points.sign(response));
    await points.settle();
    const what = `a backup under load restored under load, ${points.opened.length} responses`;
    rows.push({ scenario: 'restore', what, held: tell(await points.findLosses()) });
  } finally {
    await points.stop();
  }
}

/** Builds of releases, as they were deployed. */
const releases = new URL('../fixtures/releases/', import.meta.url);

/** A release works, and in the middle of it its process dies and this build starts on the same data. */
async function playUpgrade(): Promise<void> {
  const points = await PointsStack.start();
  try {
    const path = join(points.stack.folder.path, 'release.js');
    writeFileSync(path, brotliDecompressSync(readFileSync(new URL('0.2.0.js.br', releases))));
    await points.beginWith(path);
    for (let number = 0; number < 3; number += 1) await points.respond();
    await points.work();
    await points.respond();
    await points.restart();
    await points.respond();
    await points.settle();
    const what = `0.2.0 killed and this build started on its data, ${points.opened.length} responses under way`;
    rows.push({ scenario: 'upgrade', what, held: tell(await points.findLosses()) });
  } finally {
    await points.stop();
  }
}

const scenarios: Record<string, () => Promise<void>> = {
  kill: () => playPoints('kill'),
  abort: () => playPoints('abort'),
  clock: playClock,
  replays: playReplays,
  restore: playRestore,
  upgrade: playUpgrade,
};
const begun = performance.now();
const wanted = Object.keys(scenarios).filter((name) => process.argv.includes(name));
const usual = isFew ? ['kill', 'clock', 'upgrade'] : Object.keys(scenarios);
for (const name of wanted.length > 0 ? wanted : usual)
  await scenarios[name]?.().catch((error: Error) =>
    rows.push({ scenario: name, what: 'broke off', held: tell([error.message]) }),
  );
console.log(
  [
    '\n| scenario | tried | result |',
    '| --- | --- | --- |',
    ...rows.map(({ scenario, what, held }) => `| ${scenario} | ${what} | ${held} |`),
  ].join('\n'),
);
const broken = rows.filter(({ held }) => held !== 'held').length;
console.log(`${rows.length} scenarios, ${broken} broken, ${Math.round((performance.now() - begun) / 1000)} s`);
process.exit(broken === 0 ? 0 : 1);
