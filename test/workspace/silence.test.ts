import { describe, expect, it } from 'vitest';
import { computeSilenceLimitMs } from '#domain/time/backoff.ts';
import { readSourceDetail } from '#src/workspace/queries/intake.ts';
import { day, hour } from '#test/harness/times.ts';
import { ToolHarness } from '#test/harness/tool-harness.ts';

describe('how long a source may be quiet', () => {
  it('follows from its own history', () => {
    const every = (ms: number, count: number) => Array.from({ length: count }, (_, index) => index * ms);
    expect(computeSilenceLimitMs(every(hour, 100))).toBe(24 * hour);
    expect(computeSilenceLimitMs(every(2 * day, 20))).toBe(10 * day);
    expect(computeSilenceLimitMs(every(hour, 4))).toBeNull();
    const weekdays = every(hour, 24 * 35).filter((at) => Math.floor(at / day) % 7 < 5);
    expect(computeSilenceLimitMs(weekdays)).toBe(1.25 * 49 * hour);
    // One long weekend among a hundred gaps does not change the limit.
    expect(computeSilenceLimitMs([...every(hour, 99), 98 * hour + 20 * day])).toBe(24 * hour);
  });
});

describe('a silent source', () => {
  const notices = (harness: ToolHarness) => harness.mail.to('dana@acme.example', 'is silent').length;
  const speak = async (harness: ToolHarness, times: number, from = 0) => {
    for (let number = from; number < from + times; number += 1) {
      await harness.submit({ id: `r-${number}`, answers: { done: true } });
      await harness.pass(8 * hour);
    }
  };

  it('is reported once, and again only after a new delivery', async () => {
    const harness = new ToolHarness();
    await speak(harness, 25);
    await harness.pass(31 * hour);
    expect(notices(harness)).toBe(0);
    await harness.pass(2 * hour);
    expect(notices(harness)).toBe(1);
    expect(readSourceDetail(harness.core, 'tool')).toMatchObject({ state: 'silent', quietLimitHours: 40 });
    await harness.pass(20 * day);
    expect(notices(harness)).toBe(1);
    await speak(harness, 1, 25);
    expect(readSourceDetail(harness.core, 'tool').state).toBe('in use');
    await harness.pass(30 * day);
    expect(notices(harness)).toBe(2);
  });

  it('is silent although back-fills find what it no longer delivers', async () => {
    const harness = new ToolHarness();
    await speak(harness, 10);
    harness.tool.isLosing = true;
    await speak(harness, 9, 10);
    expect(harness.stored()).toHaveLength(19);
    expect(notices(harness)).toBe(1);
  });

  it('is reported although its check was due in a pause', async () => {
    const harness = new ToolHarness();
    await speak(harness, 25);
    harness.push((yaml) => yaml.replace('    secret: TOOL_SECRET\n', '    secret: TOOL_SECRET\n    paused: true\n'));
    await harness.pass(3 * day);
    expect(notices(harness)).toBe(0);
    harness.push();
    await harness.pass(2 * day);
    expect(notices(harness)).toBe(1);
  });

  it('is not told of where it has no history, is paused, or is gone', async () => {
    const young = new ToolHarness();
    await speak(young, 3);
    await young.pass(60 * day);
    expect(notices(young)).toBe(0);
    const paused = new ToolHarness();
    await speak(paused, 10);
    paused.push((yaml) => yaml.replace('    secret: TOOL_SECRET\n', '    secret: TOOL_SECRET\n    paused: true\n'));
    await paused.pass(60 * day);
    expect(notices(paused)).toBe(0);
  });
});
