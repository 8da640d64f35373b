import { describe, expect, it } from 'vitest';
import { jira } from '#adapters/trackers/jira/definition.ts';
import { createJira } from '#adapters/trackers/jira/emulator/jira.ts';
import { toStatus } from '#adapters/trackers/jira/emulator/set-up.ts';
import type { Fetch } from '#domain/base/ports.ts';
import { sampleDraft } from '#test/contracts/tracker.ts';
import { validating } from '#test/contracts/validating.ts';

const now = () => Date.parse('2026-11-23T09:30:00Z');
const bot = { account: 'bot', email: 'bot@acme.example', token: 's3cret' };
const people = [{ account: 'acc-dana', name: 'Dana' }];

/** A company's Jira, and the tracker over it. */
async function connect(own: Record<string, unknown> = {}) {
  const { app, state, trackerUser } = createJira({
    now,
    baseUrl: 'http://jira.test',
    seed: { project: 'SUP', people, bot },
  });
  const requests: string[] = [];
  const offSpec: string[] = [];
  const host = validating('jira', async (input, init) => app.fetch(new Request(input, init)), offSpec);
  const fetch: Fetch = async (input, init) => {
    const request = new Request(input, init);
    requests.push(`${request.method} ${new URL(request.url).pathname.replace('/rest/api/3', '')}`);
    return host(request);
  };
  const settings = jira.settings.parse({ kind: 'jira', project: 'SUP', email: bot.email, token: 'JIRA_TOKEN', ...own });
  const tracker = await jira.create(settings, {
    fetch,
    baseUrl: 'http://jira.test',
    retryMs: 0,
    secret: () => 's3cret',
  });
  const issue = () => {
    const newest = state.issues.at(-1);
    if (!newest) throw new Error('no issue');
    return newest;
  };
  return { state, setUp: state.setUp, trackerUser, tracker, requests, offSpec, issue };
}

const impact = {
  id: 'customfield_10060',
  name: 'Customer Impact',
  type: 'option' as const,
  required: true,
  values: ['High', 'Low'],
};
const cause = { id: 'customfield_10061', name: 'What happened', type: 'textarea' as const, required: true, values: [] };

describe('finding 2: required fields', () => {
  it('are named by the check, and by a refused create', async () => {
    const { setUp, tracker } = await connect();
    setUp.customFields.push(impact);
    const findings = await tracker.check({ accounts: [], labels: [], now: now() });
    expect(findings).toContainEqual(
      expect.objectContaining({
        blocking: true,
        message: expect.stringContaining('Customer Impact (customfield_10060)'),
      }),
    );
    await expect(tracker.createIssue(sampleDraft(1))).rejects.toMatchObject({
      code: 'rejected',
      fields: [{ field: 'customfield_10060', why: 'Customer Impact is required' }],
    });
  });

  it('get the values of the settings, by name or id, and those of the template', async () => {
    const { setUp, tracker, issue, offSpec } = await connect({
      fields: {
        'customer impact': 'Low',
        customfield_10061: 'See the case.',
        components: ['Installer'],
        labels: ['customer'],
      },
    });
    setUp.customFields.push(impact, cause);
    setUp.components.push('Installer');
    setUp.versions.push('2.0');
    const options = { 'issue-type': 'Bug', fields: { 'Customer Impact': 'High', fixVersions: '2.0' } };
    expect(await tracker.check({ accounts: [], labels: [], now: now(), options: [options] })).toEqual([]);
    await tracker.createIssue({ ...sampleDraft(1), options });
    expect(issue()).toMatchObject({
      issueType: 'Bug',
      labels: expect.arrayContaining(['customer']),
      custom: {
        customfield_10060: { value: 'High' },
        customfield_10061: { type: 'doc' },
        components: [{ name: 'Installer' }],
        fixVersions: [{ name: '2.0' }],
      },
    });
    expect(offSpec).toEqual([]);
  });

  it('need no description of the screen', async () => {
    const { setUp, tracker, issue } = await connect({ fields: { customfield_10060: { value: 'High' } } });
    setUp.customFields.push(impact);
    setUp.forbidden.push('GET /issue/createmeta/SUP/issuetypes/');
    await tracker.createIssue(sampleDraft(1));
    expect(issue().custom).toEqual({ customfield_10060: { value: 'High' } });
    expect(issue().labels).toContain('severity:high');
  });
});

