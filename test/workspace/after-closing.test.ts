import { describe, expect, it } from 'vitest';
import type { IssueClosure } from '#domain/integrations/issue.ts';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { actOnCase } from '#src/workspace/issues/act-on-case.ts';
import { decideClosing, storeDeclineExplanation } from '#src/workspace/loop/after-closing.ts';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import { endGateWaitByPerson } from '#src/workspace/loop/gates.ts';
import { setWhatChanged } from '#src/workspace/loop/notify-affected-customers.ts';
import { writeToCustomer } from '#src/workspace/loop/write-to-customer.ts';
import { buildSurveyPage } from '#src/workspace/queries/customer-pages.ts';
import { findOriginalId } from '#src/workspace/store/case-links.ts';
import { storeListedCustomer } from '#src/workspace/store/customers.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour } from '#test/harness/times.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';
const first = 'k-1@customer.example';
const second = 'k-2@customer.example';

async function opened(harness = new Harness()): Promise<Harness> {
  await harness.receive({ completed: false });
  return harness;
}

async function close(harness: Harness, kind: IssueClosure['kind'] = 'completed', native: string = kind, index = 0) {
  harness.trackers.support.close(index, kind, sam, native as IssueClosure['kind']);
  await harness.poll();
}

/** Another tool reports a release or a milestone. */
async function happen(harness: Harness, event: { event: string; subject?: string; at?: number }): Promise<void> {
  const at = new Date(event.at ?? harness.now).toISOString();
  const body = new TextEncoder().encode(JSON.stringify({ id: `e-${harness.now}`, ...event, at }));
  storeDeliveries(harness.core, [{ source: 'events', raw: { body, headers: {}, receivedAt: harness.now } }]);
  await harness.pass(0);
}

const says = async (harness: Harness, resolved: string, index = 0) => {
  const { id } = harness.customerFollowUp(harness.case(index).generation, index);
  const result = answerAsk(harness.core, id, new Map([['resolved', resolved]]));
  await harness.pass(0);
  return result;
};

describe('a closing that was declined', () => {
  it('gives the customer the reason in the person’s words, and asks whether it is clear', async () => {
    const harness = await opened();
    harness.trackers.support.say(0, sam, '/declined because policy of the bank, <b>no</b> exceptions');
    await close(harness, 'other', "Won't do");
    expect(harness.case().needsPerson).toBeNull();
    await harness.pass(day);
    const [mail] = harness.mail.to(first);
    expect(mail?.subject).toBe('What became of your report');
    expect(mail?.text).toContain('policy of the bank, <b>no</b> exceptions');
    expect(mail?.html).toContain('&lt;b&gt;no&lt;/b&gt;');
    expect(harness.case().loop).toBe('asked');
    await says(harness, 'yes');
    expect(harness.case()).toMatchObject({ loop: 'declined', needsPerson: null });
  });

  it('never shows what stays with the team, and waits for words that the customer may read', async () => {
    const harness = await opened();
    harness.trackers.support.say(0, sam, '/unable because policy: the lawyers are afraid');
    await close(harness, 'other', "Won't do");
    expect(harness.case()).toMatchObject({ loop: 'dropped', closingReason: 'declined', explanation: null });
    expect(harness.case().needsPerson).toContain('write what the customer may read');
    expect(harness.trackers.support.issue().comments.at(-1)?.text).toContain('Customers never read this reason');
    await harness.pass(5 * day);
    expect(harness.mail.to(first)).toEqual([]);
    decideClosing(harness.core, harness.case().id, { decision: 'declined', because: 'A law forbids it.' }, 'dana');
    await harness.pass(20 * day);
    const page = buildSurveyPage(harness.core, harness.customerFollowUp().id);
    expect(page.intro).toContain('A law forbids it.');
    const read = JSON.stringify([harness.mail.to(first), page]);
    expect(harness.mail.to(first)).toHaveLength(2);
    expect(read).toContain('A law forbids it.');
    expect(read).not.toContain('lawyers');
  });

  it('keeps the reason of a closing by command inside, also when it is then declined', async () => {
    const harness = await opened();
    harness.trackers.support.say(0, 'dana', '/close because they never listen');
    harness.trackers.support.say(0, sam, '/unable because they never listen');
    await close(harness, 'not-planned');
    storeDeclineExplanation(harness.core, harness.case().id, 'The old version is no longer sold.', 'dana');
    await harness.pass(20 * day);
    expect(JSON.stringify(harness.mail.to(first))).toContain('no longer sold');
    expect(JSON.stringify(harness.mail.to(first))).not.toContain('listen');
  });

  it('takes nothing from a comment that is no command', async () => {
    const harness = await opened();
    harness.trackers.support.say(0, sam, 'this customer is a nuisance, closing');
    await close(harness, 'other', "Won't do");
    expect(harness.case()).toMatchObject({ loop: 'dropped', closingNote: null });
    await harness.pass(5 * day);
    expect(harness.mail.to(first)).toEqual([]);
  });

  it.each(['no', 'partly'])('waits for a person where the customer finds it clear: %s', async (said) => {
    const harness = await opened();
    storeDeclineExplanation(harness.core, harness.case().id, 'It would cost more than it brings.', 'dana');
    await close(harness, 'not-planned');
    await harness.pass(day);
    await says(harness, said);
    expect(harness.case().loop).toBe('declined');
    expect(harness.case().needsPerson).toContain('does not find it clear');
    expect(harness.trackers.support.count('reopen')).toBe(0);
  });

  it('ends as declined when nobody answers, and is never counted as confirmed', async () => {
    const harness = await opened();
    await close(harness, 'not-planned');
    storeDeclineExplanation(harness.core, harness.case().id, 'It would cost more than it brings.', 'dana');
    expect(harness.case()).toMatchObject({ loop: 'resolved', closingReason: 'declined', needsPerson: null });
    await harness.pass(20 * day);
    expect(harness.case().loop).toBe('declined');
    expect(harness.timeline().filter((what) => what.startsWith('verdict'))).toEqual([]);
    expect(harness.mail.to(first)).toHaveLength(2);
  });

  it('needs a meaningful reason', () => {
    const harness = new Harness();
    expect(() => storeDeclineExplanation(harness.core, 'c', '  ', 'dana')).toThrow('because: is empty');
    expect(() => storeDeclineExplanation(harness.core, 'c', 'x'.repeat(1001), 'dana')).toThrow('longer than 1000');
  });
});

