import type { SeenIssue, TrackerUserEdit } from '#adapters/emulators/tracker-user.ts';
import type { Case } from '#domain/cases/case-record.ts';
import { findCaseByNumber } from '#src/workspace/store/cases.ts';
import { timelineOf } from '#src/workspace/store/timeline.ts';
import { minute } from '#test/harness/times.ts';
import { deliver } from '#test/simulation/actors.ts';
import { chance } from '#test/simulation/chance.ts';
import { strangers, World } from '#test/simulation/world.ts';

export const trackers = ['support', 'product', 'growth'] as const;
export type TrackerName = (typeof trackers)[number];

export const hour = 60 * minute;

/** A person in a tracker: of the case's team, of another team, or unknown to the workspace. */
export type Somebody = 'dana' | 'sam' | 'priya' | 'a stranger';

/** Acme's first case in one emulated tracker, acted on only by people in that tracker. */
export class InTracker {
  readonly world: World;
  readonly #tracker: TrackerName;
  #read = 0;

  constructor(tracker: TrackerName, workspaceFile: (text: string) => string = (text) => text) {
    this.#tracker = tracker;
    this.world = new World(
      chance(1),
      { crash: 0, integrations: 0 },
      {
        workspaceFile,
        template: (name, text) =>
          name === 'upgrade-not-installed' ? text.replace('tracker: support', `tracker: ${tracker}`) : text,
      },
    );
  }

  /** Opens one case per customer who cannot install. */
  async open(...names: string[]): Promise<void> {
    for (const name of names) {
      const customer = { key: name, email: `${name}@customer.example`, name, words: name, tier: 'gold' };
      const response = { token: `r-${name}`, customer, completed: false, ease: 10, wish: null, acked: false };
      await deliver(this.world, response, { ...chance(1), happens: () => false });
    }
    await this.pass(10 * minute);
    this.#read = (await this.issue()).comments.length;
  }

  pass(ms: number): Promise<void> {
    return this.world.runUntil(this.world.now + ms);
  }

  case(number = 1): Case {
    const caseRecord = findCaseByNumber(this.world.sql, number);
    if (!caseRecord) throw new Error(`no case ${number} was opened`);
    return caseRecord;
  }

  timeline(): string[] {
    return timelineOf(this.world.sql, this.case().id).map(({ what }) => what);
  }

  async issue(number = 1): Promise<SeenIssue> {
    const key = this.case(number).issue?.key;
    const issue = (await this.world.trackerUser[this.#tracker].list()).find((entry) => entry.key === key);
    if (!issue) throw new Error('no issue was made');
    return issue;
  }

  account(who: Somebody): string {
    if (who === 'a stranger') return strangers[this.#tracker];
    const { kind } = this.world.trackerUser[this.#tracker];
    return String(new Map(Object.entries(this.world.settings.workspace.people[who] ?? {})).get(kind));
  }

  /** Caselite's comments on the issue since the last call. */
  async answers(): Promise<string[]> {
    const { comments } = await this.issue();
    const fresh = comments.slice(this.#read);
    this.#read = comments.length;
    const people = [...this.world.trackerUser[this.#tracker].people, strangers[this.#tracker]];
    return fresh.filter(({ author }) => !people.includes(author)).map(({ text }) => text);
  }

  /** A person comments on the issue; ends when the comment is read and answered. */
  async say(who: Somebody, text: string): Promise<string[]> {
    await this.world.trackerUser[this.#tracker].comment((await this.issue()).key, this.account(who), text);
    await this.pass(2.5 * hour);
    return this.answers();
  }

  async close(who: Somebody, number = 1): Promise<string[]> {
    await this.world.trackerUser[this.#tracker].close((await this.issue(number)).key, this.account(who));
    await this.pass(2.5 * hour);
    return this.answers();
  }

  /** A person closes a case's issue as a duplicate, and names another issue as the original. */
  async closeAsDuplicate(who: Somebody, number: number, original: number): Promise<void> {
    const [{ key }, repeated] = [await this.issue(number), await this.issue(original)];
    await this.world.trackerUser[this.#tracker].close(key, this.account(who), 'duplicate', repeated.key);
    await this.pass(2.5 * hour);
  }

  async edit(who: Somebody, change: TrackerUserEdit): Promise<string[]> {
    await this.world.trackerUser[this.#tracker].edit((await this.issue()).key, this.account(who), change);
    await this.pass(2.5 * hour);
    return this.answers();
  }
}
