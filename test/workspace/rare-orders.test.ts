import { describe, expect, it } from 'vitest';
import { RequestedAction } from '#domain/cases/action.ts';
import type { IssueClosure } from '#domain/integrations/issue.ts';
import { createIntegrations } from '#src/wiring.ts';
import { changePerson } from '#src/workspace/cases/change-fields.ts';
import { elevateByHand } from '#src/workspace/cases/elevate.ts';
import { openByHand } from '#src/workspace/cases/open-by-hand.ts';
import { decide } from '#src/workspace/cases/strategic.ts';
import { startRereadingResponses } from '#src/workspace/intake/source-calls.ts';
import { decideClosing, storeDeclineExplanation } from '#src/workspace/loop/after-closing.ts';
import { answerAsk, unsubscribe } from '#src/workspace/loop/answer.ts';
import { writeToCustomer } from '#src/workspace/loop/write-to-customer.ts';
import { erasePerson, startRetentionTimer } from '#src/workspace/privacy/erase-person.ts';
import { actOnCase } from '#src/workspace/issues/act-on-case.ts';
import { readCaseJson } from '#src/workspace/queries/lists.ts';
import { describeDoubts } from '#src/workspace/settings/describe-doubts.ts';
import { requestSignInLink } from '#src/workspace/sign-in/links.ts';
import { caseResponses } from '#src/workspace/store/case-links.ts';
import { Harness } from '#test/harness/harness.ts';
import type { SampleResponse } from '#test/harness/sample-response.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, minute } from '#test/harness/times.ts';
import { refused } from '#test/workspace/fakes.ts';
import { storedLines } from '#test/workspace/store/rows.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';
const first = 'k-1@customer.example';
const second = 'k-2@customer.example';

async function opened(harness = new Harness(slowAcme())): Promise<Harness> {
  await harness.receive({ completed: false });
  return harness;
}

const act = (action: RequestedAction['action'], value: string): RequestedAction =>
  RequestedAction.parse({
    action,
    value,
    who: 'dana',
    because: null,
    rootCause: null,
    whatChanged: null,
    mention: [],
    once: null,
  });

async function close(harness: Harness, kind: IssueClosure['kind'] = 'completed', index = 0) {
  harness.trackers.support.close(index, kind, sam, kind);
  await harness.poll();
}

async function repeating(harness: Harness): Promise<void> {
  await harness.receive({ token: 'r-2', customer: 'k-2', completed: false });
  await close(harness, 'duplicate', 1);
  decideClosing(harness.core, harness.case(1).id, { decision: 'repeats', handle: 'C-1' }, 'dana');
}

const followUpPolicy = (more: string) => (text: string) =>
  text.replace('quarantine: 30 days }', `quarantine: 30 days, ${more} }`);

describe('settings that change meanwhile', () => {
  it('a survey that is removed before it is sent', async () => {
    const harness = await opened();
    await close(harness);
    const { core } = harness;
    const old = core.settings.surveys.get('recovery');
    core.settings = {
      ...core.settings,
      surveys: new Map([...core.settings.surveys].map(([name, s]) => [name === 'recovery' ? 'better' : name, s])),
      workspace: {
        ...core.settings.workspace,
        'follow-up': { ...core.settings.workspace['follow-up'], survey: 'better' },
      },
      templates: new Map([...core.settings.templates].map(([n, t]) => [n, { ...t, 'follow-up': 'better' }])),
    };
    expect(old).toBeDefined();
    await harness.pass(2 * day);
    expect(harness.log).toEqual([]);
    expect(harness.mail.to(first)).toHaveLength(1);
  });

  it('an explanation survey that is renamed', async () => {
    const harness = await opened();
    storeDeclineExplanation(harness.core, harness.case().id, 'It would cost more than it brings.', 'dana');
    await close(harness, 'not-planned');
    await harness.pass(day);
    const { core } = harness;
    core.settings = {
      ...core.settings,
      surveys: new Map([...core.settings.surveys, ['declined', core.settings.surveys.get('explained') as never]]),
      workspace: {
        ...core.settings.workspace,
        'follow-up': { ...core.settings.workspace['follow-up'], 'explained-survey': 'declined' },
      },
    };
    answerAsk(core, harness.customerFollowUp().id, new Map([['resolved', 'no']]));
    await harness.pass(0);
    expect(harness.case().loop).toBe('declined');
    expect(harness.trackers.support.count('reopen')).toBe(0);
  });

  it('a template that is removed gives a reopened case a new goal', async () => {
    const harness = await opened();
    await harness.pass(hour);
    await close(harness);
    harness.core.settings = { ...harness.core.settings, templates: new Map() };
    await harness.pass(10 * day);
    harness.trackers.support.reopen(0);
    await harness.poll();
    expect(harness.case().loop).toBe('working');
    expect(harness.case().dueAt).toBeGreaterThan(harness.now);
    expect(harness.case().overdue).toBe(false);
  });

  it('a case that is reopened after its assignee left', async () => {
    const harness = await opened();
    await close(harness);
    await harness.pass(day);
    answerAsk(harness.core, harness.customerFollowUp().id, new Map([['resolved', 'yes']]));
    await harness.pass(0);
    expect(harness.case().loop).toBe('confirmed');
    harness.core.settings = slowAcme((text) =>
      text
        .replace(/ {2}sam:\n(?: {4}.*\n)+/, '')
        .replace('members: [sam]', 'members: [mette]')
        .replaceAll(': sam\n', ': mette\n'),
    );
    harness.trackers.support.reopen(0);
    await harness.poll();
    expect(harness.case().loop).toBe('working');
    expect(Object.keys(harness.core.settings.workspace.people)).toContain(harness.case().assignee);
  });
});