describe('what was done', () => {
  const told = 'We replaced the driver.';
  const ways: [string, (harness: Harness) => void][] = [
    ['by a command', (harness) => harness.trackers.support.say(0, sam, `/what-changed ${told}`)],
    ['on the page', (harness) => setWhatChanged(harness.core, harness.case().id, { text: told, who: 'dana' })],
  ];

  it.each(ways)('is read by the customer as somebody wrote it %s', async (_, say) => {
    const harness = await opened();
    say(harness);
    harness.trackers.support.say(0, sam, 'the customer was rude, but it works now');
    await close(harness);
    await harness.pass(day);
    const [mail] = harness.mail.to(first, 'Did we solve it');
    const page = buildSurveyPage(harness.core, harness.customerFollowUp().id);
    for (const read of [mail?.text, mail?.html, page.intro]) {
      expect(read).toContain(told);
      expect(read).not.toContain('rude');
    }
  });

  it('is a fixed sentence in the customer’s language where no text was written', async () => {
    const harness = await opened();
    storeListedCustomer(harness.sql, { key: 'k-1', language: 'de' }, harness.now);
    await close(harness);
    await harness.pass(day);
    const read = [harness.mail.to(first)[0]?.text, buildSurveyPage(harness.core, harness.customerFollowUp().id).intro];
    for (const text of read) expect(text).toContain('Unser Team hat die Arbeit daran beendet');
  });

  it('applies to one closing, and is not repeated after a reopening', async () => {
    const harness = await opened();
    setWhatChanged(harness.core, harness.case().id, { text: told, who: 'dana' });
    await close(harness);
    harness.trackers.support.reopen(0);
    await harness.poll();
    await close(harness);
    await harness.pass(day);
    expect(harness.mail.to(first)[0]?.text).not.toContain(told);
  });

  it('can be written by people of the case only, and never empty', async () => {
    const harness = await opened();
    const say = (text: string, who: string) => () => setWhatChanged(harness.core, harness.case().id, { text, who });
    expect(say(told, 'priya')).toThrow('Only people with a part in the case');
    expect(say(' ', 'dana')).toThrow('text: is empty; write in a sentence what was done');
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
    const harness = await opened();
    await close(harness, kind, native);
    expect(harness.case().loop).toBe('dropped');
    decideClosing(harness.core, harness.case().id, { decision: 'ask' }, 'dana');
    await harness.pass(day);
    expect(harness.mail.to(first, 'Did we solve it')).toHaveLength(1);
    expect(() => decideClosing(harness.core, harness.case().id, { decision: 'ask' }, 'dana')).toThrow(
      'nothing to decide',
    );
  });

  it.each(dropped)('as %s is left when a person says so, and waits for nobody', async (kind, native) => {
    const harness = await opened();
    await close(harness, kind, native);
    expect(harness.case().needsPerson).toContain(`closed as ${kind}`);
    decideClosing(harness.core, harness.case().id, { decision: 'leave' }, 'dana');
    expect(harness.case()).toMatchObject({ loop: 'dropped', needsPerson: null });
    await harness.pass(30 * day);
    expect(harness.mail.to(first)).toEqual([]);
  });
});

