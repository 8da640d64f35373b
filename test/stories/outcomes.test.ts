import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SeenMail } from '#adapters/emulators/emulator.ts';
import { resend } from '#adapters/mail/resend/definition.ts';
import { startResend } from '#adapters/mail/resend/emulator/definition.ts';
import { signWebhook } from '#adapters/signature.ts';
import { verifyToken } from '#domain/base/key.ts';
import { isGenuineDelivery, storeDeliveries } from '#src/workspace/intake/receive.ts';
import { decideClosing, storeDeclineExplanation } from '#src/workspace/loop/after-closing.ts';
import { verdicts as storedVerdicts } from '#src/workspace/store/closings.ts';
import { EmulatedHarness } from '#test/harness/emulated-harness.ts';
import { secrets, type TrackerName, trackerNames } from '#test/harness/emulated-hosts.ts';
import { settingsIn } from '#test/harness/settings.ts';
import { hour, minute } from '#test/harness/times.ts';

/*
 * Outcomes of a closing on each tracker: from the delivery of a response to the state of the case, the issue, and the
 * inbox of a third party's mail service.
 */

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

/** A case in one tracker, with people of its own, since all stories share the inbox of the mail service. */
class Story extends EmulatedHarness {
  readonly number: number;
  readonly customer: { key: string; email: string };

  constructor(tracker: TrackerName, workspaceFile: (text: string) => string = (text) => text) {
    stories += 1;
    const number = stories;
    const from = 'Acme feedback <feedback@acme.example>';
    const mailer = resend.create(resend.settings.parse({ kind: 'resend', from, key: 'RESEND_KEY' }), {
      fetch,
      baseUrl: mailHost.address,
      secret: () => 're_local',
    });
    const settings = settingsIn(tracker, (text) =>
      workspaceFile(text)
        .replaceAll('sam@acme.example', `sam@story-${number}.example`)
        .replaceAll('dana@acme.example', `dana@story-${number}.example`)
        .replace('people:\n', `people:\n  ${robot}\n`),
    );
    super(settings, { mailer });
    // Ids of its own: the mail service takes a key that an earlier story used for a repeated mail.
    const { bytes } = this.core.random;
    this.core.random = { ...this.core.random, bytes: (length) => bytes(length).with(-1, number) };
    this.number = number;
    this.customer = this.newCustomer('caller');
  }

  newCustomer(role: string): { key: string; email: string } {
    const key = `${role}-${this.number}`;
    return { key, email: `${key}@customer.example` };
  }

  addressOf(person: 'sam' | 'dana'): string {
    return this.core.settings.workspace.people[person]?.email ?? '';
  }

  /** Delivers the news of a release from another tool. */
  async release(subject: string): Promise<void> {
    const { now } = this;
    const body = new TextEncoder().encode(JSON.stringify({ id: `e-${now}`, event: 'release', subject }));
    const headers = await signWebhook(body, secrets.EVENTS_SECRET, { id: `e-${now}`, now });
    const arrival = { source: 'events', raw: { body, headers, receivedAt: now } };
    expect(await isGenuineDelivery(this.core, arrival)).toBe(true);
    storeDeliveries(this.core, [arrival]);
    await this.pass(minute);
  }

  /** Closes an issue, and waits until that is seen and everybody is asked. */
  async closeAndWait(
    kind: 'completed' | 'not-planned' | 'duplicate' = 'completed',
    by: 'sam' | 'dana' | 'robot' = 'sam',
  ): Promise<void> {
    await this.close(by, 0, kind);
    await this.pass(5 * hour);
  }

  async inbox(to: string): Promise<SeenMail[]> {
    return (await mailHost.inbox()).filter((mail) => mail.to.includes(to));
  }

  /** Answers by the link in the mail that an address got. */
  async answerByMail(to: string, field: string, value: string): Promise<void> {
    const mails = await this.inbox(to);
    const token = mails.map(({ text }) => /\/s\/(\S+)/.exec(text)?.[1]).find((link) => link !== undefined);
    const id = verifyToken(this.core.keys, 'survey', token ?? '')?.subject ?? '';
    expect(this.call('answer', id, new Map([[field, value]]))).toEqual({ status: 'thanks' });
    await this.pass(10 * minute);
  }

  answerAsTheCustomer = (value: string) => this.answerByMail(this.customer.email, 'resolved', value);
  answerAsTheCloser = (value: string) => this.answerByMail(this.addressOf('sam'), 'closed', value);
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
  ['known-gap', 'no', 'unable', /^Known gap: the customer says it is not resolved/],
  ['unseen-recovery', 'yes', 'unable', null],
  ['unverified', null, 'yes', null],
];