describe('finding 4: a field off the edit screen', () => {
  it('is named by the refusal, with the part of the edit', async () => {
    const { setUp, tracker } = await connect();
    const { id } = await tracker.createIssue(sampleDraft(1));
    setUp.offEditScreen.push('duedate');
    await expect(tracker.editIssue(id, { dueDate: '2026-12-24', assignee: 'acc-dana' })).rejects.toMatchObject({
      code: 'rejected',
      fields: [{ field: 'duedate', part: 'dueDate', why: expect.stringContaining('not on the appropriate screen') }],
    });
  });

  it.each([
    ['P1…P4', ['P1', 'P2', 'P3', 'P4'], undefined, 'P2'],
    ['German', ['Höchste', 'Hoch', 'Mittel', 'Niedrig', 'Niedrigste'], undefined, 'Hoch'],
    ['three', ['Critical', 'Major', 'Minor'], undefined, 'Critical'],
    ['configured', ['Blocker', 'Later', 'Now'], ['Blocker', 'Now', 'Later', 'Later'], 'Now'],
  ])('has priorities by rank where their names are other ones: %s', async (_, priorities, configured, expected) => {
    const { setUp, tracker, issue } = await connect({ ...(configured && { 'priority-names': configured }) });
    setUp.priorities = priorities;
    const made = await tracker.createIssue(sampleDraft(1));
    expect(issue().priority).toBe(expected);
    expect(made.severity).toBe(2 - Number(expected === 'Critical'));
    const edited = await tracker.editIssue(made.id, { severity: { name: 'low', rank: 4 } });
    expect(issue().priority).toBe(configured ? 'Later' : priorities[Math.min(3, priorities.length - 1)]);
    expect(edited.severity).toBe(configured ? 3 : 4);
  });
});

describe('finding 10: an issue that was made with less', () => {
  it('gets its text and everything else at once, but what was refused', async () => {
    const { tracker, issue, requests } = await connect();
    const made = await tracker.createIssue({ ...sampleDraft(1), assignee: 'acc-nobody' });
    expect(made).toMatchObject({ assignee: null, dueDate: sampleDraft(1).dueDate, severity: 2 });
    expect(JSON.stringify(issue().description)).toContain('scored');
    expect(requests.filter((request) => request === 'POST /issue')).toHaveLength(2);
  });
});

describe('finding 11: the words of a refusal', () => {
  it('are left out where they repeat what was sent', async () => {
    const { tracker } = await connect();
    const { id } = await tracker.createIssue(sampleDraft(1));
    await expect(
      tracker.editIssue(id, { labelsToAdd: [{ name: 'a b', color: '', description: '' }] }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('labels (A label is text without spaces)'),
    });
  });
});

describe('a workflow of a company', () => {
  it('is walked step by step, with what a transition demands', async () => {
    const { setUp, tracker, issue } = await connect({ fields: { 'What happened': 'See the case.' } });
    setUp.customFields.push({ ...cause, required: false });
    setUp.statuses = [
      toStatus('1', 'To Do', 'new'),
      toStatus('2', 'In Arbeit', 'indeterminate'),
      toStatus('3', 'In Prüfung', 'indeterminate'),
      toStatus('4', 'Erledigt', 'done'),
      toStatus('5', 'Won’t do', 'done'),
    ];
    setUp.moves = {
      'To Do': ['In Arbeit'],
      'In Arbeit': ['To Do', 'In Prüfung'],
      'In Prüfung': ['Erledigt', 'Won’t do'],
    };
    setUp.demands = { Erledigt: ['resolution'], 'Won’t do': ['resolution'] };
    const fixed = await tracker.createIssue(sampleDraft(1));
    expect((await tracker.closeIssue(fixed.id, 'completed')).status.name).toBe('Erledigt');
    expect(issue().resolution).toBe('Done');
    const declined = await tracker.createIssue(sampleDraft(2));
    expect((await tracker.closeIssue(declined.id, 'not-planned')).status.name).toBe('Won’t do');
    expect(issue().resolution).toBe("Won't Do");
  });
});