describe('a duplicate', () => {
  /** Opens cases 0 to `count` - 1 of different customers; all but the first repeat the one before. */
  async function chain(count: number): Promise<Harness> {
    const harness = await opened();
    for (let index = 1; index < count; index += 1) {
      await harness.receive({ token: `r-${index + 1}`, customer: `k-${index + 1}`, completed: false });
      await close(harness, 'duplicate', 'duplicate', index);
      const handle = `C-${harness.case(index - 1).number}`;
      decideClosing(harness.core, harness.case(index).id, { decision: 'repeats', handle }, 'dana');
    }
    return harness;
  }

  it('asks nobody before the case that it repeats is resolved, and then once', async () => {
    const harness = await chain(3);
    await harness.pass(3 * day);
    expect(harness.mail.to(second)).toEqual([]);
    expect(harness.case(1)).toMatchObject({ loop: 'dropped', needsPerson: null });
    await close(harness);
    await harness.pass(day);
    for (const customer of ['k-1', 'k-2', 'k-3'])
      expect(harness.mail.to(`${customer}@customer.example`, 'Did we solve it')).toHaveLength(1);
  });

  it('is asked about at once where the other is resolved already', async () => {
    const harness = await opened();
    await harness.receive({ token: 'r-2', customer: 'k-2', completed: false });
    await close(harness);
    await close(harness, 'duplicate', 'duplicate', 1);
    decideClosing(harness.core, harness.case(1).id, { decision: 'repeats', handle: 'c-1' }, 'dana');
    await harness.pass(day);
    expect(harness.mail.to(second, 'Did we solve it')).toHaveLength(1);
  });

  it('that its customer disputes reopens the issue where the work was done, and waits for its next closing', async () => {
    const harness = await chain(2);
    await close(harness);
    await harness.pass(day);
    await says(harness, 'no', 1);
    expect(harness.trackers.support.issue(0).snapshot.state).toBe('open');
    expect(harness.trackers.support.issue(1).snapshot.state).toBe('closed');
    expect(harness.case(0)).toMatchObject({ loop: 'working', generation: 2 });
    expect(harness.case(1)).toMatchObject({ loop: 'dropped', generation: 2 });
    await close(harness);
    await harness.pass(day);
    expect(harness.customerFollowUp(2, 1).state).toBe('sent');
  });

  it('of a declined case gives its customer the reason as well, and does not ask whether it is solved', async () => {
    const harness = await chain(2);
    storeDeclineExplanation(harness.core, harness.case(0).id, 'It would break what others rely on.', 'dana');
    await close(harness, 'not-planned');
    await harness.pass(day);
    const [mail, ...more] = harness.mail.to(second);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe('What became of your report');
    expect(mail?.text).toContain('It would break what others rely on.');
    await says(harness, 'yes', 1);
    expect(harness.case(1).loop).toBe('declined');
  });

  it('waits for a decision when the case that it repeats earns nothing', async () => {
    const harness = await chain(2);
    await close(harness, 'not-planned');
    expect(harness.case(1).needsPerson).toContain('C-1, the original, waits for a decision: closed as not-planned');
  });

  it('repeats no case that repeats it, and not itself', async () => {
    const harness = await chain(3);
    const words = { because: null, rootCause: null, whatChanged: null, once: null };
    const duplicate = { action: 'duplicate', value: 'C-3', who: 'dana', ...words } as const;
    expect(() => actOnCase(harness.core, harness.case(0).id, { ...duplicate, mention: [] })).toThrow('C-3 repeats');
    await close(harness, 'duplicate');
    const repeats = (handle: string) => () =>
      decideClosing(harness.core, harness.case(0).id, { decision: 'repeats', handle }, 'dana');
    expect(repeats('C-3')).toThrow('repeats this case already');
    expect(repeats('C-1')).toThrow('names no other case');
    expect(repeats('the other one')).toThrow('names no other case');
  });

  it('may repeat a case that was to repeat it, and that somebody closed as fixed meanwhile', async () => {
    const harness = await opened();
    await harness.receive({ token: 'r-2', customer: 'k-2', completed: false });
    const words = { because: null, rootCause: null, whatChanged: null, once: null };
    const duplicate = { action: 'duplicate', value: 'C-1', who: 'dana', ...words } as const;
    actOnCase(harness.core, harness.case(1).id, { ...duplicate, mention: [] });
    harness.trackers.support.close(1, 'completed', sam, 'completed');
    await harness.poll();
    expect(harness.case(1)).toMatchObject({ closingReason: 'fixed' });
    expect(findOriginalId(harness.core.sql, harness.case(1).id)).toBeNull();
    await close(harness, 'duplicate');
    decideClosing(harness.core, harness.case(0).id, { decision: 'repeats', handle: 'C-2' }, 'dana');
    expect(harness.case(0).loop).not.toBe('dropped');
  });
});

