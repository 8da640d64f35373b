import { describe, expect, it } from 'vitest';
import type { IssueClosure } from '#domain/integrations/tracker.ts';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { decideClosing, explainClosing } from '#src/workspace/loop/after-closing.ts';
import { answerFollowUp } from '#src/workspace/loop/answer.ts';
import { endWaiting } from '#src/workspace/loop/gates.ts';
import { sayWhatChanged } from '#src/workspace/loop/what-changed.ts';
import { writeToCustomer } from '#src/workspace/loop/write-to-customer.ts';
import { surveyPage } from '#src/workspace/queries/lists.ts';
import { listCustomer } from '#src/workspace/store/customers.ts';
import { day, hour, Rig, slowAcme } from './rig.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';
const first = 'k-1@customer.example';
const second = 'k-2@customer.example';

async function opened(rig = new Rig()): Promise<Rig> {
  await rig.receive({ completed: false });
  return rig;
}

async function close(rig: Rig, kind: IssueClosure['kind'] = 'completed', native: string = kind, index = 0) {
  rig.trackers.support.close(index, kind, sam, native as IssueClosure['kind']);
  await rig.poll();
}

/** Another tool tells of a release or a milestone. */
async function happen(rig: Rig, event: { event: string; subject?: string; at?: number }): Promise<void> {
  const at = new Date(event.at ?? rig.now).toISOString();
  const body = new TextEncoder().encode(JSON.stringify({ id: `e-${rig.now}`, ...event, at }));
  storeDeliveries(rig.core, [{ source: 'events', raw: { body, headers: {}, receivedAt: rig.now } }]);
  await rig.pass(0);
}

const says = async (rig: Rig, resolved: string, index = 0) => {
  const { id } = rig.customerFollowUp(rig.case(index).generation, index);
  const result = answerFollowUp(rig.core, id, new Map([['resolved', resolved]]));
  await rig.pass(0);
  return result;
};

describe('a closing that was declined', () => {
  it('tells the customer why in the words of the person, and asks whether that is clear', async () => {
    const rig = await opened();
    rig.trackers.support.say(0, sam, '/declined because policy of the bank, <b>no</b> exceptions');
    await close(rig, 'other', "Won't do");
    expect(rig.case().needsPerson).toBeNull();
    await rig.pass(day);
    const [mail] = rig.mail.to(first);
    expect(mail?.subject).toBe('What became of your report');
    expect(mail?.text).toContain('policy of the bank, <b>no</b> exceptions');
    expect(mail?.html).toContain('&lt;b&gt;no&lt;/b&gt;');
    expect(rig.case().loop).toBe('asked');
    await says(rig, 'yes');
    expect(rig.case()).toMatchObject({ loop: 'declined', needsPerson: null });
  });

  it('never shows what stays with the team, and waits for words that the customer may read', async () => {
    const rig = await opened();
    rig.trackers.support.say(0, sam, '/unable because policy: the lawyers are afraid');
    await close(rig, 'other', "Won't do");
    expect(rig.case()).toMatchObject({ loop: 'dropped', closingReason: 'declined', explanation: null });
    expect(rig.case().needsPerson).toContain('write what the customer may read');
    expect(rig.trackers.support.issue().comments.at(-1)?.text).toContain('No customer reads the reason');
    await rig.pass(5 * day);
    expect(rig.mail.to(first)).toEqual([]);
    decideClosing(rig.core, rig.case().id, { decision: 'declined', because: 'A law forbids it.' }, 'dana');
    await rig.pass(20 * day);
    const page = surveyPage(rig.core, rig.customerFollowUp().id);
    expect(page.intro).toContain('A law forbids it.');
    const read = JSON.stringify([rig.mail.to(first), page]);
    expect(rig.mail.to(first)).toHaveLength(2);
    expect(read).toContain('A law forbids it.');
    expect(read).not.toContain('lawyers');
  });

  it('keeps the reason of a closing by command inside, also when it is then declined', async () => {
    const rig = await opened();
    rig.trackers.support.say(0, 'dana', '/close because they never listen');
    rig.trackers.support.say(0, sam, '/unable because they never listen');
    await close(rig, 'not-planned');
    explainClosing(rig.core, rig.case().id, 'The old version is no longer sold.', 'dana');
    await rig.pass(20 * day);
    expect(JSON.stringify(rig.mail.to(first))).toContain('no longer sold');
    expect(JSON.stringify(rig.mail.to(first))).not.toContain('listen');
  });

  it('takes nothing from a comment that is no command', async () => {
    const rig = await opened();
    rig.trackers.support.say(0, sam, 'this customer is a nuisance, closing');
    await close(rig, 'other', "Won't do");
    expect(rig.case()).toMatchObject({ loop: 'dropped', closingNote: null });
    await rig.pass(5 * day);
    expect(rig.mail.to(first)).toEqual([]);
  });

  it.each(['no', 'partly'])('waits for a person where the customer finds it clear: %s', async (said) => {
    const rig = await opened();
    explainClosing(rig.core, rig.case().id, 'It would cost more than it brings.', 'dana');
    await close(rig, 'not-planned');
    await rig.pass(day);
    await says(rig, said);
    expect(rig.case().loop).toBe('declined');
    expect(rig.case().needsPerson).toContain('does not find it clear');
    expect(rig.trackers.support.count('reopen')).toBe(0);
  });

  it('ends as declined when nobody answers, and is never counted as confirmed', async () => {
    const rig = await opened();
    await close(rig, 'not-planned');
    explainClosing(rig.core, rig.case().id, 'It would cost more than it brings.', 'dana');
    expect(rig.case()).toMatchObject({ loop: 'resolved', closingReason: 'declined', needsPerson: null });
    await rig.pass(20 * day);
    expect(rig.case().loop).toBe('declined');
    expect(rig.timeline().filter((what) => what.startsWith('verdict'))).toEqual([]);
    expect(rig.mail.to(first)).toHaveLength(2);
  });

  it('wants a reason that says something', () => {
    const rig = new Rig();
    expect(() => explainClosing(rig.core, 'c', '  ', 'dana')).toThrow('because: is empty');
    expect(() => explainClosing(rig.core, 'c', 'x'.repeat(1001), 'dana')).toThrow('longer than 1000');
  });
});