describe('the check of a company’s project, before anything fails', () => {
  type Host = Awaited<ReturnType<typeof connect>>;
  const check = async ({ tracker }: Host) =>
    (await tracker.check({ accounts: [], labels: [], now: now() }))?.map(
      ({ about, blocking, message }) => `${blocking ? 'STOPS' : 'note'} ${about}: ${message}`,
    );
  const reason = { id: 'customfield_10070', name: 'Reason', type: 'string' as const, required: false, values: [] };

  it('is silent where everything works, before the first issue and after a closing', async () => {
    const host = await connect();
    expect(await check(host)).toEqual([]);
    const { id } = await host.tracker.createIssue(sampleDraft(1));
    await host.tracker.createIssue(sampleDraft(2));
    await host.tracker.closeIssue(id, 'completed');
    expect(await check(host)).toEqual([]);
    expect(host.offSpec).toEqual([]);
  });

  it.each([
    [
      'labels are off the edit screen',
      ({ setUp }: Host) => void setUp.offEditScreen.push('labels'),
      ['STOPS fields: the edit screen of SUP-2 does not take labels, so later changes of it are refused'],
    ],
    [
      'the due date is off the edit screen, where a label stands in',
      ({ setUp }: Host) => void setUp.offEditScreen.push('duedate'),
      ['note fields: the edit screen of SUP-2 does not take duedate, so later changes of it are refused'],
    ],
    [
      'a closing demands a field',
      ({ setUp }: Host) => {
        setUp.customFields.push(reason);
        setUp.demands = { Done: [reason.id] };
      },
      ['STOPS workflow: the transition to Done demands Reason (customfield_10070), and no value is set for it'],
    ],
    [
      'a closing takes several steps',
      ({ setUp }: Host) => void Object.assign(setUp, { moves: { 'To Do': ['In Progress'] } }),
      ['note workflow: SUP-2 is closed in several steps, from To Do'],
    ],
    [
      'nothing leads on',
      ({ setUp }: Host) => void Object.assign(setUp, { moves: { 'To Do': [] } }),
      ['STOPS workflow: no transition leads from To Do of SUP-2 to a closing'],
    ],
    [
      'nothing leads back',
      ({ state }: Host) => void Object.assign(state, { canReopen: false }),
      ['STOPS workflow: no transition leads from Done of SUP-1 to an open status'],
    ],
    [
      'a permission is missing',
      ({ state }: Host) => void state.lacks.push('EDIT_ISSUES'),
      ['STOPS permissions: bot@acme.example lacks “Edit issues” in SUP'],
    ],
  ])('tells that %s', async (_, change, findings) => {
    const host = await connect();
    const { id } = await host.tracker.createIssue(sampleDraft(1));
    await host.tracker.createIssue(sampleDraft(2));
    await host.tracker.closeIssue(id, 'completed');
    change(host);
    expect(await check(host)).toEqual(findings);
  });

  it('tells before the first issue that no status closes', async () => {
    const host = await connect();
    host.setUp.statuses = [toStatus('1', 'To Do', 'new')];
    expect(await check(host)).toEqual([
      'STOPS workflow: the workflow of Task in SUP has no status that closes an issue',
    ]);
  });

  it('is right about the demanded field: a closing needs it, and works with a value', async () => {
    const host = await connect({ fields: { Reason: 'By Caselite' } });
    host.setUp.customFields.push(reason);
    host.setUp.demands = { Done: [reason.id], 'To Do': [reason.id] };
    const { id } = await host.tracker.createIssue(sampleDraft(1));
    expect(await check(host)).toEqual([]);
    expect(await host.tracker.closeIssue(id, 'completed')).toMatchObject({ state: 'closed' });
    expect(await host.tracker.reopenIssue(id)).toMatchObject({ state: 'open' });
  });
});

describe('comments on pages with fewer rows than were asked for', () => {
  it('are read to the last one', async () => {
    const { state, tracker, trackerUser } = await connect();
    const { id, key } = await tracker.createIssue(sampleDraft(1));
    for (const words of ['one', 'two', 'three']) await trackerUser.comment(key, 'acc-dana', words);
    state.largestPage = 2;
    expect((await tracker.listComments(id, 0)).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  });
});

describe('a duplicate in another language', () => {
  it('is known by its resolution and its link', async () => {
    const { setUp, tracker, trackerUser, issue } = await connect();
    const [original, repeated] = [await tracker.createIssue(sampleDraft(1)), await tracker.createIssue(sampleDraft(2))];
    await trackerUser.close(repeated.key, 'acc-dana', 'duplicate', original.key);
    issue().resolution = 'Duplikat';
    for (const link of issue().links) link.type = 'Duplikat';
    const { closure } = (await tracker.readIssue(repeated.id)) ?? {};
    expect(closure).toMatchObject({ kind: 'duplicate', native: 'Duplikat', repeats: original.id });
    setUp.resolutions = ['Erledigt', 'Duplikat'];
    expect((await tracker.closeIssue(original.id, 'duplicate')).closure).toMatchObject({ native: 'Duplikat' });
  });
});
