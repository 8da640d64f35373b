import { describe, expect, it } from 'vitest';
import { describeWorkOfLeavers, handOverFromLeavers } from '#src/workspace/cases/hand-over.ts';
import { planSteps } from '#src/workspace/store/plan.ts';
import { sessions } from '#src/workspace/store/access.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';

const withoutSam = (text: string) =>
  text
    .replace(/ {2}sam:\n(?: {4}.*\n)+/, '')
    .replace('members: [sam]', 'members: [mette]')
    .replaceAll(': sam\n', ': mette\n');

async function opened(): Promise<Harness> {
  const harness = new Harness(slowAcme());
  await harness.receive({ completed: false, customer: 'k-1' });
  expect(harness.case()).toMatchObject({ assignee: 'sam', loopOwner: 'dana' });
  return harness;
}

function leave(harness: Harness): string[] {
  harness.core.settings = slowAcme(withoutSam);
  return harness.sql.transaction(() => handOverFromLeavers(harness.core, 'dana'));
}

describe('the open work of somebody who leaves', () => {
  it('is listed before, and goes on by the rules of the team at once', async () => {
    const harness = await opened();
    const next = slowAcme(withoutSam).workspace;
    const [line = '', ...others] = describeWorkOfLeavers(harness.core, next);
    expect(line).toMatch(/^sam owns open work, which goes to others: C-1 \(assignee\)/);
    expect(others).toEqual([]);
    const given = leave(harness);
    expect(given).toEqual([expect.stringMatching(/^C-1: assignee sam → /)]);
    expect(harness.case().assignee).not.toBe('sam');
    expect(Object.keys(next.people)).toContain(harness.case().assignee);
    expect(planSteps.list(harness.sql, { caseId: harness.case().id }).map(({ who }) => who)).not.toContain('sam');
    expect(harness.timeline().join('\n')).toContain('handed over');
    expect(leave(harness)).toEqual([]);
  });

  it('is told to case managers by mail', async () => {
    const harness = await opened();
    leave(harness);
    await harness.pass(60_000);
    expect(harness.mail.accepted.map(({ subject }) => subject)).toContain(
      'Acme customer feedback: open work has new owners',
    );
  });

  it('leaves done steps, and everything of people who stay, as it is', async () => {
    const harness = await opened();
    harness.core.settings = slowAcme();
    expect(harness.sql.transaction(() => handOverFromLeavers(harness.core, 'dana'))).toEqual([]);
    expect(harness.case().assignee).toBe('sam');
    expect(sessions.list(harness.sql, { endedAt: null })).toEqual([]);
  });
});
