import { describe, expect, it } from 'vitest';
import { Flood, Gathering } from '#src/workspace/intake/gather.ts';
import { hour, minute } from '#test/harness/times.ts';

/** A door at which a delivery arrives in each pause until the instant; waits take only its own time. */
function openDoor(arrivals: { from: number; until: number; everyMs: number }) {
  let now = hour;
  let stored = 0;
  const flood = new Flood();
  const door = new Gathering(async (batch) => {
    stored += batch.length;
    return batch.map(() => 'd');
  }, flood);
  const arrive = () => {
    void door.add({ source: 's', raw: { body: new Uint8Array(), headers: {}, receivedAt: now } });
  };
  const pass = async (ms: number) => {
    const end = now + ms;
    for (; now < end; now += 1) {
      const since = now - hour - arrivals.from;
      if (since >= 0 && now - hour < arrivals.until && since % arrivals.everyMs === 0) arrive();
    }
  };
  const wait = async () => {
    const since = now;
    await flood.waitForQuiet({ now: () => now }, pass);
    return now - since;
  };
  const jump = (ms: number) => {
    now += ms;
  };
  /** Other work that was given its turn, and never comes to it. */
  const queue = () => void flood.waitForQuiet({ now: () => now }, () => new Promise(() => {}));
  return { wait, pass, arrive, jump, queue, stored: () => stored };
}

describe('work that gives way to deliveries', () => {
  it('does not wait where none arrived lately', async () => {
    const door = openDoor({ from: 0, until: 0, everyMs: 1 });
    expect(await door.wait()).toBe(0);
    door.arrive();
    await door.pass(minute);
    expect(await door.wait()).toBe(0);
  });

  it('takes one look after a single delivery', async () => {
    const door = openDoor({ from: 0, until: 0, everyMs: 1 });
    door.arrive();
    expect(await door.wait()).toBe(5);
  });

  it('waits until a flood ends, at most a quarter of a second for each turn', async () => {
    const short = openDoor({ from: 0, until: 100, everyMs: 2 });
    await short.pass(10);
    expect(await short.wait()).toBeGreaterThanOrEqual(90);
    const long = openDoor({ from: 0, until: hour, everyMs: 2 });
    await long.pass(10);
    expect(await long.wait()).toBe(250);
    expect(long.stored()).toBeGreaterThan(100);
  });

  it('of several workspaces takes its turn after that of the others, at most half a minute later', async () => {
    const door = openDoor({ from: 0, until: hour, everyMs: 2 });
    await door.pass(10);
    for (let others = 0; others < 3; others += 1) door.queue();
    expect(await door.wait()).toBe(1000);
    for (let others = 0; others < 500; others += 1) door.queue();
    expect(await door.wait()).toBe(minute / 2);
  });

  it('takes turns with a flood that lasts', async () => {
    const door = openDoor({ from: 0, until: hour, everyMs: 2 });
    await door.pass(minute);
    expect(await door.wait()).toBe(5);
  });

  it('ends its wait though the clock jumps back', async () => {
    const door = openDoor({ from: 0, until: hour, everyMs: 2 });
    await door.pass(minute);
    door.jump(-minute / 2);
    expect(await door.wait()).toBe(250);
  });
});
