import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resend } from '#adapters/mail/resend.ts';
import { readToken } from '#domain/token.ts';
import { decideClosing, explainClosing } from '#src/workspace/loop/after-closing.ts';
import { answerFollowUp } from '#src/workspace/loop/answer.ts';
import type { Case } from '#src/workspace/store/case-record.ts';
import { findCaseByNumber } from '#src/workspace/store/cases.ts';
import { type SeenMail, startThirdParty, type ThirdParty } from '#test/emulators/third-party.ts';
import { deliver } from '#test/simulation/actors.ts';
import { chance } from '#test/simulation/chance.ts';
import { minute, World } from '#test/simulation/world.ts';

/*
 * What becomes of a closing, on each tracker: from the delivery of a response to what stands in the case, on the
 * issue, and in the inbox of a mail service that is not ours.
 */

const hour = 60 * minute;
const trackers = ['support', 'product', 'growth'] as const;
type TrackerName = (typeof trackers)[number];

let thirdParty: ThirdParty;
let dir: string;
let stories = 0;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'outcomes-'));
  thirdParty = await startThirdParty({
    dir,
    host: '127.0.0.1',
    ports: { github: 0, resend: 0 },
    github: { repository: 'acme/product', people: ['dana-acme'], bot: { login: 'caselite', token: 'bot' } },
    resend: { key: 're_local' },
  });
}, 60_000);

afterAll(async () => {
  await thirdParty.close();
  rmSync(dir, { recursive: true });
});

class Story {
  readonly world: World;
  readonly customer: { key: string; email: string; name: string; words: string; tier: string };
  readonly #tracker: TrackerName;

  constructor(tracker: TrackerName) {
    stories += 1;
    this.#tracker = tracker;
    const from = 'Acme feedback <feedback@acme.example>';
    const mailer = resend.create(resend.settings.parse({ kind: 'resend', from, key: 'RESEND_KEY' }), {
      fetch,
      baseUrl: thirdParty.resend.url,
      secret: () => 're_local',
    });
    this.world = new World(
      chance(stories),
      { crash: 0, outside: 0 },
      {
        // Every story has people of its own: all share one inbox.
        workspaceFile: (text) => text.replaceAll('sam@acme.example', `sam@story-${stories}.example`),
        template: (name, text) =>
          name === 'upgrade-not-installed' ? text.replace('tracker: support', `tracker: ${tracker}`) : text,
        sabotage: { outside: (outside) => ({ ...outside, mailer: async () => mailer }) },
      },
    );
    const name = `caller-${stories}`;
    this.customer = { key: name, email: `${name}@customer.example`, name, words: name, tier: 'gold' };
  }

  get case(): Case {
    const found = findCaseByNumber(this.world.sql, 1);
    if (!found) throw new Error('no case was opened');
    return found;
  }

  async issue() {
    const [issue] = await this.world.hands[this.#tracker].list();
    if (!issue) throw new Error('no issue was made');
    return issue;
  }

  async open(): Promise<void> {
    const { world, customer } = this;
    const response = { token: 'r-1', customer, completed: false, ease: 10, wish: null, acked: false };
    await deliver(world, response, { ...chance(1), happens: () => false });
    await this.pass(10 * minute);
  }

  pass(ms: number): Promise<void> {
    return this.world.runUntil(this.world.now + ms);
  }

  get sam(): string {
    const { kind } = this.world.hands[this.#tracker];
    const person = new Map(Object.entries(this.world.settings.workspace.people.sam ?? {}));
    return String(person.get(kind));
  }

  /** Sam closes the issue; until it is seen and everybody is asked. */
  async close(kind: 'completed' | 'not-planned' | 'duplicate' = 'completed'): Promise<void> {
    await this.world.hands[this.#tracker].close((await this.issue()).key, this.sam, kind);
    await this.pass(5 * hour);
  }

  async inbox(to: string): Promise<SeenMail[]> {
    return (await thirdParty.resend.inbox()).filter((mail) => mail.to.includes(to));
  }

  async says(to: string, field: string, value: string): Promise<void> {
    const mails = await this.inbox(to);
    const asked = mails.map(({ text }) => /\/s\/(\S+)/.exec(text)?.[1]).find((token) => token !== undefined);
    const id = readToken(this.world.core.keys, 'survey', asked ?? '')?.subject ?? '';
    const { core } = this.world;
    const result = core.sql.transaction(() => answerFollowUp(core, id, new Map([[field, value]])));
    expect(result).toEqual({ status: 'thanks' });
    await this.pass(minute);
  }

  customerSays = (value: string) => this.says(this.customer.email, 'resolved', value);
  closerSays = (value: string) =>
    this.says(this.world.settings.workspace.people.sam?.email ?? '', 'closed', value);
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
    if (closer) await story.closerSays(closer);
    if (customer) await story.customerSays(customer);
    else await story.pass(26 * hour);
    const verdicts = story.world.sql.all('SELECT verdict FROM verdicts').map((found) => found.verdict);
    expect(verdicts).toEqual([verdict]);
    const { state, comments } = await story.issue();
    expect(state).toBe(verdict === 'disputed' ? 'open' : 'closed');
    expect(story.case.loop).toBe(verdict === 'disputed' ? 'working' : verdict);
    const texts = comments.map(({ text }) => text);
    if (comment) expect(texts.filter((text) => comment.test(text))).toHaveLength(1);
    // A reminder where nobody answered, and no mail more.
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
    await story.customerSays('yes');
    expect(story.case).toMatchObject({ loop: 'declined', closingReason: 'declined' });
    expect(JSON.stringify(await story.issue())).not.toContain('what others rely on');
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
