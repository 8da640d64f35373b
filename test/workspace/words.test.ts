import { describe, expect, it } from 'vitest';
import { IntegrationError } from '#domain/base/errors.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { hour } from '#test/harness/times.ts';

const words = 'It stops at 80 %.\n/close now @everyone\n# Heading';
const quoting = () => new Harness(slowAcme((text) => text.replace('words: never', 'words: private')));
const told = { completed: false, wish: words };
const body = (harness: Harness) => harness.trackers.support.issues[0]?.body ?? '';

describe('respondents’ words', () => {
  it('stay out of a tracker by default', async () => {
    const harness = new Harness();
    await harness.receive(told);
    expect(body(harness)).not.toContain('It stops');
    expect(harness.trackers.support.count('visibility')).toBe(0);
  });

  it('are quoted, inert, where the workspace allows it and the tracker is private', async () => {
    const harness = quoting();
    await harness.receive(told);
    expect(body(harness)).toContain('untrusted');
    expect(body(harness)).toContain('> It stops at 80 %.');
    expect(body(harness)).not.toMatch(/^\/close|@everyone|^# Heading/m);
    expect(body(harness)).not.toMatch(/Name of k-1|k-1@customer\.example/);
  });

  it.each(['public', 'unknown'] as const)('stay out of a tracker that is %s', async (place) => {
    const harness = quoting();
    harness.trackers.support.place = place;
    await harness.receive(told);
    expect(harness.case().issue).not.toBeNull();
    expect(body(harness)).not.toContain('It stops');
  });

  it.each(['auth', 'rejected'] as const)('stay out of a tracker that refuses to tell (%s)', async (code) => {
    const harness = quoting();
    harness.trackers.support.always.set('visibility', {
      error: new IntegrationError(code, 'read repository', { status: 403 }),
      when: 'before',
    });
    await harness.receive(told);
    await harness.pass(hour);
    expect(harness.case().issue).not.toBeNull();
    expect(harness.outbox().filter(({ kind, state }) => kind === 'issue.edit' && state !== 'done')).toEqual([]);
    expect(body(harness)).not.toContain('It stops');
  });

  it('come later to a private tracker that did not answer at once', async () => {
    const harness = quoting();
    harness.trackers.support.fail('visibility', { error: new IntegrationError('unavailable', 'read'), when: 'before' });
    await harness.receive(told);
    expect(body(harness)).not.toContain('It stops');
    await harness.pass(hour);
    expect(body(harness)).toContain('> It stops at 80 %.');
  });

  it('go again with the next text when the tracker has turned public', async () => {
    const harness = quoting();
    await harness.receive(told);
    harness.trackers.support.place = 'public';
    await harness.receive({ ...told, token: 'r-2' });
    expect(body(harness)).not.toContain('It stops');
  });

  it('of somebody who was erased are taken out of the issue', async () => {
    const harness = quoting();
    await harness.receive(told);
    expect(body(harness)).toContain('It stops');
    harness.sql.transaction(() => erasePerson(harness.core, 'k-1', 'dana'));
    await harness.pass(hour);
    expect(body(harness)).not.toContain('It stops');
    expect(body(harness)).not.toContain('untrusted');
  });
});