describe('what was done', () => {
  const told = 'We replaced the driver.';
  const ways: [string, (rig: Rig) => void][] = [
    ['by a command', (rig) => rig.trackers.support.say(0, sam, `/what-changed ${told}`)],
    ['on the page', (rig) => sayWhatChanged(rig.core, rig.case().id, { text: told, who: 'dana' })],
  ];

  it.each(ways)('is read by the customer as somebody wrote it %s', async (_, say) => {
    const rig = await opened();
    say(rig);
    rig.trackers.support.say(0, sam, 'the customer was rude, but it works now');
    await close(rig);
    await rig.pass(day);
    const [mail] = rig.mail.to(first, 'Did we solve it');
    const page = surveyPage(rig.core, rig.customerFollowUp().id);
    for (const read of [mail?.text, mail?.html, page.intro]) {
      expect(read).toContain(told);
      expect(read).not.toContain('rude');
    }
  });

  it('is said in a fixed sentence where nobody wrote it, in the language of the customer', async () => {
    const rig = await opened();
    listCustomer(rig.sql, { key: 'k-1', language: 'de' }, rig.now);
    await close(rig);
    await rig.pass(day);
    const read = [rig.mail.to(first)[0]?.text, surveyPage(rig.core, rig.customerFollowUp().id).intro];
    for (const text of read) expect(text).toContain('Unser Team hat die Arbeit daran beendet');
  });

  it('holds for one closing: after a reopening it is not said again', async () => {
    const rig = await opened();
    sayWhatChanged(rig.core, rig.case().id, { text: told, who: 'dana' });
    await close(rig);
    rig.trackers.support.reopen(0);
    await rig.poll();
    await close(rig);
    await rig.pass(day);
    expect(rig.mail.to(first)[0]?.text).not.toContain(told);
  });

  it('is said by people of the case only, and in words', async () => {
    const rig = await opened();
    const say = (text: string, who: string) => () => sayWhatChanged(rig.core, rig.case().id, { text, who });
    expect(say(told, 'priya')).toThrow('Only people of the case');
    expect(say(' ', 'dana')).toThrow('text: is empty; say in a sentence what was done');
    expect(say('x'.repeat(2001), 'dana')).toThrow('longer than 2000');
  });
});

