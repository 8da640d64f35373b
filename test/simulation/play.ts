import { replay } from '#src/workspace/intake/operator-actions.ts';
import { minute } from '#test/harness/times.ts';
import { comeAndGo, decideAddresses } from './access-actors.ts';
import { actAndUndo, actFromPage, closeAgain, endWithoutIssue, meddle } from './action-actors.ts';
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
import { adopt } from './adoption-actors.ts';
import type { Chance } from './chance.ts';
import { copyOrRewrite } from './copies.ts';
import { decideHeldMatches, openHeldMatches } from './held-actors.ts';
import { decideAndTell, insist, ship } from './loop-actors.ts';
import { workTogether } from './people-actors.ts';
import { reply } from './reply-actors.ts';
import { changeSetUp, endSetUpTroubles, tryOut } from './set-up-actors.ts';
import { manageStrategic, writeWords } from './strategic-actors.ts';
import { editInTracker, rewriteComment } from './tracker-actors.ts';
import { endCredentials, mendCredentials, sendHints } from './tracker-trouble.ts';
import { hidePlace, showPlace, upsetTracker } from './vanishing-actors.ts';
import type { World } from './world.ts';

/** One step of a run, and everything that its actors remember. */
interface Step extends Memory {
  world: World;
  chance: Chance;
  step: number;
  steps: number;
}

interface Activity {
  /** Share of the steps in which it happens. */
  share: number;
  /** Whether it happens only in the first half of a run. */
  isEarly?: true;
  play(step: Step): Promise<void> | void;
}

/** Everything that people, survey tools and vendors do, in the order of one step. */
const activities: Record<string, Activity> = {
  responses: {
    share: 0.6,
    isEarly: true,
    async play({ world, chance, people, sent }) {
      const response = newResponse(sometimesForged(chance.pick(people), chance), chance, sent.length);
      sent.push(response);
      await deliver(world, response, chance);
    },
  },
  storms: {
    share: 0.25,
    isEarly: true,
    async play({ world, chance, people, sent }) {
      for (const customer of people) {
        const response = { ...newResponse(customer, chance, sent.length), completed: false };
        sent.push(response);
        await deliver(world, response, chance);
      }
    },
  },
  'answers in a tool': {
    share: 0.6,
    isEarly: true,
    play: ({ world, chance, people }) => answerInTool(world, chance, people),
  },
  imports: {
    share: 0.2,
    isEarly: true,
    play: ({ world, chance, people, imported }) => importExport(world, chance, people, imported),
  },
  downloads: { share: 0.15, play: ({ world, chance, people }) => download(world, chance, chance.pick(people)) },
  erasure: {
    share: 1,
    play: ({ world, chance, sent, step, steps }) => comeAndLeave(world, chance, { step, steps }, sent),
  },
  'work in trackers': { share: 0.6, play: ({ world, chance }) => workInTracker(world, chance) },
  'edits in trackers': { share: 0.6, play: ({ world, chance }) => editInTracker(world, chance) },
  'changed comments': { share: 0.6, play: ({ world, chance }) => rewriteComment(world, chance) },
  strangers: {
    share: 0.8,
    async play({ world, chance }) {
      if (chance.happens(0.25)) await meddle(world, chance);
      await closeAgain(world, chance);
    },
  },
  'page actions': { share: 0.5, play: ({ world, chance }) => actFromPage(world, chance) },
  'undone actions': { share: 0.2, play: ({ world, chance }) => actAndUndo(world, chance) },
  vanishing: { share: 0.3, play: ({ world, chance }) => upsetTracker(world, chance) },
  copies: { share: 0.2, play: ({ world, chance }) => copyOrRewrite(world, chance) },
  adoption: { share: 0.3, play: ({ world, chance }) => adopt(world, chance) },
  'hidden place': { share: 1, play: ({ world, chance }) => hidePlace(world, chance) },
  credentials: { share: 1, play: ({ world, chance }) => endCredentials(world, chance) },
  'set-up of trackers': { share: 1, play: ({ world, chance }) => changeSetUp(world, chance) },
  'trying out': { share: 0.3, play: ({ world, chance }) => tryOut(world, chance) },
  'ends without an issue': { share: 1, play: ({ world, chance }) => endWithoutIssue(world, chance) },
  hints: { share: 0.4, play: ({ world, chance }) => sendHints(world, chance) },
  mail: { share: 1, play: ({ world, chance, read }) => readMail(world, chance, read) },
  replies: { share: 1, play: ({ world, chance, read }) => reply(world, chance, read) },
  insisting: { share: 1, play: ({ world, chance, step, sent }) => insist(world, chance, step, sent) },
  releases: { share: 0.15, play: ({ world, chance }) => ship(world, chance) },
  decisions: { share: 1, play: ({ world, chance }) => decideAndTell(world, chance) },
  'strategic cases': { share: 1, play: ({ world, chance }) => manageStrategic(world, chance) },
  'held matches': { share: 0.3, play: ({ world, chance }) => decideHeldMatches(world, chance) },
  'signing in': { share: 0.3, play: ({ world, chance }) => comeAndGo(world, chance) },
  'address decisions': { share: 0.3, play: ({ world, chance }) => decideAddresses(world, chance) },
  colleagues: { share: 1, play: ({ world, chance, pressed }) => workTogether(world, chance, pressed) },
};

/** Names of all activities; a run may leave some out. */
export const activityNames = Object.keys(activities);

/** Length of a run: steps of two or four hours with faults, then hours without. */
export interface Length {
  steps: number;
  quietHours: number;
}

const hour = 60 * minute;
const lookInHours = 6;

/** What everybody remembers at the beginning of a run. */
export const createMemory = () => ({
  people: customers(4),
  sent: [] as SentResponse[],
  imported: [] as ImportedRow[],
  read: new Set<string>(),
  pressed: new Set<string>(),
});
type Memory = ReturnType<typeof createMemory>;

/** Plays the story step by step, then lets everything settle without faults. */
export async function play(world: World, chance: Chance, { steps, quietHours }: Length): Promise<Memory> {
  const memory = createMemory();
  await playSteps(world, chance, steps, memory);
  await settle(world, chance, quietHours);
  return memory;
}

/** Plays the steps of a run, or some of them. */
export async function playSteps(
  world: World,
  chance: Chance,
  steps: number,
  memory: Memory,
  { from = 0, until = steps } = {},
): Promise<void> {
  for (let step = from; step < until; step += 1) {
    for (const [name, { share, isEarly, play: act }] of Object.entries(activities)) {
      if (isEarly && step >= steps / 2) continue;
      const happens = share === 1 || chance.happens(share);
      if (happens && world.allows(name)) await act({ ...memory, world, chance, step, steps });
    }
    await world.runUntil(world.now + chance.pick([2, 4, 4]) * hour);
  }
}

/** Ends all faults, and lets everything that is under way come to its end. */
export async function settle(world: World, chance: Chance, quietHours: number): Promise<void> {
  world.endFaults();
  world.tool.isLosing = false;
  mendCredentials(world);
  showPlace(world);
  await endSetUpTroubles(world, chance);
  // Three crashes set a delivery aside; a person would start this replay.
  replay(world.core, {});
  await writeWords(world, 'all');
  // What a back-fill finds afterwards may be held, a changed closing waits for words, and a manager looks in now and then.
  for (let passed = 0; passed < quietHours; passed += lookInHours) {
    openHeldMatches(world);
    await writeWords(world, 'missing');
    await world.runUntil(world.now + lookInHours * hour);
  }
}
