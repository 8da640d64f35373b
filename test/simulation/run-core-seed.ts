import type { Settings } from '#domain/templates/template.ts';
import { secondMs } from '#domain/time/units.ts';
import { simulatedSettings } from '#test/harness/settings.ts';
import { adoptIssues } from './adoption-actors.ts';
import { type Chance, chance as chanceOf } from './chance.ts';
import { callFaults } from './faults.ts';
import { postEvents } from './event-invariants.ts';
import { meetWeekly } from './huddle-invariants.ts';
import { askAgain, gated } from './loop-actors.ts';
import { memoryVendors } from './memory-vendors.ts';
import { withParts } from './plan-invariants.ts';
import { activityNames } from './play.ts';
import { reuseStore } from './reused-store.ts';
import { playAndCheck, type SeedReport, variant } from './run-seed.ts';
import { type Mutation, World } from './world.ts';

/** Kinds of faults that a seed may switch on. */
const faultKinds = ['crash', ...callFaults, 'mail-refused', 'list-lag', 'losses', 'poison'] as const;

const poisonKinds = ['delivery', 'timer', 'row'] as const;

/** Plays one seed of the core simulation: the operations over doubles in memory, with the faults that the seed draws. */
export async function runCoreSeed(seed: number, mutation?: Mutation, only?: readonly string[]): Promise<SeedReport> {
  const chance = chanceOf(seed);
  const drawn = drawKinds(chance);
  const kinds = new Set<string>(only ?? drawn);
  // Everything is drawn, also for kinds that are off, so that fewer kinds change a run as little as possible.
  const crashRate = chance.pick([0.0005, 0.0015, 0.003]);
  const crash = kinds.has('crash') ? crashRate : 0;
  const integrations = chance.pick([0.02, 0.06, 0.12, 0.2]);
  const keylessMail = chance.happens(0.25) && mutation === undefined;
  const answerSettleMs = chance.pick([0, 15 * secondMs]);
  const poison = { kind: chance.pick(poisonKinds), id: 1 + chance.below(12), deaths: 0 };
  const settings = coreSettings(chance, kinds.has(subIssues), mutation);
  const world = new World(
    chance,
    { crash, integrations, kinds },
    {
      keylessMail,
      answerSettleMs,
      settings,
      poison: kinds.has('poison') ? poison : null,
      store: reuseStore(),
      vendors: memoryVendors,
      ...(mutation && { mutation }),
    },
  );
  const report = await playAndCheck(seed, chance, world, { steps: chance.pick([1, 2, 3, 4, 6, 10]), quietHours: 30 });
  return { ...report, kinds: [...kinds] };
}

/** The fewest kinds of trouble with which a seed still breaks in the same way, each tried without the others. */
export async function shrinkKinds(report: SeedReport, mutation?: Mutation): Promise<string[]> {
  const wanted = classOf(report.violations[0] ?? '');
  let kinds = report.kinds ?? [];
  for (const kind of kinds) {
    const fewer = kinds.filter((other) => other !== kind);
    const { violations } = await runCoreSeed(report.seed, mutation, fewer);
    if (violations.some((line) => classOf(line) === wanted)) kinds = fewer;
  }
  return kinds;
}

/** A violation without the numbers that differ between runs. */
const classOf = (violation: string): string => violation.split('\n')[0]?.replace(/\d+/g, '#') ?? '';

/**
 * Some seeds have every kind of fault and activity, most have some, and few have none: rare combinations need the others
 * out of their way.
 */
function drawKinds(chance: Chance): string[] {
  const faultShare = chance.pick([0, 0.2, 0.5, 0.5, 0.8, 1]);
  const activityShare = chance.pick([0.2, 0.4, 0.6]);
  return [
    ...faultKinds.filter(() => chance.happens(faultShare)),
    ...[...activityNames, subIssues].filter((name) => chance.happens(frequent.has(name) ? 0.75 : activityShare)),
  ];
}

/** Activities without which most others come to nothing. */
const frequent = new Set(['responses', 'work in trackers', 'mail']);

const subIssues = 'plans as sub-issues';

/** Settings by the variant of the workspace file, read once per process. */
const known = new Map<string, Settings>();

function coreSettings(chance: Chance, hasSubIssues: boolean, mutation?: Mutation): Settings {
  const change = variant(chance);
  const name = change(`Closed: closed } ${hasSubIssues}    token: JIRA_TOKEN\n`);
  const settings =
    known.get(name) ??
    simulatedSettings(
      (text) => meetWeekly(postEvents(adoptIssues(askAgain(change(text))))),
      (template, text) => gated(template, hasSubIssues ? withParts(template, text) : text),
    );
  mutation?.settings?.(settings);
  known.set(name, settings);
  return settings;
}