describe('a closing without a reason to ask', () => {
  const dropped: [IssueClosure['kind'], string][] = [
    ['not-planned', 'not_planned'],
    ['stale', 'stale'],
    ['duplicate', 'duplicate'],
  ];

  it.each(dropped)('as %s is asked about after all when a person says so', async (kind, native) => {
    const rig = await opened();
    await close(rig, kind, native);
    expect(rig.case().loop).toBe('dropped');
    decideClosing(rig.core, rig.case().id, { decision: 'ask' }, 'dana');
    await rig.pass(day);
    expect(rig.mail.to(first, 'Did we solve it')).toHaveLength(1);
    expect(() => decideClosing(rig.core, rig.case().id, { decision: 'ask' }, 'dana')).toThrow(
      'nothing to decide',
    );
  });

  it.each(dropped)('as %s is left when a person says so, and waits for nobody', async (kind, native) => {
    const rig = await opened();
    await close(rig, kind, native);
    expect(rig.case().needsPerson).toContain(`closed as ${kind}`);
    decideClosing(rig.core, rig.case().id, { decision: 'leave' }, 'dana');
    expect(rig.case()).toMatchObject({ loop: 'dropped', needsPerson: null });
    await rig.pass(30 * day);
    expect(rig.mail.to(first)).toEqual([]);
  });
});

describe('a duplicate', () => {
  /** Cases 0 to `count` - 1 of customers of their own; all but the first repeat the one before. */
  async function chain(count: number): Promise<Rig> {
    const rig = await opened();
    for (let index = 1; index < count; index += 1) {
      await rig.receive({ token: `r-${index + 1}`, customer: `k-${index + 1}`, completed: false });
      await close(rig, 'duplicate', 'duplicate', index);
      const handle = `C-${rig.case(index - 1).number}`;
      decideClosing(rig.core, rig.case(index).id, { decision: 'repeats', handle }, 'dana');
    }
    return rig;
  }

  it('asks nobody before the case that it repeats is resolved, and then once', async () => {
    const rig = await chain(3);
    await rig.pass(3 * day);
    expect(rig.mail.to(second)).toEqual([]);
    expect(rig.case(1)).toMatchObject({ loop: 'dropped', needsPerson: null });
    await close(rig);
    await rig.pass(day);
    for (const customer of ['k-1', 'k-2', 'k-3'])
      expect(rig.mail.to(`${customer}@customer.example`, 'Did we solve it')).toHaveLength(1);
  });

  it('is asked about at once where the other is resolved already', async () => {
    const rig = await opened();
    await rig.receive({ token: 'r-2', customer: 'k-2', completed: false });
    await close(rig);
    await close(rig, 'duplicate', 'duplicate', 1);
    decideClosing(rig.core, rig.case(1).id, { decision: 'repeats', handle: 'c-1' }, 'dana');
    await rig.pass(day);
    expect(rig.mail.to(second, 'Did we solve it')).toHaveLength(1);
  });

  it('that its customer disputes reopens the issue where the work was done, and waits for its next closing', async () => {
    const rig = await chain(2);
    await close(rig);
    await rig.pass(day);
    await says(rig, 'no', 1);
    expect(rig.trackers.support.issue(0).snapshot.state).toBe('open');
    expect(rig.trackers.support.issue(1).snapshot.state).toBe('closed');
    expect(rig.case(0)).toMatchObject({ loop: 'working', generation: 2 });
    expect(rig.case(1)).toMatchObject({ loop: 'dropped', generation: 2 });
    await close(rig);
    await rig.pass(day);
    expect(rig.customerFollowUp(2, 1).state).toBe('sent');
  });

  it('of a declined case tells its customer why as well, and does not ask whether it is solved', async () => {
    const rig = await chain(2);
    explainClosing(rig.core, rig.case(0).id, 'It would break what others rely on.', 'dana');
    await close(rig, 'not-planned');
    await rig.pass(day);
    const [mail, ...more] = rig.mail.to(second);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe('What became of your report');
    expect(mail?.text).toContain('It would break what others rely on.');
    await says(rig, 'yes', 1);
    expect(rig.case(1).loop).toBe('declined');
  });

  it('waits for a decision when the case that it repeats earns nothing', async () => {
    const rig = await chain(2);
    await close(rig, 'not-planned');
    expect(rig.case(1).needsPerson).toContain('C-1, which it repeats, was closed as not-planned');
  });

  it('repeats no case that repeats it, and not itself', async () => {
    const rig = await chain(3);
    await close(rig, 'duplicate');
    const repeats = (handle: string) => () =>
      decideClosing(rig.core, rig.case(0).id, { decision: 'repeats', handle }, 'dana');
    expect(repeats('C-3')).toThrow('repeats this case already');
    expect(repeats('C-1')).toThrow('names no other case');
    expect(repeats('the other one')).toThrow('names no other case');
  });
});

