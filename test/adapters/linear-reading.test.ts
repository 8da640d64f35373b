import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { linear } from '#adapters/trackers/linear/definition.ts';
import { linearSchema } from '#adapters/trackers/linear/emulator/build-schema.ts';
import { createLinear } from '#adapters/trackers/linear/emulator/linear.ts';
import { addTeam, newRow } from '#adapters/trackers/linear/emulator/state.ts';
import { commentDraft, dana, draftOf, minute, sam, searchOf, setup } from './linear-setup.ts';

describe('closing and reopening', () => {
  it.each([
    ['completed', 'completed', 'Done'],
    ['not-planned', 'not-planned', 'Canceled'],
    ['duplicate', 'duplicate', 'Duplicate'],
  ] as const)('reads %s and who did it', async (how, kind, native) => {
    const { tracker, trackerUser, later, clock } = await setup();
    const { id } = await tracker.createIssue(draftOf());
    later(10 * minute);
    await trackerUser.close('GRO-1', sam, how);
    expect(await tracker.readIssue(id)).toMatchObject({
      state: 'closed',
      closure: { kind, native, at: clock.at, by: sam },
    });
  });

  it('reads closing for age', async () => {
    const { tracker, trackerUser, later, state, clock } = await setup();
    const { id } = await tracker.createIssue(draftOf());
    later(10 * minute);
    await trackerUser.close('GRO-1', sam, 'not-planned');
    for (const issue of state.issues) issue.autoClosedAt = new Date(clock.at).toISOString();
    expect((await tracker.readIssue(id))?.closure?.kind).toBe('stale');
    later(minute * 60);
    await trackerUser.reopen('GRO-1', dana);
    await trackerUser.close('GRO-1', dana);
    expect((await tracker.readIssue(id))?.closure).toMatchObject({ kind: 'completed', by: dana });
  });

  it('does not know who closed within three minutes, and blames nobody for it later', async () => {
    const { tracker, trackerUser, later } = await setup();
    const { id } = await tracker.createIssue(draftOf());
    later(2 * minute);
    await trackerUser.close('GRO-1', sam);
    expect((await tracker.readIssue(id))?.closure).toMatchObject({ kind: 'completed', by: null });
    later(2 * minute);
    await trackerUser.reopen('GRO-1', dana);
    expect((await tracker.readIssue(id))?.closure).toBeNull();
  });

  it.each(['completed', 'not-planned', 'duplicate', 'stale', 'other'] as const)('closes as %s', async (kind) => {
    const { tracker, sent } = await setup();
    const { id } = await tracker.createIssue(draftOf());
    expect(await tracker.closeIssue(id, kind)).toMatchObject({ state: 'closed' });
    sent.length = 0;
    const read = kind === 'completed' || kind === 'duplicate' ? kind : 'not-planned';
    expect((await tracker.closeIssue(id, kind)).closure?.kind).toBe(read);
    expect(sent.filter((entry) => entry.operation === 'updateIssue')).toEqual([]);
  });

  it('reopens, also from the archive and in another team, and once only', async () => {
    const { tracker, later, state, sent, clock, sendAs } = await setup();
    const { id } = await tracker.createIssue(draftOf());
    await tracker.closeIssue(id, 'completed');
    later(minute);
    const [issue] = state.issues;
    if (!issue) throw new Error('no issue');
    const teamId = addTeam(state, clock.at, { key: 'OPS', name: 'Operations' }).id;
    await sendAs(
      dana,
      'mutation ($id: String!, $input: IssueUpdateInput!) { issueUpdate(id: $id, input: $input) { success } }',
      { id, input: { teamId } },
    );
    issue.archivedAt = new Date(clock.at).toISOString();
    expect(await tracker.reopenIssue(id)).toMatchObject({ id, key: 'OPS-1', state: 'open' });
    expect(issue.archivedAt).toBeNull();
    sent.length = 0;
    await tracker.reopenIssue(id);
    expect(sent.map((entry) => entry.operation)).toEqual(['issueContext', 'issueById']);
  });

  it('sees neither deleted nor trashed issues, and does not make them again', async () => {
    const { tracker, state } = await setup();
    const { id } = await tracker.createIssue(draftOf());
    for (const issue of state.issues) issue.trashed = true;
    expect(await tracker.readIssue(id)).toBeNull();
    expect(await tracker.findCreatedIssue(searchOf(draftOf()))).toBeNull();
    await expect(tracker.reopenIssue(id)).rejects.toMatchObject({ code: 'rejected' });
    await expect(tracker.createIssue(draftOf())).rejects.toMatchObject({ code: 'rejected' });
    state.issues.length = 0;
    expect(await tracker.readIssue(id)).toBeNull();
  });
});

