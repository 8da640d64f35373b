import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SeenMail } from '#adapters/emulators/emulator.ts';
import { resend } from '#adapters/mail/resend/definition.ts';
import { startResend } from '#adapters/mail/resend/emulator/definition.ts';
import { signWebhook } from '#adapters/webhook-signature.ts';
import { readToken } from '#domain/base/token.ts';
import type { Case } from '#domain/cases/case-record.ts';
import { isGenuine, storeDeliveries } from '#src/workspace/intake/receive.ts';
import { decideClosing, explainClosing } from '#src/workspace/loop/after-closing.ts';
import { answerFollowUp } from '#src/workspace/loop/answer.ts';
import { findCaseByNumber } from '#src/workspace/store/cases.ts';
import { minute } from '#test/harness/times.ts';
import { deliver } from '#test/simulation/actors.ts';
import { chance } from '#test/simulation/chance.ts';
import { secrets, World } from '#test/simulation/world.ts';

/*
 * Outcomes of a closing on each tracker: from the delivery of a response to the state of the case, the issue, and the
 * inbox of a third party's mail service.
 */

const hour = 60 * minute;
const trackers = ['support', 'product', 'growth'] as const;
type TrackerName = (typeof trackers)[number];

/** An account that closes issues automatically: by a merge, an integration, an age limit. */
const robot =
  'robot: { name: Robot, email: robot@acme.example, jira: "9c10ac", github: robot-acme, linear: robot@acme.example }';

let mailHost: Awaited<ReturnType<typeof startResend>>;
let dir: string;
let stories = 0;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'outcomes-'));
  mailHost = await startResend({ host: '127.0.0.1', port: 0, folder: dir, key: 're_local' });
}, 60_000);

afterAll(async () => {
  await mailHost.close();
  rmSync(dir, { recursive: true });
});

class Story {
  readonly world: World;
  readonly customer: { key: string; email: string; name: string; words: string; tier: string };
  readonly #tracker: TrackerName;
  readonly #people: World['settings']['workspace']['people'];

  constructor(tracker: TrackerName, workspaceFile: (text: string) => string = (text) => text) {
    stories += 1;
    this.#tracker = tracker;
    const from = 'Acme feedback <feedback@acme.example>';
    const mailer = resend.create(resend.settings.parse({ kind: 'resend', from, key: 'RESEND_KEY' }), {
      fetch,
      baseUrl: mailHost.address,
      secret: () => 're_local',
    });
    this.world = new World(
      chance(stories),
      { crash: 0, integrations: 0 },
      {
        // Each story has its own people, because all share one inbox.
        workspaceFile: (text) =>
          workspaceFile(text)
            .replaceAll('sam@acme.example', `sam@story-${stories}.example`)
            .replaceAll('dana@acme.example', `dana@story-${stories}.example`)
            .replace('people:\n', `people:\n  ${robot}\n`),
        template: (name, text) =>
          name === 'upgrade-not-installed' ? text.replace('tracker: support', `tracker: ${tracker}`) : text,
        mutation: { integrations: (integrations) => ({ ...integrations, mailer: async () => mailer }) },
      },
    );
    this.#people = { ...this.world.settings.workspace.people };
    this.customer = this.somebody('caller');
  }

  somebody(role: string) {
    const name = `${role}-${stories}`;
    return { key: name, email: `${name}@customer.example`, name, words: name, tier: 'gold' };
  }

  get case(): Case {
    return this.caseOf(1);
  }

  caseOf(number: number): Case {
    const caseRecord = findCaseByNumber(this.world.sql, number);
    if (!caseRecord) throw new Error(`no case ${number} was opened`);
    return caseRecord;
  }

