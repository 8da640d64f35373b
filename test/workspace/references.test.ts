import { describe, expect, it } from 'vitest';
import { replay } from '#src/workspace/intake/operator-actions.ts';
import { startRereadingResponses } from '#src/workspace/intake/source-calls.ts';
import { storeRereadResponse } from '#src/workspace/store/responses.ts';
import { clearTimer } from '#src/workspace/store/schedule.ts';
import { day, hour, minute } from '#test/harness/times.ts';
import { ToolHarness } from '#test/harness/tool-harness.ts';

const harnessOf = () => new ToolHarness({ deliveries: 'reference' });
const sad = { done: false, effort: 2 };
const reads = (harness: ToolHarness) => harness.tool.calls.filter(({ path }) => path.includes('/responses/'));

describe('a delivery that only names a response', () => {
  it('is fetched and goes the way of any response', async () => {
    const harness = harnessOf();
    await harness.submit({ id: 'r-1', answers: sad });
    expect(harness.delivered()).toMatchObject([{ outcome: 'stored', via: 'push' }]);
    expect(harness.cases().map(({ template }) => template)).toEqual(['upgrade-not-installed']);
    expect(harness.response().content.answers.map(({ alias, question }) => [alias, question.title])).toEqual([
      ['completed', 'Did you finish?'],
      ['ease', 'How easy was it?'],
    ]);
  });

  it('waits while the answers are not readable yet', async () => {
    const harness = harnessOf();
    harness.tool.readableAfter = hour;
    await harness.submit({ id: 'r-1', answers: sad });
    expect(harness.stored()).toEqual([]);
    expect(harness.delivered()[0]?.outcome).toBe('fetching');
    await harness.pass(90 * minute);
    expect(harness.stored()).toEqual(['r-1']);
    expect(reads(harness).length).toBeLessThan(12);
  });

  it('is set aside when the answers are never readable, tells the admins once, and can be replayed', async () => {
    const harness = harnessOf();
    harness.tool.readableAfter = 400 * day;
    await harness.submit({ id: 'r-1', answers: sad });
    await harness.submit({ id: 'r-2', answers: sad });
    // The list would bring them, so its poll is removed as well.
    clearTimer(harness.sql, 'poll', 'source:tool');
    await harness.pass(26 * hour);
    expect(harness.delivered()).toMatchObject([
      { outcome: 'set-aside', error: expect.stringContaining('not readable within 24 hours') },
      { outcome: 'set-aside' },
    ]);
    expect(harness.mail.to('dana@acme.example', 'could not be fetched')).toHaveLength(1);
    harness.tool.readableAfter = 0;
    expect(replay(harness.core, { source: 'tool', error: 'READABLE' })).toEqual({ replayed: 2 });
    await harness.pass(0);
    expect(harness.stored().sort()).toEqual(['r-1', 'r-2']);
  });

  it('obeys Retry-After for the whole queue', async () => {
    const harness = harnessOf();
    harness.tool.status = { code: 429, headers: { 'retry-after': '1800' } };
    await harness.submit({ id: 'r-1', answers: sad });
    await harness.submit({ id: 'r-2', answers: sad });
    const before = reads(harness).length;
    await harness.pass(29 * minute);
    expect(reads(harness).length).toBe(before);
    harness.tool.status = null;
    await harness.pass(2 * minute);
    expect(harness.stored().sort()).toEqual(['r-1', 'r-2']);
  });

  it('is set aside where the source names no credentials', async () => {
    const harness = new ToolHarness({ deliveries: 'reference' }, (yaml) => yaml.replace('    token: TOOL_TOKEN\n', ''));
    await harness.submit({ id: 'r-1', answers: sad });
    expect(harness.delivered()[0]?.error).toContain('names no credentials');
  });

  it('knows a repeated reference without asking again', async () => {
    const harness = harnessOf();
    await harness.submit({ id: 'r-1', answers: sad });
    const before = reads(harness).length;
    const response = harness.tool.responses.get('r-1');
    if (response) await harness.tool.send(response);
    await harness.pass(0);
    expect(reads(harness).length).toBe(before);
    expect(harness.delivered().map(({ outcome }) => outcome)).toEqual(['stored', 'duplicate']);
  });
});

