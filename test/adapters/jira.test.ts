import { describe, expect, it } from 'vitest';
import { jira } from '#adapters/trackers/jira/definition.ts';
import { baseUrl, creates, draft, harness, loseAnswers, minute, search, settings, start } from './jira-harness.ts';

describe('settings', () => {
  it('has a default issue type and names its secret', () => {
    expect(settings['issue-type']).toBe('Task');
    expect(jira.secrets(settings)).toEqual(['JIRA_TOKEN']);
    expect(jira.settings.safeParse({ ...settings, project: 'SUP" OR "1' }).success).toBe(false);
  });

  it('asks for the address of the site', async () => {
    await expect(harness({ address: '' })).rejects.toMatchObject({ code: 'config' });
  });
});

describe('create', () => {
  it('makes the whole issue in one call', async () => {
    const { tracker, trackerUser, sent } = await harness();
    const issue = await tracker.createIssue(draft);

    expect(sent.filter(({ method, path }) => method !== 'GET' && path.startsWith('/rest/api/3/issue'))).toMatchObject([
      { path: '/rest/api/3/issue' },
      { path: expect.stringMatching(/remotelink$/) },
    ]);
    expect(issue).toEqual({
      id: expect.stringMatching(/^\d+$/),
      key: 'SUP-1',
      url: `${baseUrl}/browse/SUP-1`,
      title: draft.title,
      state: 'open',
      status: { name: 'To Do', class: 'open' },
      severity: 1,
      commentCount: 0,
      ownershipMarks: { markers: [draft.marker], links: ['https://cases.acme.example/C-17'] },
      condition: null,
      closure: null,
      labels: ['severity:urgent', 'category:installation-issues', 'case-C-17'],
      assignee: 'acc-sam',
      dueDate: '2026-11-24',
      updatedAt: start,
    });
    expect(await trackerUser.list()).toMatchObject([
      {
        key: 'SUP-1',
        title: draft.title,
        body: 'Why: score 2 of 10, chosen <Other> *as is*\n- Tier: gold\nCase page (https://cases.acme.example/C-17)',
        assignee: 'acc-sam',
        dueDate: '2026-11-24',
        priority: 'Highest',
      },
    ]);
  });

  it('sets what the create screen lacks afterwards', async () => {
    const { tracker, trackerUser, state, sent } = await harness();
    state.offScreen = ['duedate', 'priority'];
    expect(await tracker.createIssue(draft)).toMatchObject({ dueDate: '2026-11-24', assignee: 'acc-sam' });
    expect(await trackerUser.list()).toMatchObject([{ dueDate: '2026-11-24', priority: 'Highest' }]);
    expect(sent.find(creates)?.body).not.toContain('duedate');
  });

  it('looks at the screen once, and again after a refusal', async () => {
    const { tracker, state, sent } = await harness();
    const lookups = () => sent.filter(({ path }) => path.includes('createmeta')).length;
    await tracker.createIssue(draft);
    await tracker.createIssue(draft);
    expect(lookups()).toBe(2);
    state.offScreen = ['duedate'];
    // The full draft is refused, a plain issue accepted, and edits add the rest, because no screen restricts edits.
    const whole = { dueDate: '2026-11-24', assignee: 'acc-sam', severity: 1 };
    expect(await tracker.createIssue(draft)).toMatchObject(whole);
    expect((await tracker.createIssue(draft)).labels).toContain('severity:urgent');
    expect(lookups()).toBe(4);
  });

  it('has an unknown outcome when the new issue cannot be read or completed just now', async () => {
    const { tracker, trouble, state } = await harness();
    state.offScreen = ['duedate'];
    trouble.reply = async (request, answer) =>
      /\/issue\/\d+$/.test(request.url.split('?')[0] ?? '') ? new Response('busy', { status: 500 }) : answer();
    await expect(tracker.createIssue(draft)).rejects.toMatchObject({ code: 'unknown', status: 500 });
    expect(state.issues).toHaveLength(1);
  });

  it('does not count a failed read of the screen as an unknown outcome', async () => {
    const { tracker, trouble, state } = await harness();
    trouble.reply = async () => new Response('', { status: 502 });
    await expect(tracker.createIssue(draft)).rejects.toMatchObject({ code: 'unavailable' });
    expect(state.issues).toHaveLength(0);
  });

  it('never links an issue that is not the one it asked for', async () => {
    const { tracker, trouble, state } = await harness();
    await tracker.createIssue({ ...draft, marker: '1.C-1.00000000000000000000000000000000' });
    trouble.reply = async (request, answer) => {
      const response = await answer();
      if (!creates({ method: request.method, path: new URL(request.url).pathname })) return response;
      return Response.json({ id: state.issues[0]?.id, key: 'SUP-1' }, { status: 201 });
    };
    await expect(tracker.createIssue(draft)).rejects.toMatchObject({ code: 'unknown' });
  });

  it('names a missing issue type', async () => {
    const { tracker, state } = await harness({ issueType: 'Incident' });
    await expect(tracker.createIssue(draft)).rejects.toThrow(/no issue type Incident/);
    expect(state.issues).toHaveLength(0);
  });
});