  async issue(index = 0) {
    const number = ({ key }: { key: string }) => Number(/\d+$/.exec(key)?.[0]);
    const all = (await this.world.trackerUser[this.#tracker].list()).toSorted((a, b) => number(a) - number(b));
    const issue = all[index];
    if (!issue) throw new Error('no issue was made');
    return issue;
  }

  async open(customer = this.customer): Promise<void> {
    const token = `r-${customer.key}`;
    const response = { token, customer, completed: false, ease: 10, wish: null, acked: false };
    await deliver(this.world, response, { ...chance(1), happens: () => false });
    await this.pass(10 * minute);
  }

  /** Another tool reports a release. */
  async release(subject: string): Promise<void> {
    const now = this.world.now;
    const body = new TextEncoder().encode(JSON.stringify({ id: `e-${now}`, event: 'release', subject }));
    const headers = await signWebhook(body, secrets.EVENTS_SECRET, { id: `e-${now}`, now });
    const arrival = { source: 'events', raw: { body, headers, receivedAt: now } };
    expect(await isGenuine(this.world.core, arrival)).toBe(true);
    storeDeliveries(this.world.core, [arrival]);
    await this.pass(minute);
  }

  pass(ms: number): Promise<void> {
    return this.world.runUntil(this.world.now + ms);
  }

  /** A person's account in this tracker. */
  account(person: 'sam' | 'dana' | 'robot'): string {
    const { kind } = this.world.trackerUser[this.#tracker];
    return String(new Map(Object.entries(this.#people[person] ?? {})).get(kind));
  }

  address(person: 'sam' | 'dana'): string {
    return this.#people[person]?.email ?? '';
  }

  /** The workspace no longer knows the robot's account. */
  forgetRobot(): void {
    delete this.world.settings.workspace.people.robot;
  }

  async comments(person: 'sam' | 'dana', text: string, index = 0): Promise<void> {
    await this.world.trackerUser[this.#tracker].comment((await this.issue(index)).key, this.account(person), text);
  }

  /** A person closes the issue; ends when the closing is read and all follow-ups are sent. */
  async close(
    kind: 'completed' | 'not-planned' | 'duplicate' = 'completed',
    by: 'sam' | 'dana' | 'robot' = 'sam',
    index = 0,
  ): Promise<void> {
    await this.world.trackerUser[this.#tracker].close((await this.issue(index)).key, this.account(by), kind);
    await this.pass(5 * hour);
  }

  async inbox(to: string): Promise<SeenMail[]> {
    return (await mailHost.inbox()).filter((mail) => mail.to.includes(to));
  }

  async says(to: string, field: string, value: string): Promise<void> {
    const mails = await this.inbox(to);
    const asked = mails.map(({ text }) => /\/s\/(\S+)/.exec(text)?.[1]).find((token) => token !== undefined);
    const id = readToken(this.world.core.keys, 'survey', asked ?? '')?.subject ?? '';
    const { core } = this.world;
    const result = core.sql.transaction(() => answerFollowUp(core, id, new Map([[field, value]])));
    expect(result).toEqual({ status: 'thanks' });
    await this.pass(10 * minute);
  }

  customerAnswer = (value: string) => this.says(this.customer.email, 'resolved', value);
  closerAnswer = (value: string) => this.says(this.address('sam'), 'closed', value);
}

type Outcome = [
  verdict: string,
  customer: 'yes' | 'no' | null,
  closer: 'yes' | 'unable' | null,
  comment: RegExp | null,
];

const outcomes: Outcome[] = [
  ['confirmed', 'yes', 'yes', /^Confirmed: the customer says that it is resolved/],
  ['disputed', 'no', null, /^Reopened by Caselite: the closing is disputed/],
  ['known-gap', 'no', 'unable', /^Known gap: the customer says that it is not resolved/],
  ['unseen-recovery', 'yes', 'unable', null],
  ['unverified', null, 'yes', null],
];

describe.each(trackers)('on %s', (tracker) => {
  it.each(outcomes)('a closing becomes %s: customer %s, closer %s', { timeout: 60_000 }, async (...row) => {
    const [verdict, customer, closer, comment] = row;
    const story = new Story(tracker);
    await story.open();
    await story.close();
    const asked = await story.inbox(story.customer.email);
    expect(asked.map(({ subject }) => subject)).toEqual(['Did we solve it for you?']);
    expect(story.case.loop).toBe('asked');
    if (closer) await story.closerAnswer(closer);
    if (customer) await story.customerAnswer(customer);
    else await story.pass(26 * hour);
    const verdicts = story.world.sql.all('SELECT verdict FROM verdicts').map((found) => found.verdict);
    expect(verdicts).toEqual([verdict]);
    const { state, comments } = await story.issue();
    expect(state).toBe(verdict === 'disputed' ? 'open' : 'closed');
    expect(story.case.loop).toBe(verdict === 'disputed' ? 'working' : verdict);
    const texts = comments.map(({ text }) => text);
    if (comment) expect(texts.filter((text) => comment.test(text))).toHaveLength(1);
    // One reminder after silence, and no further mail.
    const mails = await story.inbox(story.customer.email);
    expect(mails).toHaveLength(customer ? 1 : 2);
    expect(JSON.stringify(await story.issue())).not.toContain(story.customer.key);
    expect(story.world.offSpec).toEqual([]);
  });

  it('a closing that is not planned asks nobody, until somebody says why', { timeout: 60_000 }, async () => {
    const story = new Story(tracker);
    await story.open();
    await story.close('not-planned');
    expect(story.case.loop).toBe('dropped');
    expect(story.case.needsPerson).toContain('closed as');
    expect(await story.inbox(story.customer.email)).toEqual([]);
    explainClosing(story.world.core, story.case.id, 'It would break what others rely on.', 'dana');
    await story.pass(3 * hour);
    const [mail, ...more] = await story.inbox(story.customer.email);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe('What became of your report');
    expect(mail?.text).toContain('It would break what others rely on.');
    await story.customerAnswer('yes');
    expect(story.case).toMatchObject({ loop: 'declined', closingReason: 'declined' });
    expect(JSON.stringify(await story.issue())).not.toContain('what others rely on');
  });

  it('the customer reads the text that a closing command gives for customers', { timeout: 60_000 }, async () => {
    const story = new Story(tracker);
    await story.open();
    await story.comments('sam', 'They shout at us all day.\n\n/what-changed The installer signs its driver now.');
    await story.close();
    const [mail] = await story.inbox(story.customer.email);
    expect(mail?.text).toContain('The installer signs its driver now.');
    expect(mail?.text).not.toContain('shout');
  });

  it('a closing declined with a reason for the customer sends that reason', { timeout: 60_000 }, async () => {
    const story = new Story(tracker);
    await story.open();
    await story.comments('sam', '/declined because a law forbids it');
    await story.close('not-planned');
    expect(story.case).toMatchObject({ loop: 'asked', closingReason: 'declined' });
    const [mail, ...more] = await story.inbox(story.customer.email);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe('What became of your report');
    expect(mail?.text).toContain('a law forbids it');
    await story.customerAnswer('no');
    expect(story.case.loop).toBe('declined');
    expect(story.case.needsPerson).toContain('does not find it clear');
    expect((await story.issue()).state).toBe('closed');
  });

  it('a reason of the team’s own reaches no customer', { timeout: 60_000 }, async () => {
    const story = new Story(tracker);
    await story.open();
    await story.comments('sam', '/unable because policy: the lawyers are afraid');
    await story.close('not-planned');
    expect(story.case).toMatchObject({ loop: 'dropped', closingReason: 'declined' });
    await story.pass(26 * hour);
    expect(await story.inbox(story.customer.email)).toEqual([]);
    const said = (await story.issue()).comments.map(({ text }) => text);
    expect(said.filter((text) => text.includes('No customer reads the reason'))).toHaveLength(1);
    decideClosing(story.world.core, story.case.id, { decision: 'declined', because: 'A law forbids it.' }, 'dana');
    await story.pass(3 * hour);
    const [mail] = await story.inbox(story.customer.email);
    expect(mail?.text).toContain('A law forbids it.');
    expect(mail?.text).not.toContain('lawyers');
  });

  it('a closing by an age limit is stale and asks nobody', { timeout: 60_000 }, async () => {
    const story = new Story(tracker, (text) =>
      text.replace(
        'case-options:\n',
        'case-options:\n  automatic-accounts: ["9c10ac", robot-acme, robot@acme.example]\n',
      ),
    );
    await story.open();
    await story.close('completed', 'robot');
    expect(story.case).toMatchObject({ loop: 'dropped', closingReason: 'stale' });
    expect(story.case.needsPerson).toContain('decide whether the customer should be asked');
    await story.pass(26 * hour);
    expect(await story.inbox(story.customer.email)).toEqual([]);
  });

  it('a deleted issue leads to no follow-up, and its case is gone after several reads over a day', {
    timeout: 60_000,
  }, async () => {
    const story = new Story(tracker);
    await story.open();
    story.world.admins[tracker].remove((await story.issue()).key);
    await story.pass(5 * hour);
    expect(story.case).toMatchObject({ loop: 'working', closingReason: null });
    await story.pass(30 * hour);
    expect(story.case).toMatchObject({ loop: 'dropped', closingReason: 'gone' });
    expect(story.case.needsPerson).not.toBeNull();
    expect(await story.inbox(story.customer.email)).toEqual([]);
    expect(story.world.offSpec).toEqual([]);
  });

  it('a closed issue that is deleted before the follow-up leads to none', {
    timeout: 60_000,
  }, async () => {
    const story = new Story(tracker, (text) => text.replace('delay: 2 hours', 'delay: 1 day'));
    await story.open();
    await story.close();
    story.world.admins[tracker].remove((await story.issue()).key);
    await story.pass(60 * hour);
    expect(story.case).toMatchObject({ loop: 'dropped', closingReason: 'gone' });
    expect(await story.inbox(story.customer.email)).toEqual([]);
  });

  it('a merge is a fix, and the person who merged gets the closer survey', { timeout: 60_000 }, async () => {
    const story = new Story(tracker);
    await story.open();
    await story.close('completed', 'dana');
    expect(story.case).toMatchObject({ loop: 'asked', closingReason: 'fixed', closer: 'dana' });
    expect(await story.inbox(story.customer.email)).toHaveLength(1);
    const asked = (await story.inbox(story.address('dana'))).filter(({ subject }) =>
      subject.includes('really be closed'),
    );
    expect(asked).toHaveLength(1);
  });

  it('a merge by an unknown account is a fix, and a case manager gets the closer survey', {
    timeout: 60_000,
  }, async () => {
    const story = new Story(tracker);
    await story.open();
    story.forgetRobot();
    await story.close('completed', 'robot');
    expect(story.case).toMatchObject({ loop: 'asked', closingReason: 'fixed', closer: null });
    expect(await story.inbox(story.customer.email)).toHaveLength(1);
    const asked = (await story.inbox(story.address('dana'))).filter(({ subject }) =>
      subject.includes('really be closed'),
    );
    expect(asked).toHaveLength(1);
  });

  it('a fix waits for its release, and is asked about after it', { timeout: 60_000 }, async () => {
    const story = new Story(tracker, (text) =>
      text.replace('quarantine: 30 days }', 'quarantine: 30 days, ask-after: { release: next } }'),
    );
    await story.open();
    await story.close();
    await story.pass(26 * hour);
    expect(await story.inbox(story.customer.email)).toEqual([]);
    expect(story.case.loop).toBe('resolved');
    await story.release('12.1');
    await story.pass(3 * hour);
    expect(await story.inbox(story.customer.email)).toHaveLength(1);
    expect(story.case.loop).toBe('asked');
  });

  it('a duplicate is asked about with the case that it repeats', { timeout: 60_000 }, async () => {
    const story = new Story(tracker);
    const other = story.somebody('other');
    await story.open();
    await story.open(other);
    await story.comments('dana', '/duplicate of C-1', 1);
    await story.pass(26 * hour);
    expect(story.caseOf(2)).toMatchObject({ loop: 'dropped', closingReason: 'duplicate', needsPerson: null });
    expect((await story.issue(1)).state).toBe('closed');
    expect(await story.inbox(other.email)).toEqual([]);
    await story.close();
    expect(await story.inbox(story.customer.email)).toHaveLength(1);
    const [mail, ...more] = await story.inbox(other.email);
    expect(more).toEqual([]);
    expect(mail?.text).toContain('Others told us of the same');
  });

  it('a duplicate asks nobody, until a person decides', { timeout: 60_000 }, async () => {
    const story = new Story(tracker);
    await story.open();
    await story.close('duplicate');
    expect(story.case).toMatchObject({ loop: 'dropped', closingReason: 'duplicate' });
    expect(await story.inbox(story.customer.email)).toEqual([]);
    decideClosing(story.world.core, story.case.id, { decision: 'ask' }, 'dana');
    await story.pass(3 * hour);
    expect(await story.inbox(story.customer.email)).toHaveLength(1);
  });
});
