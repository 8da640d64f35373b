import { describe, expect, it } from 'vitest';
import { findTicks } from '#domain/cases/issue-text.ts';
import { secondMs } from '#domain/time/units.ts';
import { tickPlan } from '#src/workspace/cases/sub-issues.ts';
import { planSteps } from '#src/workspace/store/plan.ts';
import { takeHook } from '#src/workspace/take-hook.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { minute } from '#test/harness/times.ts';

const hookSecret = '    token: GITHUB_TOKEN\n    webhook-secret: HOOK\n';
const eve = '  eve:\n    name: Eve\n    email: eve@acme.example\n    github: eve-acme\n';
const withHook = acme(({ name, text }) =>
  name === 'acme'
    ? text.replace('    token: GITHUB_TOKEN\n', hookSecret).replace('  mette:\n', `${eve}  mette:\n`)
    : text,
);

async function opened(settings = withHook) {
  const harness = new Harness(settings);
  await harness.receive({ completed: true, ease: 2 });
  await harness.pass(minute);
  const issue = () => harness.trackers.product.issue();
  let hooks = 0;
  return {
    harness,
    issue,
    doneBy: () => planSteps.list(harness.sql, { caseId: harness.case().id }).map((step) => step.doneBy),
    /** A person ticks or unticks the first step in the text, of which a webhook tells. */
    tick(account: string, done: boolean, { id = `hook-${++hooks}`, at = harness.now } = {}) {
      const [before = '', after = ''] = [!done, done].map((isTicked) =>
        issue().body.replace(/^- \[[ x]\] Development/m, `- [${isTicked ? 'x' : ' '}] Development`),
      );
      issue().body = after;
      return takeHook(harness.core, 'product', {
        id,
        issue: null,
        edit: { issue: issue().snapshot.id, account, before, after, at },
      });
    },
  };
}

describe('a tick in the text of an issue', () => {
  it('is followed in the name of the person who ticked, where the tracker tells who', async () => {
    const { harness, issue, tick, doneBy } = await opened();
    expect(issue().body).toContain('Tick steps here or on the case page.');
    expect(tick('priya-acme', true)).toBe(true);
    expect(doneBy()[0]).toBe('priya');
    await harness.pass(minute);
    expect(issue().body).toMatch(/^- \[x\] Development/m);
    tick('priya-acme', false);
    expect(doneBy()[0]).toBeNull();
    expect(harness.timeline().filter((what) => what.startsWith('plan step'))).toEqual([
      'plan step done',
      'plan step open again',
    ]);
  });

  it.each(['a-stranger', 'eve-acme'])('of %s, who may not tick, is written over', async (account) => {
    const { harness, issue, tick, doneBy } = await opened();
    tick(account, true);
    expect(doneBy()[0]).toBeNull();
    expect(harness.timeline()).toContain('tick not followed');
    await harness.pass(minute);
    expect(issue().body).not.toMatch(/^- \[x\] Development/m);
  });

  it('counts once, however often its webhook comes', async () => {
    const { harness, tick, doneBy } = await opened();
    tick('priya-acme', true, { id: 'hook' });
    harness.sql.transaction(() => tickPlan(harness.core, harness.case().id, { position: 1, done: false, who: 'dana' }));
    expect(tick('priya-acme', true, { id: 'hook' })).toBe(false);
    expect(doneBy()[0]).toBeNull();
  });

  it('that a later change overtook is left, and the issue shows the step as it is', async () => {
    const { harness, issue, tick, doneBy } = await opened();
    const at = harness.now;
    await harness.pass(minute);
    for (const done of [true, false])
      harness.sql.transaction(() => tickPlan(harness.core, harness.case().id, { position: 1, done, who: 'dana' }));
    tick('priya-acme', true, { at });
    expect(doneBy()[0]).toBeNull();
    await harness.pass(minute);
    expect(issue().body).not.toMatch(/^- \[x\] Development/m);
    tick('priya-acme', true, { at: harness.now - secondMs + 1 });
    expect(doneBy()[0]).toBe('priya');
  });

  it('counts by its own time, in whatever order the webhooks come', async () => {
    const { harness, tick, doneBy } = await opened();
    const at = harness.now;
    await harness.pass(minute);
    tick('priya-acme', false, { at: at + 2 * secondMs });
    tick('priya-acme', true, { at });
    expect(doneBy()[0]).toBeNull();
    tick('priya-acme', true, { at: at + 4 * secondMs });
    tick('priya-acme', false, { at: at + 6 * secondMs });
    expect(doneBy()[0]).toBeNull();
  });

  it('is not followed by a poll alone, nor promised without a webhook', async () => {
    const { harness, issue, doneBy } = await opened(acme());
    expect(issue().body).toContain('Ticks made here are ignored.');
    issue().body = issue().body.replace('- [ ]', '- [x]');
    await harness.poll();
    expect(doneBy()[0]).toBeNull();
  });
});

describe('steps in two texts', () => {
  const plan = [
    { position: 1, role: 'qa', task: 'Check *it*' },
    { position: 2, role: 'docs', task: 'Write' },
  ];
  const text = (...boxes: string[]) =>
    `Hello\r\n- [${boxes[0]}] Qa: Check \\*it\\* (Sam)\r\n* [${boxes[1]}] Docs: Write (nobody)`;
  it.each([
    ['no change', text(' ', 'x'), text(' ', 'x'), []],
    ['both changed', text(' ', 'x'), text('X', ' '), [1, -2]],
    ['one line gone', text(' ', ' '), text('x', 'x').replace('Docs', 'Doc'), [1]],
    ['many blank lines', '\n'.repeat(65_000), `${'\r\n'.repeat(30_000)}- [x] Docs: Write`, []],
    ['one line twice', text(' ', ' '), `${text('x', 'x')}\n- [x] Docs: Write (me)`, [1]],
  ])('are compared: %s', (_, before, after, ticks) => {
    expect(findTicks({ before, after }, plan).map(({ position, done }) => (done ? position : -position))).toEqual(
      ticks,
    );
  });
});
