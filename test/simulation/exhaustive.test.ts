import { describe, expect, it } from 'vitest';
import { crashPoints } from './crash-points.ts';
import { exhaust, type StoryReport } from './exhaustive.ts';
import { stories } from './exhaustive-stories.ts';

describe('a failing port call', () => {
  const short = ['delivery to case to issue', 'close and confirm'];
  const reports: StoryReport[] = [];

  it.each(stories.filter(({ name }) => short.includes(name)))('loses and doubles nothing: $name', async (story) => {
    const report = await exhaust(story, short.indexOf(story.name) * 2 + 1);
    reports.push(report);
    expect(report.failures).toEqual([]);
    expect(report.runs).toBeGreaterThan(100);
  });

  it.each(Object.entries(crashPoints))('hits the crash point: %s', (_, calls) => {
    expect(reports.flatMap(({ hits }) => [...hits]).filter((hit) => calls.test(hit))).not.toEqual([]);
  });
});