describe('polling', () => {
  it('misses no change while our own clock is an hour fast, or after', async () => {
    const { tracker, trackerUser, later, clock } = await setup();
    const { id } = await tracker.createIssue(draftOf());
    later(60 * minute);
    let { cursor } = await tracker.listChanges(null, clock.at + 60 * minute);
    for (const fast of [60, 0]) {
      later(20 * minute);
      ({ cursor } = await tracker.listChanges(cursor, clock.at + 60 * minute));
      later(minute);
      await trackerUser.comment('GRO-1', sam, `Fast by ${fast} minutes`);
      later(minute);
      const { changed } = await tracker.listChanges(cursor, clock.at + fast * minute);
      expect(changed.map((issue) => issue.id)).toEqual([id]);
    }
  });

  it('pages through everything that changed, archived or not, and overlaps', async () => {
    const { tracker, trackerUser, later, clock, state, sent } = await setup();
    await tracker.createIssue(draftOf());
    const [first] = state.issues;
    if (!first) throw new Error('no issue');
    const at = new Date(clock.at).toISOString();
    for (let number = 2; number <= 250; number += 1)
      state.issues.push({ ...first, ...newRow(state, clock.at), number, identifier: `GRO-${number}` });
    for (const issue of state.issues.slice(200)) issue.archivedAt = at;
    const { cursor, changed } = await tracker.listChanges(null, clock.at);
    expect(changed).toEqual([]);

    later(minute);
    sent.length = 0;
    const second = await tracker.listChanges(cursor, clock.at);
    expect(new Set(second.changed.map((change) => change.id)).size).toBe(250);
    expect(second.changed).toHaveLength(250);
    expect(sent).toHaveLength(3);

    later(30 * minute);
    const quiet = await tracker.listChanges(second.cursor, clock.at);
    const third = await tracker.listChanges(quiet.cursor, clock.at);
    await trackerUser.close('GRO-7', sam);
    const fourth = await tracker.listChanges(third.cursor, clock.at);
    const closed = { id: state.issues[6]?.id, updatedAt: clock.at };
    expect([third.changed, fourth.changed]).toEqual([[], [closed]]);
    later(9 * minute);
    expect((await tracker.listChanges(fourth.cursor, clock.at)).changed).toEqual([closed]);
  });
});

describe('what is sent', () => {
  it('fits the schema and stays cheap', async () => {
    const { tracker, later, trackerUser, clock, sent } = await setup();
    const { id } = await tracker.createIssue(draftOf());
    later(10 * minute);
    await trackerUser.close('GRO-1', sam);
    await tracker.createIssue(draftOf());
    await tracker.findCreatedIssue(searchOf(draftOf()));
    await tracker.readIssue(id);
    await tracker.listChanges(String(clock.at), clock.at);
    await tracker.addComment(id, { ...commentDraft, mention: [dana] });
    await tracker.hasComment(id, commentDraft);
    await tracker.listComments(id, 0);
    await tracker.editIssue(id, { labelsToRemove: ['tier:gold'] });
    await tracker.reopenIssue(id);
    await tracker.closeIssue(id, 'completed');
    for (const { query } of sent) expect(validate(linearSchema, parse(query))).toEqual([]);
    expect(Math.max(...sent.map((entry) => entry.complexity))).toBeLessThan(500);
    const unbounded =
      /\b(?:issues|labels|comments|attachments|history|states|users|teams|issueLabels)\s*(?:\{|\((?!\s*first:))/;
    for (const { query } of sent) expect(query).not.toMatch(unbounded);
  });

  it('needs no floor, and names its secret', async () => {
    const { tracker } = await setup();
    expect(await tracker.floor()).toBe('');
    expect(linear.secrets({ kind: 'linear', team: 'GRO', token: 'LINEAR_KEY' })).toEqual(['LINEAR_KEY']);
  });
});

describe('the emulator', () => {
  it('goes on from its state as JSON', async () => {
    const { tracker, trackerUser, state, clock } = await setup();
    await tracker.createIssue(draftOf());
    const again = createLinear({
      now: () => clock.at,
      baseUrl: 'https://linear.test',
      seed: {
        team: { key: 'GRO', name: 'Growth' },
        people: [],
        bot: { token: 'lin_api_1', name: 'Caselite' },
      },
      state: JSON.parse(JSON.stringify(state)),
    });
    expect(await again.trackerUser.list()).toEqual(await trackerUser.list());
    expect(again.trackerUser.people).toEqual([dana, sam]);
  });
});