describe('a follow-up behind a gate', () => {
  const gated = (rule: string, more = '') =>
    new Rig(
      slowAcme((text) =>
        text
          .replace('quarantine: 30 days }', `quarantine: 30 days, ask-after: ${rule}${more} }`)
          .replace('sources:\n', 'sources:\n  events: { kind: events, secret: EVENTS_SECRET }\n'),
      ),
    );

  it('waits for the label, shows what it waits for, and goes a day after it is seen', async () => {
    const rig = await opened(gated('{ label: shipped }'));
    await close(rig);
    expect(rig.customerFollowUp()).toMatchObject({ state: 'due', why: 'waits for label shipped' });
    await rig.pass(20 * day);
    expect(rig.mail.to(first)).toEqual([]);
    await rig.core.integrations
      .tracker('support')
      .then((tracker) => tracker.editIssue('1', { addLabels: [{ name: 'Shipped', color: null }] as never }));
    await rig.poll();
    await rig.pass(day - 1);
    expect(rig.mail.to(first)).toEqual([]);
    await rig.pass(1);
    expect(rig.mail.to(first, 'Did we solve it')).toHaveLength(1);
  });

  it('does not wait where the label is there already', async () => {
    const rig = await opened(gated('{ label: shipped }'));
    await rig.core.integrations
      .tracker('support')
      .then((tracker) => tracker.editIssue('1', { addLabels: [{ name: 'shipped', color: null }] as never }));
    await close(rig);
    await rig.pass(day);
    expect(rig.mail.to(first)).toHaveLength(1);
  });

  it.each([
    ['next', '4.2.0', true],
    ['4.2.0', '4.2.0', true],
    ['4.2.0', '4.1.9', false],
  ])('that waits for release %s opens with release %s: %s', async (wanted, out, opens) => {
    const rig = await opened(gated(`{ release: "${wanted}", delay: 2 hours }`));
    await close(rig);
    await happen(rig, { event: 'release.published', subject: out });
    await rig.pass(2 * hour - 1);
    expect(rig.mail.to(first)).toEqual([]);
    await rig.pass(1);
    expect(rig.mail.to(first)).toHaveLength(opens ? 1 : 0);
  });

  it('that waits for a milestone opens when it is reached, told once or twice', async () => {
    const rig = await opened(gated('{ milestone: Winter, delay: 2 hours }'));
    await close(rig);
    await happen(rig, { event: 'milestone.closed', subject: 'Summer' });
    await happen(rig, { event: 'milestone.opened', subject: 'Winter' });
    expect(rig.customerFollowUp().waitsFor).toBe('milestone Winter');
    await happen(rig, { event: 'milestone.closed', subject: 'winter' });
    await happen(rig, { event: 'milestone.closed', subject: 'winter' });
    await rig.pass(day);
    expect(rig.mail.to(first)).toHaveLength(1);
    expect(
      rig
        .deliveries()
        .slice(1)
        .map(({ outcome }) => outcome),
    ).toEqual(['stored', 'duplicate', 'stored', 'duplicate']);
    expect(rig.timeline()).toContain('waiting ended');
  });

  it('does not wait for a release that was out before the closing, where it is named', async () => {
    const rig = await opened(gated('{ release: "4.2.0" }'));
    await happen(rig, { event: 'release', subject: '4.2.0' });
    await close(rig);
    await rig.pass(day);
    expect(rig.mail.to(first)).toHaveLength(1);
  });

  it('waits for the next release, not for one that was out before the closing and is told of late', async () => {
    const rig = await opened(gated('{ release: next }'));
    const before = rig.now - hour;
    await close(rig);
    await happen(rig, { event: 'release', subject: '4.1.0', at: before });
    await rig.pass(3 * day);
    expect(rig.mail.to(first)).toEqual([]);
    await happen(rig, { event: 'release', subject: '4.2.0' });
    await rig.pass(day);
    expect(rig.mail.to(first)).toHaveLength(1);
  });

  it('is told by an event that names no release how to name it', async () => {
    const rig = await opened(gated('{ release: next }'));
    await happen(rig, { event: 'release' });
    expect(rig.deliveries().at(-1)).toMatchObject({
      outcome: 'set-aside',
      error: 'subject: is missing; name the release, as in "subject": "4.2.0"',
    });
  });

  it('waits for a decision after the longest wait, and goes at once when a person says so', async () => {
    const rig = await opened(gated('{ milestone: winter, longest-wait: 10 days }'));
    await close(rig);
    await rig.pass(10 * day);
    expect(rig.case().needsPerson).toContain('ask anyway');
    expect(rig.timeline()).toContain('needs a person');
    expect(rig.mail.to('dana@acme.example', 'needs a person')).toHaveLength(1);
    expect(rig.customerFollowUp().state).toBe('due');
    endWaiting(rig.core, rig.case().id, 'ask anyway', 'dana');
    await rig.pass(0);
    expect(rig.mail.to(first)).toHaveLength(1);
    expect(rig.case().needsPerson).toBeNull();
    expect(() => endWaiting(rig.core, rig.case().id, 'shipped', 'dana')).toThrow('waits for nothing');
  });

  it('is cancelled by a reopening', async () => {
    const rig = await opened(gated('{ label: shipped }'));
    await close(rig);
    rig.trackers.support.reopen(0);
    await rig.poll();
    expect(rig.customerFollowUp()).toMatchObject({ state: 'skipped' });
    expect(rig.case().gate).toBeNull();
  });

  it('waits until the loop owner has written, where the workspace wants that', async () => {
    const rig = await opened(
      new Rig(
        slowAcme((text) =>
          text.replace('quarantine: 30 days }', 'quarantine: 30 days, require-personal-message: true }'),
        ),
      ),
    );
    await close(rig);
    await rig.pass(5 * day);
    expect(rig.case().loop).toBe('resolved');
    expect(rig.customerFollowUp().why).toBe('waits for a personal message of the loop owner');
    writeToCustomer(rig.core, rig.case().id, { subject: 'Done', text: 'We mended it.', who: 'dana' });
    await rig.pass(day);
    expect(rig.mail.to(first, 'Did we solve it')).toHaveLength(1);
    expect(rig.case().loop).toBe('asked');
  });
});