describe('work in a tracker that is no longer in the settings', () => {
  it('is told to admins once, waits, and is named by the push', async () => {
    const harness = await opened();
    const { core } = harness;
    const { support: _, ...trackers } = core.settings.workspace.trackers;
    core.settings = { ...core.settings, workspace: { ...core.settings.workspace, trackers } };
    const { tracker, vendor } = createIntegrations(core.settings, (name) => `secret of ${name}`);
    const others = core.integrations.tracker;
    core.integrations = {
      ...core.integrations,
      vendor,
      tracker: (name) => (name === 'support' ? tracker : others)(name),
    };
    expect(describeDoubts(core.settings, core.sql).join()).toContain('tracker support is not under trackers');
    actOnCase(core, harness.case().id, act('severity', 'low'));
    await harness.pass(2 * day);
    expect(harness.mail.to('dana@acme.example', 'cannot work in support')).toHaveLength(1);
    expect(harness.log.filter((line) => line.startsWith('queue-failed'))).toEqual([]);
    expect(harness.outbox().find(({ kind }) => kind === 'issue.edit')).toMatchObject({ state: 'waiting' });
  });
});

describe('duplicates', () => {
  it('are shown when the issue of their original is lost', async () => {
    const harness = await opened();
    await repeating(harness);
    expect(harness.case(1)).toMatchObject({ loop: 'dropped', needsPerson: null });
    harness.trackers.support.issue(0).reachable = false;
    harness.trackers.support.issue(0).gone = 'deleted' as never;
    for (let d = 0; d < 6; d += 1) {
      await harness.pass(day);
      await harness.poll();
    }
    expect(harness.case(0)).toMatchObject({ loop: 'dropped', closingReason: 'gone' });
    expect(harness.case(1).needsPerson).not.toBeNull();
  });

  it('wait for no label that only the original gets', async () => {
    const harness = await opened(new Harness(slowAcme(followUpPolicy('ask-after: { label: shipped }'))));
    await repeating(harness);
    await close(harness);
    await harness.core.integrations
      .tracker('support')
      .then((t) => t.editIssue('1', { labelsToAdd: [{ name: 'Shipped', color: null }] as never }));
    await harness.poll();
    await harness.pass(2 * day);
    expect(harness.mail.to(first, 'Did we solve it')).toHaveLength(1);
    expect(harness.mail.to(second, 'Did we solve it')).toHaveLength(1);
  });

  it('wait for a message to their own customer', async () => {
    const harness = await opened(new Harness(slowAcme(followUpPolicy('require-personal-message: true'))));
    await close(harness);
    writeToCustomer(harness.core, harness.case().id, {
      subject: 'About your upgrade',
      text: 'It is fixed.',
      who: 'dana',
    });
    await harness.pass(hour);
    await repeating(harness);
    await harness.pass(3 * day);
    expect(harness.mail.to(second, 'Did we solve it')).toHaveLength(0);
    expect(harness.customerFollowUp(1, 1).waitsFor).toContain('personal message');
  });
});