describe('read-back', () => {
  it('finds an issue whose answer was lost, although search does not know it yet', async () => {
    const { tracker, trouble, state, sent, clock } = await harness();
    for (let count = 0; count < 3; count += 1) {
      await tracker.createIssue({ ...draft, marker: `1.C-${count}.00000000000000000000000000000000` });
    }
    clock.now += 20 * minute;
    state.indexLagMs = 10 * minute;
    const floor = await tracker.floor();
    expect(floor).toBe('3');
    trouble.reply = loseAnswers('POST', /\/issue$/);
    const before = sent.filter(creates).length;
    await expect(tracker.createIssue(draft)).rejects.toMatchObject({ code: 'unknown', status: 0 });
    expect(sent.filter(creates)).toHaveLength(before + 1);
    expect(await tracker.findCreatedIssue({ ...search, floor })).toMatchObject({ key: 'SUP-4' });
    expect(state.issues).toHaveLength(4);
  });

  it('finds it past a hundred other issues and burnt numbers', async () => {
    const { tracker, state } = await harness();
    for (let count = 0; count < 120; count += 1) {
      await tracker.createIssue({ ...draft, marker: `1.C-${count}.00000000000000000000000000000000` });
    }
    state.nextNumber.SUP = 190;
    await tracker.createIssue(draft);
    expect(await tracker.findCreatedIssue({ ...search, floor: '0' })).toMatchObject({ key: 'SUP-190' });
  });

  it('finds it by label when it lies below the floor', async () => {
    const { tracker } = await harness();
    await tracker.createIssue(draft);
    expect(await tracker.findCreatedIssue({ ...search, floor: '50' })).toMatchObject({ key: 'SUP-1' });
  });

  it('trusts neither a label, nor a near marker, nor a marker copied by somebody else', async () => {
    const { tracker, app } = await harness();
    await tracker.createIssue({ ...draft, marker: `${draft.marker.slice(0, -1)}0` });
    const authorization = `Basic ${btoa('acc-sam:as-person')}`;
    const made = await app.request('/rest/api/3/issue', {
      method: 'POST',
      headers: { authorization },
      body: JSON.stringify({
        fields: {
          project: { key: 'SUP' },
          issuetype: { name: 'Task' },
          summary: 'Mine',
          labels: ['case-C-17'],
        },
        properties: [{ key: 'caselite.case', value: { marker: draft.marker } }],
      }),
    });
    expect(made.status).toBe(201);
    expect(await tracker.findCreatedIssue({ ...search, floor: '0' })).toBeNull();
  });

  it('starts from zero in an empty project', async () => {
    const { tracker } = await harness();
    expect(await tracker.floor()).toBe('0');
    expect(await tracker.findCreatedIssue({ ...search, floor: '0' })).toBeNull();
  });
});
