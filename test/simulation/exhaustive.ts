import { Harness } from '#test/harness/harness.ts';
import { day } from '#test/harness/times.ts';
import type { VolatileStore } from '#test/harness/volatile-store.ts';
import { recordHarness } from './harness-history.ts';
import { readPlannedAcme } from './healthy-history.ts';
import { type History, listOwnIssues } from './history.ts';
import { findViolations } from './invariants.ts';
import { reuseStore } from './reused-store.ts';
import { type FaultKind, faultKinds, Stage } from './stage.ts';

/** Read once, because no story changes them. */
const settings = readPlannedAcme();

/** Records of a run beside its rows: the closings and promises that its people made. */
type Promised = Partial<
  Pick<History, 'closings' | 'optOuts' | 'closedFromPage' | 'dead' | 'shipped' | 'toolResponses'>
>;

export interface Story<Kind extends Harness = Harness> {
  name: string;
  /** By default Acme with plans as sub-issues, polled once a day. */
  open?(store: VolatileStore): Kind;
  /** `stage.act` repeats what a person or a sender does until it succeeds. */
  play(stage: Stage<Kind>): Promise<Promised>;
  /** Time after the last act until the end is judged, in milliseconds; by default two days. */
  rest?: number;
}

/** A story over its own kind of harness, playable with a fault in one of its port calls. */
export interface PlayableStory {
  name: string;
  play(at: number, kind: FaultKind): Promise<Run>;
}

/** A story that was played to its end. */
export interface Run {
  calls: string[];
  hasFailed: boolean;
  violations: string[];
  /** Issues, comments, mails and verdicts by number. */
  outcome: Map<string, number>;
}

export interface StoryReport {
  name: string;
  /** Port calls of the run without a fault. */
  calls: number;
  runs: number;
  failures: string[];
  /** Failed calls with the kind of their fault, such as `refused: mail send`. */
  hits: Set<string>;
}

/** Every `step`-th run, from number `first` on; all by default. */
interface Part {
  step: number;
  first: number;
}

/**
 * Plays a story once without a fault and then once per port call and kind of fault. The end of each run must satisfy
 * all invariants and have the same issues, comments, mails and verdicts.
 */
export async function exhaust(
  story: PlayableStory,
  { step, first }: Part = { step: 1, first: 0 },
): Promise<StoryReport> {
  const healthy = await story.play(0, 'refused');
  const report: StoryReport = { name: story.name, calls: healthy.calls.length, runs: 0, failures: [], hits: new Set() };
  report.failures.push(...healthy.violations.map((line) => `${story.name}, without a fault: ${line}`));
  for (let run = first; run < healthy.calls.length * faultKinds.length; run += step) {
    const at = Math.floor(run / faultKinds.length) + 1;
    const kind = faultKinds[run % faultKinds.length] ?? 'refused';
    report.failures.push(...(await playFault(story, healthy, at, kind)));
    report.runs += 1;
    report.hits.add(describeFault(kind, healthy.calls[at - 1] ?? ''));
  }
  return report;
}

export const describeFault = (kind: FaultKind, call: string): string => `${kind}: ${call}`;

/** @returns one line per violation, and per difference from the run without a fault */
export async function playFault(story: PlayableStory, healthy: Run, at: number, kind: FaultKind): Promise<string[]> {
  const run = await story.play(at, kind);
  const lines = [...run.violations, ...compare(healthy.outcome, run.outcome)];
  if (!run.hasFailed) lines.push('the call was not made');
  return lines.map((line) => `${story.name}, call ${at} (${healthy.calls[at - 1]}) ${kind}: ${line}`);
}

export function defineStory<Kind extends Harness = Harness>(story: Story<Kind>): PlayableStory;
export function defineStory({ name, open, play, rest = 2 * day }: Story): PlayableStory {
  return {
    name,
    async play(at, kind) {
      const store = reuseStore();
      const stage = new Stage(open ? open(store) : new Harness(settings, store), at, kind);
      const { calls } = stage;
      try {
        const promised = await play(stage);
        await stage.poll();
        await stage.pass(rest);
        const history = { ...(await recordHarness(stage.harness)), ...promised };
        return { calls, hasFailed: stage.hasFailed, violations: findViolations(history), outcome: summarise(history) };
      } catch (error) {
        const line = `the run broke: ${error instanceof Error ? error.stack : error}`;
        return { calls, hasFailed: stage.hasFailed, violations: [line], outcome: new Map() };
      }
    },
  };
}

function summarise({ sql, mails, trackers }: History): Map<string, number> {
  const count = new Map<string, number>();
  const add = (what: string) => count.set(what, (count.get(what) ?? 0) + 1);
  for (const trackerHistory of Object.values(trackers))
    for (const { title, state, comments } of listOwnIssues(trackerHistory)) {
      add(`issue ${title}, ${state}`);
      for (const { author } of comments) add(`comment by ${author} on ${title}`);
    }
  // A delivery that comes again a minute later moves the due time by as much.
  for (const { to, subject } of mails)
    add(`mail to ${to}: ${subject.replace(/ · (?:due [^·]*|\d+ \w+ late)(?= ·|$)/, '')}`);
  const verdicts = sql.all<{ number: number; generation: number; verdict: string }>(
    'SELECT c.number, v.generation, v.verdict FROM verdicts v JOIN cases c ON c.id = v.case_id',
  );
  for (const { number, generation, verdict } of verdicts) add(`verdict ${verdict} of C-${number} ${generation}`);
  return count;
}

const compare = (wanted: Map<string, number>, actual: Map<string, number>): string[] =>
  [...new Set([...wanted.keys(), ...actual.keys()])]
    .filter((what) => wanted.get(what) !== actual.get(what))
    .map((what) => `${actual.get(what) ?? 0} instead of ${wanted.get(what) ?? 0} × ${what}`);