const unhappy = (customer: string, more: SampleResponse = {}): SampleResponse => ({
  token: `r-${customer}`,
  customer,
  ease: 2,
  ...more,
});

describe('many customers on one case', () => {
  it('a declined one stays shown while one customer does not understand it', async () => {
    const harness = new Harness(slowAcme());
    await harness.receive(unhappy('a'), unhappy('b'));
    storeDeclineExplanation(harness.core, harness.case().id, 'It would cost more than it brings.', 'dana');
    harness.trackers.product.close(0, 'not-planned' as never);
    await harness.poll();
    await harness.pass(2 * day);
    const [a, b] = harness.followUps().filter(({ kind }) => kind === 'customer');
    expect([a?.state, b?.state]).toEqual(['sent', 'sent']);
    answerAsk(harness.core, a?.id ?? '', new Map([['resolved', 'no']]));
    await harness.pass(0);
    expect(harness.case().needsPerson).toContain('does not find it clear');
    answerAsk(harness.core, b?.id ?? '', new Map([['resolved', 'yes']]));
    await harness.pass(0);
    expect(harness.case().needsPerson).toContain('does not find it clear');
  });
});

describe('the JSON of a case with many responses', () => {
  it('has the ids of the newest 500, oldest first, and the number of all', async () => {
    const harness = await opened();
    for (let at = 1; at <= 600; at += 1) {
      const responseId = `r-${String(at).padStart(4, '0')}`;
      caseResponses.add(harness.sql, {
        caseId: harness.case().id,
        responseId,
        customerKey: 'k-1',
        at: harness.now + at,
      });
    }
    const { responses, responseCount } = readCaseJson(harness.core, harness.case().id);
    expect([responses.length, responses[0], responses.at(-1), responseCount]).toEqual([500, 'r-0101', 'r-0600', 601]);
  });
});

describe('one mailbox in two spellings', () => {
  async function asked(): Promise<Harness> {
    const harness = await opened(new Harness(slowAcme()));
    await harness.receive({ token: 'r-2', customer: 'k-2', email: 'K-1@customer.example', completed: false });
    await close(harness);
    await close(harness, 'completed', 1);
    return harness;
  }

  it('is reminded of all that its mail asks', async () => {
    const harness = await asked();
    await harness.pass(7 * day);
    for (const index of [0, 1]) expect(harness.timeline(index)).toContain('customer reminded');
  });

  it('gets no mail that waits once it wants none', async () => {
    const harness = await asked();
    harness.mail.refusal = refused('auth', 401).error;
    await harness.pass(day + hour);
    const [one, two] = [harness.customerFollowUp(1, 0), harness.customerFollowUp(1, 1)];
    expect([one.state, two.state]).toEqual(['sent', 'sent']);
    unsubscribe(harness.core, one.mergedInto === null ? two.id : one.id);
    expect([harness.customerFollowUp(1, 0).state, harness.customerFollowUp(1, 1).state]).toEqual([
      'skipped',
      'skipped',
    ]);
    harness.mail.refusal = null;
    await harness.pass(day);
    expect(harness.mail.accepted.filter(({ to }) => to.toLowerCase() === first)).toEqual([]);
  });
});

describe('mail', () => {
  it('counts the days to answer from when it left', async () => {
    const harness = await opened();
    await close(harness);
    harness.mail.refusal = refused('auth', 401).error;
    await harness.pass(16 * day);
    expect(harness.mail.to(first)).toHaveLength(0);
    expect(harness.case().loop).not.toBe('unverified');
    harness.mail.refusal = null;
    await harness.pass(day);
    expect(harness.mail.to(first, 'Did we solve it')).toHaveLength(1);
    expect(answerAsk(harness.core, harness.customerFollowUp().id, new Map([['resolved', 'no']])).status).toBe('thanks');
  });
});