describe('the policy of a verdict', () => {
  const with_ = (from: string, to: string) => new Rig(slowAcme((text) => text.replace(from, to)));

  it('lets a person decide about a dispute, where the workspace says so', async () => {
    const rig = await opened(with_('quarantine: 30 days }', 'quarantine: 30 days, on-dispute: decide }'));
    await close(rig);
    await rig.pass(day);
    await says(rig, 'no');
    expect(rig.case()).toMatchObject({ loop: 'disputed', disputes: 1 });
    expect(rig.case().needsPerson).toContain('a person decides');
    expect(rig.trackers.support.count('reopen')).toBe(0);
  });

  it('tells the owner of the blocker about a known gap', async () => {
    const rig = await opened(with_('polling:', 'blocker-owners: { policy: priya }\npolling:'));
    await close(rig);
    rig.trackers.support.say(0, sam, '/unable because policy of the bank');
    await rig.poll();
    await rig.pass(day);
    await says(rig, 'no');
    expect(rig.case().loop).toBe('known-gap');
    expect(rig.mail.to('priya@acme.example', 'a customer stands before "policy"')).toHaveLength(1);
    const comments = rig.trackers.support.issue().comments.map(({ text }) => text);
    expect(comments.at(-1)).toMatch(/^Known gap: .* Blocker: policy\. Answer to follow-up .*; closing 1\.$/);
  });

  it('refuses the owner of a blocker that nobody knows', () => {
    const invalidField = (line: string) => () => with_('polling:', `blocker-owners: ${line}\npolling:`);
    expect(invalidField('{ policy: nobody }')).toThrow('names nobody under people: nobody');
    expect(invalidField('{ weather: priya }')).toThrow('is not among case-options.blockers');
  });
});