describe('a follow-up with a gate', () => {
  const withEvents = (text: string) =>
    text.replace('sources:\n', 'sources:\n  events: { kind: events, secret: EVENTS_SECRET }\n');
  const gated = (rule: string, more = '') =>
    new Harness(
      slowAcme((text) =>
        withEvents(text).replace('quarantine: 30 days }', `quarantine: 30 days, ask-after: ${rule}${more} }`),
      ),
    );
  const gatedByTemplate = (rule: string) =>
    new Harness(
      acme(({ name, text }) => {
        if (name === 'acme') return withEvents(text).replace('every: 2 minutes', 'every: 1 day');
        return name === 'upgrade-not-installed' ? `${text}ask-after: ${rule}\n` : text;
      }),
    );

  it('waits for the label, shows what it waits for, and goes a day after it is seen', async () => {
    const harness = await opened(gated('{ label: shipped }'));
    await close(harness);
    expect(harness.customerFollowUp()).toMatchObject({ state: 'due', why: 'waits for label shipped' });
    await harness.pass(20 * day);
    expect(harness.mail.to(first)).toEqual([]);
    await harness.core.integrations
      .tracker('support')
      .then((tracker) => tracker.editIssue('1', { labelsToAdd: [{ name: 'Shipped', color: null }] as never }));
    await harness.poll();
    await harness.pass(day - 1);
    expect(harness.mail.to(first)).toEqual([]);
    await harness.pass(1);
    expect(harness.mail.to(first, 'Did we solve it')).toHaveLength(1);
  });

  it('does not wait where the label is there already', async () => {
    const harness = await opened(gated('{ label: shipped }'));
    await harness.core.integrations
      .tracker('support')
      .then((tracker) => tracker.editIssue('1', { labelsToAdd: [{ name: 'shipped', color: null }] as never }));
    await close(harness);
    await harness.pass(day);
    expect(harness.mail.to(first)).toHaveLength(1);
  });

  it.each([
    ['next', '4.2.0', true],
    ['4.2.0', '4.2.0', true],
    ['4.2.0', '4.1.9', false],
  ])('that waits for release %s opens with release %s: %s', async (wanted, out, opens) => {
    const harness = await opened(gatedByTemplate(`{ release: "${wanted}", delay: 2 hours }`));
    await close(harness);
    await happen(harness, { event: 'release.published', subject: out });
    await harness.pass(2 * hour - 1);
    expect(harness.mail.to(first)).toEqual([]);
    await harness.pass(1);
    expect(harness.mail.to(first)).toHaveLength(opens ? 1 : 0);
  });

  it('that waits for a milestone is sent when the milestone is reported, once or twice', async () => {
    const harness = await opened(gatedByTemplate('{ milestone: Winter, delay: 2 hours }'));
    await close(harness);
    await happen(harness, { event: 'milestone.closed', subject: 'Summer' });
    await happen(harness, { event: 'milestone.opened', subject: 'Winter' });
    expect(harness.customerFollowUp().waitsFor).toBe('milestone Winter');
    await happen(harness, { event: 'milestone.closed', subject: 'winter' });
    await happen(harness, { event: 'milestone.closed', subject: 'winter' });
    await harness.pass(day);
    expect(harness.mail.to(first)).toHaveLength(1);
    expect(
      harness
        .deliveries()
        .slice(1)
        .map(({ outcome }) => outcome),
    ).toEqual(['stored', 'duplicate', 'stored', 'duplicate']);
    expect(harness.timeline()).toContain('waiting ended');
  });

  it('does not wait for a release that was out before the closing, where it is named', async () => {
    const harness = await opened(gated('{ release: "4.2.0" }'));
    await happen(harness, { event: 'release', subject: '4.2.0' });
    await close(harness);
    await harness.pass(day);
    expect(harness.mail.to(first)).toHaveLength(1);
  });

  it('waits for the next release, not for an earlier one that is reported late', async () => {
    const harness = await opened(gated('{ release: next }'));
    const before = harness.now - hour;
    await close(harness);
    await happen(harness, { event: 'release', subject: '4.1.0', at: before });
    await harness.pass(3 * day);
    expect(harness.mail.to(first)).toEqual([]);
    await happen(harness, { event: 'release', subject: '4.2.0' });
    await harness.pass(day);
    expect(harness.mail.to(first)).toHaveLength(1);
  });

  it('answers an event that names no release with the remedy', async () => {
    const harness = await opened(gated('{ release: next }'));
    await happen(harness, { event: 'release' });
    expect(harness.deliveries().at(-1)).toMatchObject({
      outcome: 'set-aside',
      error: 'subject: is missing; name the release, as in "subject": "4.2.0"',
    });
  });

  it('waits for a decision after the longest wait, and goes at once when a person says so', async () => {
    const harness = await opened(gated('{ milestone: winter }, longest-wait: 10 days'));
    await close(harness);
    await harness.pass(10 * day);
    expect(harness.case().needsPerson).toContain('ask anyway');
    expect(harness.timeline()).toContain('needs a person');
    expect(harness.mail.to('dana@acme.example', 'Needs a decision')).toHaveLength(1);
    expect(harness.customerFollowUp().state).toBe('due');
    endGateWaitByPerson(harness.core, harness.case().id, 'ask anyway', 'dana');
    await harness.pass(0);
    expect(harness.mail.to(first)).toHaveLength(1);
    expect(harness.case().needsPerson).toBeNull();
    expect(() => endGateWaitByPerson(harness.core, harness.case().id, 'shipped', 'dana')).toThrow('waits for nothing');
  });

  it('is cancelled by a reopening', async () => {
    const harness = await opened(gated('{ label: shipped }'));
    await close(harness);
    harness.trackers.support.reopen(0);
    await harness.poll();
    expect(harness.customerFollowUp()).toMatchObject({ state: 'skipped' });
    expect(harness.case().gate).toBeNull();
  });

  it('waits until the loop owner has written, where the workspace wants that', async () => {
    const harness = await opened(
      new Harness(
        slowAcme((text) =>
          text.replace('quarantine: 30 days }', 'quarantine: 30 days, require-personal-message: true }'),
        ),
      ),
    );
    await close(harness);
    await harness.pass(5 * day);
    expect(harness.case().loop).toBe('resolved');
    expect(harness.customerFollowUp().why).toBe('waits for a personal message of the loop owner');
    writeToCustomer(harness.core, harness.case().id, { subject: 'Done', text: 'We mended it.', who: 'dana' });
    await harness.pass(day);
    expect(harness.mail.to(first, 'Did we solve it')).toHaveLength(1);
    expect(harness.case().loop).toBe('asked');
  });
});