describe('personal data', () => {
  it('texts of a strategic case that name somebody go with them, before they were asked', async () => {
    const harness = new Harness(slowAcme());
    await harness.receive({ completed: false, customer: 'canary-key', email: 'canary@customer.example' });
    const strategic = elevateByHand(harness.core, harness.case().id, {
      to: 'upgrade-hard-to-install',
      theme: null,
      reason: 'same cause',
      who: 'dana',
    });
    decide(harness.core, strategic.id, { text: 'Call canary-key first.', who: 'dana' });
    await harness.pass(hour);
    erasePerson(harness.core, 'canary-key', 'dana');
    await harness.pass(day);
    expect(storedLines(harness.sql).filter((line) => /canary/i.test(line))).toEqual([]);
  });

  it('goes from the page that somebody wanted after a sign-in', async () => {
    const harness = new Harness(slowAcme());
    await harness.receive({ completed: false, customer: 'canary-key' });
    requestSignInLink(harness.core, 'dana@acme.example', '/w/acme/cases?search=canary-key');
    expect(storedLines(harness.sql).join()).toContain('/w/acme/cases?search=canary-key');
    erasePerson(harness.core, 'canary-key', 'dana');
    await harness.pass(day);
    expect(storedLines(harness.sql).filter((line) => /canary/i.test(line))).toEqual([]);
    expect(storedLines(harness.sql)).toContain('sign_in_links.path: /w/acme/cases');
  });

  it('of a case that was opened by hand and is open is kept', async () => {
    const harness = new Harness(slowAcme((text) => `${text}retention: { people: 40 days }\n`));
    const customer = { key: 'k-9', email: 'k-9@customer.example', name: 'K', tier: null, revenue: null };
    openByHand(harness.core, { template: 'upgrade-not-installed', customer, reason: 'called', who: 'dana' });
    startRetentionTimer(harness.core);
    await harness.pass(60 * day);
    expect(harness.case()).toMatchObject({ loop: 'working', customerKey: 'k-9' });
  });

  it('words in a notice that waits do not leave after an erasure', async () => {
    const harness = new Harness(slowAcme());
    harness.mail.refusal = refused('auth', 401).error;
    await harness.receive({
      completed: false,
      customer: 'canary-key',
      email: 'canary@customer.example',
      wish: 'I am canary',
    });
    await harness.pass(hour);
    erasePerson(harness.core, 'canary-key', 'dana');
    harness.mail.refusal = null;
    await harness.pass(3 * day);
    expect(harness.mail.accepted.filter((m) => /canary/i.test(JSON.stringify(m))).map((m) => m.subject)).toEqual([]);
  });
});

describe('addresses', () => {
  it('are read anew where another response gave the same', async () => {
    const lost = (text: string) => text.replace('email: hidden.email', 'email: hidden.nothing');
    const harness = new Harness(slowAcme(lost));
    await harness.receive({ completed: false, email: 'one@customer.example' });
    const whole = harness.core.settings;
    harness.core.settings = slowAcme();
    await harness.receive({ token: 'r-2', completed: false, email: 'one@customer.example' });
    expect(whole).toBeDefined();
    startRereadingResponses(harness.core, 'upgrade-survey');
    await harness.pass(minute);
    expect(harness.log).toEqual([]);
    expect(harness.responses()[0]?.content.customer.email).toBe('one@customer.example');
  });
});

describe('what a person decides', () => {
  const nobodyOwns = (text: string) =>
    text.replace(
      'managers: [dana], members: [sam], assign: round-robin, loop-owner: dana, fallback: dana',
      'managers: [], members: [sam], assign: round-robin',
    );

  it('is decided where somebody is named', async () => {
    const harness = await opened(new Harness(slowAcme(nobodyOwns)));
    expect(harness.case().needsPerson).toBe('nobody answers for telling the customer: name somebody');
    changePerson(harness.core, harness.case(), 'loopOwner', 'dana', { who: 'dana' });
    expect(harness.case().needsPerson).toBeNull();
  });

  it('ends when a case manager says that nothing more is to be decided, but never what waits for words', async () => {
    const harness = await opened();
    storeDeclineExplanation(harness.core, harness.case().id, 'It would cost more than it brings.', 'dana');
    await close(harness, 'not-planned');
    await harness.pass(day);
    answerAsk(harness.core, harness.customerFollowUp().id, new Map([['resolved', 'no']]));
    await harness.pass(0);
    const leave = () => decideClosing(harness.core, harness.case().id, { decision: 'leave' }, 'dana');
    leave();
    expect(harness.case()).toMatchObject({ loop: 'declined', needsPerson: null });
    expect(leave).toThrow('nothing to decide');
    const strategic = new Harness(slowAcme());
    await strategic.receive(unhappy('a'));
    strategic.trackers.product.close(0);
    await strategic.poll();
    expect(strategic.case().needsPerson).toContain('write what changed');
    expect(() => decideClosing(strategic.core, strategic.case().id, { decision: 'leave' }, 'dana')).toThrow(
      'nothing to decide',
    );
  });
});
