import { describe, expect, it } from 'vitest';
import { replay } from '#src/workspace/intake/operator-actions.ts';
import { rereadSource } from '#src/workspace/intake/reread.ts';
import { startReread } from '#src/workspace/intake/start-reread.ts';
import { day, hour, minute } from './rig.ts';
import { ToolRig } from './tool-rig.ts';

const rigOf = () => new ToolRig({ deliveries: 'reference' });
const sad = { done: false, effort: 2 };
const reads = (rig: ToolRig) => rig.tool.calls.filter(({ path }) => path.includes('/responses/'));

describe('a delivery that only names a response', () => {
  it('is fetched and goes the way of any response', async () => {
    const rig = rigOf();
    await rig.submit({ id: 'r-1', answers: sad });
    expect(rig.delivered()).toMatchObject([{ outcome: 'stored', via: 'push' }]);
    expect(rig.cases().map(({ template }) => template)).toEqual(['upgrade-not-installed']);
    expect(rig.response().content.answers.map(({ alias, question }) => [alias, question.title])).toEqual([
      ['completed', 'Did you finish?'],
      ['ease', 'How easy was it?'],
    ]);
  });

  it('waits while the answers are not readable yet', async () => {
    const rig = rigOf();
    rig.tool.readableAfter = hour;
    await rig.submit({ id: 'r-1', answers: sad });
    expect(rig.stored()).toEqual([]);
    expect(rig.delivered()[0]?.outcome).toBe('fetching');
    await rig.pass(90 * minute);
    expect(rig.stored()).toEqual(['r-1']);
    expect(reads(rig).length).toBeLessThan(12);
  });

  it('is set aside when the answers are never readable, tells the admins once, and can be replayed', async () => {
    const rig = rigOf();
    rig.tool.readableAfter = 400 * day;
    await rig.submit({ id: 'r-1', answers: sad });
    await rig.submit({ id: 'r-2', answers: sad });
    // The list would find them: it is out of order as well.
    rig.sql.run("DELETE FROM schedule WHERE key = 'poll:source:tool'");
    await rig.pass(26 * hour);
    expect(rig.delivered()).toMatchObject([
      { outcome: 'set-aside', error: expect.stringContaining('not readable within 24 hours') },
      { outcome: 'set-aside' },
    ]);
    expect(rig.mail.to('dana@acme.example', 'could not be fetched')).toHaveLength(1);
    rig.tool.readableAfter = 0;
    expect(replay(rig.core, { source: 'tool', error: 'READABLE' })).toEqual({ replayed: 2 });
    await rig.pass(0);
    expect(rig.stored().sort()).toEqual(['r-1', 'r-2']);
  });

  it('obeys Retry-After for the whole queue', async () => {
    const rig = rigOf();
    rig.tool.status = { code: 429, headers: { 'retry-after': '1800' } };
    await rig.submit({ id: 'r-1', answers: sad });
    await rig.submit({ id: 'r-2', answers: sad });
    const before = reads(rig).length;
    await rig.pass(29 * minute);
    expect(reads(rig).length).toBe(before);
    rig.tool.status = null;
    await rig.pass(2 * minute);
    expect(rig.stored().sort()).toEqual(['r-1', 'r-2']);
  });

  it('keeps to the pace of the API', async () => {
    const rig = rigOf();
    const { source } = rig.core.integrations;
    rig.core.integrations.source = (name) => {
      const known = source(name);
      return known && { ...known, minIntervalMs: 10_000 };
    };
    for (let number = 0; number < 8; number += 1) await rig.submit({ id: `r-${number}`, answers: sad });
    await rig.pass(10 * minute);
    expect(rig.stored()).toHaveLength(8);
    const times = reads(rig).map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10_000);
  });

  it('is set aside where the source names no credentials', async () => {
    const rig = new ToolRig({ deliveries: 'reference' }, (yaml) =>
      yaml.replace('    token: TOOL_TOKEN\n', ''),
    );
    await rig.submit({ id: 'r-1', answers: sad });
    expect(rig.delivered()[0]?.error).toContain('names no credentials');
  });

  it('knows a repeated reference without asking again', async () => {
    const rig = rigOf();
    await rig.submit({ id: 'r-1', answers: sad });
    const before = reads(rig).length;
    const response = rig.tool.responses.get('r-1');
    if (response) await rig.tool.send(response);
    await rig.pass(0);
    expect(reads(rig).length).toBe(before);
    expect(rig.delivered().map(({ outcome }) => outcome)).toEqual(['stored', 'duplicate']);
  });
});

describe('titles that no delivery carries', () => {
  it('are fetched once per form, and again for an unknown question or after a day', async () => {
    const rig = new ToolRig({ titles: false });
    const asked = () => rig.tool.calls.filter(({ path }) => path.endsWith('/questions')).length;
    await rig.submit({ id: 'r-1', answers: sad });
    await rig.submit({ id: 'r-2', answers: sad });
    expect(asked()).toBe(1);
    expect(rig.response().content.answers[0]?.question.title).toBe('Did you finish?');
    rig.tool.questions.push({
      id: 'why',
      title: 'Why so?',
      type: 'choice',
      choices: { 'choice-1': 'Too slow' },
    });
    await rig.submit({ id: 'r-3', answers: { ...sad, why: 'choice-1' } });
    expect(asked()).toBe(2);
    expect(rig.response(2).content.answers[2]).toMatchObject({
      question: { title: 'Why so?' },
      value: 'Too slow',
      text: 'Too slow',
    });
    await rig.submit({ id: 'r-4', answers: sad });
    expect(asked()).toBe(2);
    await rig.pass(25 * hour);
    await rig.submit({ id: 'r-5', answers: sad });
    expect(asked()).toBe(3);
  });

  it('are waited for before anything is judged, but not for ever', async () => {
    const rig = new ToolRig({ titles: false });
    rig.tool.status = { code: 503 };
    await rig.submit({ id: 'r-1', answers: sad });
    expect(rig.cases()).toEqual([]);
    expect(rig.response().decisions[0]?.why).toEqual(['the questions of its form are being fetched']);
    await rig.pass(61 * minute);
    expect(rig.cases()).toHaveLength(1);
    rig.tool.status = null;
    await rig.pass(hour);
    expect(rig.response().content.answers[0]?.question.title).toBe('Did you finish?');
    expect(rig.cases()).toHaveLength(1);
  });
});

it('reads more responses anew than fit into one turn', async () => {
  const rig = new ToolRig();
  for (let number = 0; number < 230; number += 1)
    await rig.tool.submit({ id: `r-${number}`, answers: { done: true } });
  await rig.pass(minute);
  rig.sql.run("UPDATE responses SET content = json_set(content, '$.formTitle', 'stale')");
  startReread(rig.core, 'tool');
  rereadSource(rig.core, 'tool');
  await rig.pass(0);
  expect(
    rig.sql.all("SELECT id FROM responses WHERE json_extract(content, '$.formTitle') = 'stale'"),
  ).toEqual([]);
});

it('sets aside what the survey tool answers and nobody can read, and goes on', async () => {
  const rig = rigOf();
  await rig.tool.submit({ id: 'r-1', answers: sad });
  await rig.tool.submit({ id: 'r-2', answers: sad });
  const strange = rig.tool.responses.get('r-1');
  if (strange) rig.tool.responses.set('r-1', { ...strange, submittedAt: 'soon' as unknown as number });
  await rig.pass(0);
  expect(rig.delivered()).toMatchObject([
    { outcome: 'set-aside', error: expect.stringContaining('could not be read') },
    { outcome: 'stored' },
  ]);
});
