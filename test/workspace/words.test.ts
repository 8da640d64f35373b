import { describe, expect, it } from 'vitest';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { hour, Rig, slowAcme } from './rig.ts';

const words = 'It stops at 80 %.\n/close now @everyone\n# Heading';
const quoting = () => new Rig(slowAcme((text) => text.replace('words: never', 'words: private')));
const told = { completed: false, wish: words };
const body = (rig: Rig) => rig.trackers.support.issues[0]?.body ?? '';

describe('respondents’ words', () => {
  it('stay out of a tracker by default', async () => {
    const rig = new Rig();
    await rig.receive(told);
    expect(body(rig)).not.toContain('It stops');
    expect(rig.trackers.support.count('visibility')).toBe(0);
  });

  it('are quoted, inert, where the workspace allows it and the tracker is private', async () => {
    const rig = quoting();
    await rig.receive(told);
    expect(body(rig)).toContain('untrusted');
    expect(body(rig)).toContain('> It stops at 80 %.');
    expect(body(rig)).not.toMatch(/^\/close|@everyone|^# Heading/m);
    expect(body(rig)).not.toMatch(/Name of k-1|k-1@customer\.example/);
  });

  it.each(['public', 'unknown'] as const)('stay out of a tracker that is %s', async (place) => {
    const rig = quoting();
    rig.trackers.support.place = place;
    await rig.receive(told);
    expect(rig.case().issue).not.toBeNull();
    expect(body(rig)).not.toContain('It stops');
  });

  it('go again with the next text when the tracker has turned public', async () => {
    const rig = quoting();
    await rig.receive(told);
    rig.trackers.support.place = 'public';
    await rig.receive({ ...told, token: 'r-2' });
    expect(body(rig)).not.toContain('It stops');
  });

  it('of somebody who was erased are taken out of the issue', async () => {
    const rig = quoting();
    await rig.receive(told);
    expect(body(rig)).toContain('It stops');
    rig.sql.transaction(() => erasePerson(rig.core, 'k-1', 'dana'));
    await rig.pass(hour);
    expect(body(rig)).not.toContain('It stops');
    expect(body(rig)).not.toContain('untrusted');
  });
});