describe('the policy of a verdict', () => {
  const with_ = (from: string, to: string) => new Harness(slowAcme((text) => text.replace(from, to)));

  it('lets a person decide about a dispute, where the workspace says so', async () => {
    const harness = await opened(with_('quarantine: 30 days }', 'quarantine: 30 days, on-dispute: decide }'));
    await close(harness);
    await harness.pass(day);
    await says(harness, 'no');
    expect(harness.case()).toMatchObject({ loop: 'disputed', disputes: 1 });
    expect(harness.case().needsPerson).toContain('a person decides');
    expect(harness.trackers.support.count('reopen')).toBe(0);
  });

  it('notifies the owner of the blocker of a known gap', async () => {
    const harness = await opened(with_('polling:', 'blocker-owners: { policy: priya }\npolling:'));
    await close(harness);
    harness.trackers.support.say(0, sam, '/unable because policy of the bank');
    await harness.poll();
    await harness.pass(day);
    await says(harness, 'no');
    expect(harness.case().loop).toBe('known-gap');
    expect(harness.mail.to('priya@acme.example', 'Known gap')).toHaveLength(1);
    const comments = harness.trackers.support.issue().comments.map(({ text }) => text);
    expect(comments.at(-1)).toMatch(/^Known gap: .* \(closing 1\)\. Blocker: policy\.$/);
  });

  it('refuses an unknown owner of the blocker', () => {
    const invalidField = (line: string) => () => with_('polling:', `blocker-owners: ${line}\npolling:`);
    expect(invalidField('{ policy: nobody }')).toThrow('is not under people: nobody');
    expect(invalidField('{ weather: priya }')).toThrow('is not among case-options.blockers');
  });
});
