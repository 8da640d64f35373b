import { describe, expect, it } from 'vitest';
import { linear } from '#adapters/trackers/linear/definition.ts';
import { createLinear } from '#adapters/trackers/linear/emulator/linear.ts';
import type { Fetch } from '#domain/base/ports.ts';
import { sampleDraft } from '#test/contracts/tracker.ts';

const now = () => Date.parse('2026-11-23T09:30:00Z');

/** A company's Linear, and the tracker over its team. */
async function connect(own: Record<string, unknown> = {}) {
  const { app, state, trackerUser } = createLinear({
    now,
    baseUrl: 'http://linear.test',
    seed: {
      team: { key: 'GRO', name: 'Growth' },
      people: [{ account: 'dana@acme.example', name: 'Dana' }],
      bot: { token: 's3cret', name: 'Caselite' },
    },
  });
  const fetch: Fetch = async (input, init) => app.fetch(new Request(input, init));
  const settings = linear.settings.parse({ kind: 'linear', team: 'GRO', token: 'LINEAR_KEY', ...own });
  const deps = { fetch, baseUrl: 'http://linear.test/graphql', retryMs: 0, secret: () => 's3cret' };
  return { state, trackerUser, tracker: await linear.create(settings, deps) };
}

const label = (name: string) => ({ name, color: 'ededed', description: '' });

describe('finding 3: a permission that Linear refuses under HTTP status 200', () => {
  it('is a missing permission, and no failed sign-in', async () => {
    const { state, tracker } = await connect();
    const { id } = await tracker.createIssue(sampleDraft(1));
    state.forbidden = ['issueUpdate'];
    await expect(tracker.editIssue(id, { title: 'Another' })).rejects.toMatchObject({ code: 'auth', status: 403 });
  });

  it('for labels stops no create, and is blamed on the labels of an edit', async () => {
    const { state, tracker } = await connect();
    state.forbidden = ['issueLabelCreate'];
    const { id, labels, dueDate } = await tracker.createIssue(sampleDraft(1));
    expect({ labels, dueDate }).toEqual({ labels: [], dueDate: sampleDraft(1).dueDate });
    await expect(tracker.editIssue(id, { labelsToAdd: [label('overdue')] })).rejects.toMatchObject({
      code: 'auth',
      status: 403,
      fields: [{ part: 'labels' }],
    });
  });
});

describe('finding 11: Linear’s words', () => {
  it('are shown', async () => {
    const { tracker } = await connect();
    const { id } = await tracker.createIssue(sampleDraft(1));
    await expect(tracker.editIssue(id, { dueDate: 'tomorrow' })).rejects.toThrow(/INPUT_ERROR, dueDate is no date/);
  });
});

describe('state and labels of new issues', () => {
  it('come from the tracker and the template', async () => {
    const { tracker } = await connect({ state: 'Backlog', labels: ['customer'] });
    const options = { state: 'in progress', labels: ['upgrade'] };
    const made = await tracker.createIssue({ ...sampleDraft(1), options });
    expect(made.status.name).toBe('In Progress');
    expect(made.labels).toEqual(expect.arrayContaining(['customer', 'upgrade']));
    expect((await tracker.createIssue(sampleDraft(2))).status.name).toBe('Backlog');
  });

  it('name the states where there is no such one', async () => {
    const { tracker } = await connect({ state: 'Inbox' });
    await expect(tracker.createIssue(sampleDraft(1))).rejects.toThrow(/no state Inbox; it has .*Todo/);
  });
});