describe('titles that no delivery carries', () => {
  it('are fetched once per form, and again for an unknown question or after a day', async () => {
    const harness = new ToolHarness({ titles: false });
    const asked = () => harness.tool.calls.filter(({ path }) => path.endsWith('/questions')).length;
    await harness.submit({ id: 'r-1', answers: sad });
    await harness.submit({ id: 'r-2', answers: sad });
    expect(asked()).toBe(1);
    expect(harness.response().content.answers[0]?.question.title).toBe('Did you finish?');
    harness.tool.questions.push({
      id: 'why',
      title: 'Why so?',
      type: 'choice',
      choices: { 'choice-1': 'Too slow' },
    });
    await harness.submit({ id: 'r-3', answers: { ...sad, why: 'choice-1' } });
    expect(asked()).toBe(2);
    expect(harness.response(2).content.answers[2]).toMatchObject({
      question: { title: 'Why so?' },
      value: 'Too slow',
      text: 'Too slow',
    });
    await harness.submit({ id: 'r-4', answers: sad });
    expect(asked()).toBe(2);
    await harness.pass(25 * hour);
    await harness.submit({ id: 'r-5', answers: sad });
    expect(asked()).toBe(3);
  });

  it('hold up nothing that templates can read without them', async () => {
    const harness = new ToolHarness({ titles: false });
    harness.tool.status = { code: 503 };
    await harness.submit({ id: 'r-1', answers: sad });
    expect(harness.cases()).toHaveLength(1);
    harness.tool.status = null;
    await harness.pass(hour);
    expect(harness.response().content.answers[0]?.question.title).toBe('Did you finish?');
    expect(harness.cases()).toHaveLength(1);
  });
});

describe('choices that a delivery names by their ids', () => {
  /** A respondent chose "No" while the survey tool does not answer. */
  async function chooseDuringOutage(): Promise<ToolHarness> {
    const harness = new ToolHarness({ titles: false });
    const [done] = harness.tool.questions;
    if (done) Object.assign(done.choices, { 'choice-1': 'No' });
    harness.tool.status = { code: 503 };
    await harness.submit({ id: 'r-1', answers: { done: 'choice-1' } });
    expect(harness.cases()).toEqual([]);
    expect(harness.response().decisions[0]?.why).toEqual(['the questions of its form are being fetched']);
    return harness;
  }

  it('are waited for, however long the outage lasts', async () => {
    const harness = await chooseDuringOutage();
    await harness.pass(61 * minute);
    expect(harness.cases()).toEqual([]);
    harness.tool.status = null;
    await harness.pass(hour);
    expect(harness.cases()).toHaveLength(1);
  });

  it('are evaluated as they are when the survey tool was asked in vain for a week', async () => {
    const harness = await chooseDuringOutage();
    await harness.pass(8 * day);
    expect(harness.response().decisions[0]?.why[0]).toMatch(/ was not answered|, not /);
  });
});

it('reads more responses anew than fit into one turn', async () => {
  const harness = new ToolHarness();
  for (let number = 0; number < 230; number += 1)
    await harness.tool.submit({ id: `r-${number}`, answers: { done: true } });
  await harness.pass(minute);
  for (const { id, customerKey, content, incoming } of harness.responses()) {
    if (!incoming) throw new Error('a response without what came in cannot be read anew');
    storeRereadResponse(harness.sql, { id, customerKey, content: { ...content, formTitle: 'stale' }, incoming });
  }
  startRereadingResponses(harness.core, 'tool');
  await harness.pass(0);
  const titles = harness.responses().map(({ content }) => content.formTitle);
  expect(titles).toHaveLength(230);
  expect(titles).not.toContain('stale');
});

it('sets aside what the survey tool answers and nobody can read, and goes on', async () => {
  const harness = harnessOf();
  await harness.tool.submit({ id: 'r-1', answers: sad });
  await harness.tool.submit({ id: 'r-2', answers: sad });
  const strange = harness.tool.responses.get('r-1');
  if (strange) harness.tool.responses.set('r-1', Object.assign({ ...strange }, { submittedAt: 'soon' }));
  await harness.pass(0);
  expect(harness.delivered()).toMatchObject([
    { outcome: 'set-aside', error: expect.stringContaining('could not be read') },
    { outcome: 'stored' },
  ]);
});