describe.each(trackerNames)('on %s', (tracker) => {
  it.each(outcomes)('a closing becomes %s: customer %s, closer %s', { timeout: 60_000 }, async (...row) => {
    const [verdict, customer, closer, comment] = row;
    const story = new Story(tracker);
    await story.open(story.customer.key);
    await story.closeAndWait();
    const asked = await story.inbox(story.customer.email);
    expect(asked.map(({ subject }) => subject)).toEqual(['Did we solve it for you?']);
    expect(story.case().loop).toBe('asked');
    if (closer) await story.answerAsTheCloser(closer);
    if (customer) await story.answerAsTheCustomer(customer);
    else await story.pass(26 * hour);
    const verdicts = storedVerdicts.list(story.sql, { caseId: story.case().id }).map((row) => row.verdict);
    expect(verdicts).toEqual([verdict]);
    const { state, comments } = await story.issue();
    expect(state).toBe(verdict === 'disputed' ? 'open' : 'closed');
    expect(story.case().loop).toBe(verdict === 'disputed' ? 'working' : verdict);
    const texts = comments.map(({ text }) => text);
    if (comment) expect(texts.filter((text) => comment.test(text))).toHaveLength(1);
    // One reminder after silence, and no further mail.
    const mails = await story.inbox(story.customer.email);
    expect(mails).toHaveLength(customer ? 1 : 2);
    expect(JSON.stringify(await story.issue())).not.toContain(story.customer.key);
    expect(story.hosts.offSpec).toEqual([]);
  });

  it('a closing that is not planned asks nobody, until somebody says why', { timeout: 60_000 }, async () => {
    const story = new Story(tracker);
    await story.open(story.customer.key);
    await story.closeAndWait('not-planned');
    expect(story.case().loop).toBe('dropped');
    expect(story.case().needsPerson).toContain('closed as');
    expect(await story.inbox(story.customer.email)).toEqual([]);
    storeDeclineExplanation(story.core, story.case().id, 'It would break what others rely on.', 'dana');
    await story.pass(3 * hour);
    const [mail, ...more] = await story.inbox(story.customer.email);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe('What became of your report');
    expect(mail?.text).toContain('It would break what others rely on.');
    await story.answerAsTheCustomer('yes');
    expect(story.case()).toMatchObject({ loop: 'declined', closingReason: 'declined' });
    expect(JSON.stringify(await story.issue())).not.toContain('what others rely on');
  });

  it('the customer reads the text that a closing command gives for customers', { timeout: 60_000 }, async () => {
    const story = new Story(tracker);
    await story.open(story.customer.key);
    await story.comment('sam', 'They shout at us all day.\n\n/what-changed The installer signs its driver now.');
    await story.closeAndWait();
    const [mail] = await story.inbox(story.customer.email);
    expect(mail?.text).toContain('The installer signs its driver now.');
    expect(mail?.text).not.toContain('shout');
  });

  it('a closing declined with a reason for the customer sends that reason', { timeout: 60_000 }, async () => {
    const story = new Story(tracker);
    await story.open(story.customer.key);
    await story.comment('sam', '/declined because a law forbids it');
    await story.closeAndWait('not-planned');
    expect(story.case()).toMatchObject({ loop: 'asked', closingReason: 'declined' });
    const [mail, ...more] = await story.inbox(story.customer.email);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe('What became of your report');
    expect(mail?.text).toContain('a law forbids it');
    await story.answerAsTheCustomer('no');
    expect(story.case().loop).toBe('declined');
    expect(story.case().needsPerson).toContain('does not find it clear');
    expect((await story.issue()).state).toBe('closed');
  });

  it('a reason of the team’s own reaches no customer', { timeout: 60_000 }, async () => {
    const story = new Story(tracker);
    await story.open(story.customer.key);
    await story.comment('sam', '/unable because policy: the lawyers are afraid');
    await story.closeAndWait('not-planned');
    expect(story.case()).toMatchObject({ loop: 'dropped', closingReason: 'declined' });
    await story.pass(26 * hour);
    expect(await story.inbox(story.customer.email)).toEqual([]);
    const comments = (await story.issue()).comments.map(({ text }) => text);
    expect(comments.filter((text) => text.includes('Customers never read this reason'))).toHaveLength(1);
    decideClosing(story.core, story.case().id, { decision: 'declined', because: 'A law forbids it.' }, 'dana');
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
    await story.open(story.customer.key);
    await story.closeAndWait('completed', 'robot');
    expect(story.case()).toMatchObject({ loop: 'dropped', closingReason: 'stale' });
    expect(story.case().needsPerson).toContain('decide whether the customer should be asked');
    await story.pass(26 * hour);
    expect(await story.inbox(story.customer.email)).toEqual([]);
  });

  it('a deleted issue leads to no follow-up, and its case is gone after several reads over a day', {
    timeout: 60_000,
  }, async () => {
    const story = new Story(tracker);
    await story.open(story.customer.key);
    story.hosts.admins[tracker].remove((await story.issue()).key);
    await story.pass(5 * hour);
    expect(story.case()).toMatchObject({ loop: 'working', closingReason: null });
    await story.pass(30 * hour);
    expect(story.case()).toMatchObject({ loop: 'dropped', closingReason: 'gone' });
    expect(story.case().needsPerson).not.toBeNull();
    expect(await story.inbox(story.customer.email)).toEqual([]);
    expect(story.hosts.offSpec).toEqual([]);
  });

  it('a closed issue that is deleted before the follow-up leads to none', {
    timeout: 60_000,
  }, async () => {
    const story = new Story(tracker, (text) => text.replace('delay: 2 hours', 'delay: 1 day'));
    await story.open(story.customer.key);
    await story.closeAndWait();
    story.hosts.admins[tracker].remove((await story.issue()).key);
    await story.pass(60 * hour);
    expect(story.case()).toMatchObject({ loop: 'dropped', closingReason: 'gone' });
    expect(await story.inbox(story.customer.email)).toEqual([]);
  });

  it('a merge is a fix, and the person who merged gets the closer survey', { timeout: 60_000 }, async () => {
    const story = new Story(tracker);
    await story.open(story.customer.key);
    await story.closeAndWait('completed', 'dana');
    expect(story.case()).toMatchObject({ loop: 'asked', closingReason: 'fixed', closer: 'dana' });
    expect(await story.inbox(story.customer.email)).toHaveLength(1);
    const asked = (await story.inbox(story.addressOf('dana'))).filter(({ subject }) =>
      subject.includes('really be closed'),
    );
    expect(asked).toHaveLength(1);
  });

  it('a merge by an unknown account is a fix, and a case manager gets the closer survey', {
    timeout: 60_000,
  }, async () => {
    const story = new Story(tracker);
    await story.open(story.customer.key);
    delete story.core.settings.workspace.people.robot;
    await story.closeAndWait('completed', 'robot');
    expect(story.case()).toMatchObject({ loop: 'asked', closingReason: 'fixed', closer: null });
    expect(await story.inbox(story.customer.email)).toHaveLength(1);
    const asked = (await story.inbox(story.addressOf('dana'))).filter(({ subject }) =>
      subject.includes('really be closed'),
    );
    expect(asked).toHaveLength(1);
  });

  it('a fix waits for its release, and is asked about after it', { timeout: 60_000 }, async () => {
    const story = new Story(tracker, (text) =>
      text.replace('quarantine: 30 days }', 'quarantine: 30 days, ask-after: { release: next } }'),
    );
    await story.open(story.customer.key);
    await story.closeAndWait();
    await story.pass(26 * hour);
    expect(await story.inbox(story.customer.email)).toEqual([]);
    expect(story.case().loop).toBe('resolved');
    await story.release('12.1');
    await story.pass(3 * hour);
    expect(await story.inbox(story.customer.email)).toHaveLength(1);
    expect(story.case().loop).toBe('asked');
  });

  it('a duplicate is asked about with the case that it repeats', { timeout: 60_000 }, async () => {
    const story = new Story(tracker);
    const other = story.newCustomer('other');
    await story.open(story.customer.key);
    await story.open(other.key);
    await story.comment('dana', '/duplicate of C-1', 1);
    await story.pass(26 * hour);
    expect(story.case(1)).toMatchObject({ loop: 'dropped', closingReason: 'duplicate', needsPerson: null });
    expect((await story.issue(1)).state).toBe('closed');
    expect(await story.inbox(other.email)).toEqual([]);
    await story.closeAndWait();
    expect(await story.inbox(story.customer.email)).toHaveLength(1);
    const [mail, ...more] = await story.inbox(other.email);
    expect(more).toEqual([]);
    expect(mail?.text).toContain('Others told us of the same');
  });

  it('a duplicate asks nobody, until a person decides', { timeout: 60_000 }, async () => {
    const story = new Story(tracker);
    await story.open(story.customer.key);
    await story.closeAndWait('duplicate');
    expect(story.case()).toMatchObject({ loop: 'dropped', closingReason: 'duplicate' });
    expect(await story.inbox(story.customer.email)).toEqual([]);
    decideClosing(story.core, story.case().id, { decision: 'ask' }, 'dana');
    await story.pass(3 * hour);
    expect(await story.inbox(story.customer.email)).toHaveLength(1);
  });
});
