import { describe, expect, it } from 'vitest';
import { preferredNameOf } from '#domain/responses/question.ts';
import { readSourceDetail } from '#src/workspace/queries/intake.ts';
import { readCurrentFiles, versions } from '#src/workspace/queries/settings.ts';
import { draftRenamedQuestion, pushSettings } from '#src/workspace/settings/push-settings.ts';
import { day, hour } from '#test/harness/times.ts';
import { ToolHarness } from '#test/harness/tool-harness.ts';

const sad = { done: false, effort: 2 };

describe('a survey that is edited', () => {
  it('keeps its templates working through a new wording, a new choice and a question that goes', async () => {
    const harness = new ToolHarness({ titles: false });
    const [done] = harness.tool.questions;
    if (!done) throw new Error('no question');
    harness.tool.questions.push({
      id: 'mood',
      title: 'Mood?',
      type: 'choice',
      choices: { 'choice-1': 'Fine' },
    });
    await harness.submit({ id: 'r-1', customer: 'one', answers: { ...sad, mood: 'choice-1' } });
    expect(harness.cases()).toHaveLength(1);

    await harness.pass(2 * day);
    done.title = 'Is the upgrade installed?';
    await harness.submit({ id: 'r-2', customer: 'two', answers: { ...sad, mood: 'choice-1' } });
    expect(harness.cases()).toHaveLength(2);

    await harness.pass(2 * day);
    const mood = harness.tool.questions[2];
    if (mood) mood.choices['choice-2'] = 'Terrible';
    await harness.submit({ id: 'r-3', customer: 'three', answers: { ...sad, mood: 'choice-2' } });
    expect(harness.cases()).toHaveLength(3);

    await harness.pass(2 * day);
    harness.tool.questions.splice(1, 1);
    await harness.submit({ id: 'r-4', customer: 'four', answers: { done: false, mood: 'choice-2' } });
    expect(harness.cases()).toHaveLength(4);
    await harness.pass(hour);

    const { forms, lostAliases, unknownAliases } = readSourceDetail(harness.core, 'tool');
    const [form] = forms;
    expect(form?.changes.map(({ question, what, was, now }) => [question, what, was, now])).toEqual([
      ['effort', 'gone', 'How easy was it?', ''],
      ['mood', 'choice', '', 'Terrible'],
      ['done', 'wording', 'Did you finish?', 'Is the upgrade installed?'],
    ]);
    expect(form?.questions.map(({ id, alias, templates }) => [id, alias, templates])).toEqual([
      ['done', 'completed', ['upgrade-not-installed']],
      ['effort', 'ease', []],
      ['mood', null, []],
    ]);
    expect(form?.questions[1]?.goneSince).not.toBeNull();
    expect([lostAliases, unknownAliases]).toEqual([[], []]);
    // The first response keeps its answers, under today's titles.
    expect(harness.response().content.answers.map(({ text }) => text)).toEqual(['No', '2', 'Fine']);
  });

  it('learns from deliveries alone where there is no description', async () => {
    const harness = new ToolHarness({ titles: true }, (yaml) => yaml.replace('    token: TOOL_TOKEN\n', ''));
    harness.tool.questions.push({
      id: 'mood',
      title: 'Mood?',
      type: 'choice',
      choices: { 'choice-1': 'Fine', 'choice-2': 'Bad' },
    });
    await harness.submit({ id: 'r-1', answers: { ...sad, mood: 'choice-1' } });
    await harness.pass(day);
    const [done] = harness.tool.questions;
    if (done) done.title = 'Another wording';
    await harness.submit({ id: 'r-2', answers: { ...sad, mood: 'choice-2' } });
    const [form] = readSourceDetail(harness.core, 'tool').forms;
    expect(form?.changes.map(({ what, now }) => [what, now]).sort()).toEqual([
      ['choice', 'Bad'],
      ['wording', 'Another wording'],
    ]);
  });

  it('never takes words that were typed for a choice', async () => {
    const harness = new ToolHarness();
    await harness.submit({ id: 'r-1', answers: { ...sad, wish: 'my very own words' } });
    expect(JSON.stringify(readSourceDetail(harness.core, 'tool'))).not.toContain('very own words');
  });
});

describe('finding 15: a question that is built anew', () => {
  const rebuilt = async () => {
    const harness = new ToolHarness({ titles: true }, (yaml) => yaml.replace('    token: TOOL_TOKEN\n', ''));
    for (let number = 0; number < 3; number += 1) {
      await harness.submit({ id: `r-${number}`, customer: `c-${number}`, answers: sad });
      await harness.pass(hour);
    }
    const [done] = harness.tool.questions;
    if (done) done.id = 'done-2';
    return harness;
  };
  const notices = (harness: ToolHarness) => harness.mail.to('dana@acme.example', 'no longer answer completed');

  it('is told of with its successor and an exact count, at the first response without it, and once', async () => {
    const harness = await rebuilt();
    await harness.submit({ id: 'r-3', answers: { 'done-2': false, effort: 2 } });
    await harness.submit({ id: 'r-4', answers: { 'done-2': false, effort: 2 } });
    expect(notices(harness)).toHaveLength(1);
    expect(JSON.stringify(notices(harness))).toContain('write completed: done-2 under questions');
    const [form] = readSourceDetail(harness.core, 'tool').forms;
    expect(form?.questions.find(({ id }) => id === 'done')).toMatchObject({ successor: 'done-2', responsesSince: 2 });
    harness.push((yaml) => yaml.replace('completed: done', 'completed: done-2').replace('    token: TOOL_TOKEN\n', ''));
    await harness.submit({ id: 'r-5', customer: 'c-5', answers: { 'done-2': false, effort: 2 } });
    expect(harness.cases().at(-1)?.customerKey).toBe('c-5');
  });

  it('is taken over by a click, which changes the settings as a new version and keeps everything else of the file', async () => {
    const harness = await rebuilt();
    await harness.submit({ id: 'r-3', answers: { 'done-2': false, effort: 2 } });
    const text = 'workspace: acme # our own\nsources:\n  tool:\n    questions: { completed: done, ease: effort }\n';
    const push = { files: [{ kind: 'workspace' as const, name: 'acme', text }], base: null, author: 'dana' };
    const { settings } = harness.core;
    const read = () => settings;
    pushSettings(harness.core, push, read);
    const renamed = { source: 'tool', alias: 'completed', question: 'done-2', base: 1, who: 'dana' };
    expect(pushSettings(harness.core, draftRenamedQuestion(harness.core, renamed), read)).toMatchObject({ version: 2 });
    const { files } = readCurrentFiles(harness.core);
    expect(files[0]?.text).toBe(text.replace('completed: done,', 'completed: done-2,'));
    expect(versions(harness.core, null)[0]).toMatchObject({
      author: 'dana',
      changes: [{ lines: [expect.stringContaining('done → done-2')] }],
    });
    // A second click changes nothing, and settings that changed since the page was shown refuse it with the difference.
    const again = { ...renamed, base: 2 };
    expect(pushSettings(harness.core, draftRenamedQuestion(harness.core, again), read)).toMatchObject({
      changed: false,
    });
    const stale = { ...renamed, alias: 'ease', question: 'effort-2' };
    expect(() => pushSettings(harness.core, draftRenamedQuestion(harness.core, stale), read)).toThrow(
      /pulled from version 1, but the workspace is at version 2 by dana[\s\S]*done/,
    );
  });

  it('is proposed by its name in the survey tool, before its id', () => {
    expect(preferredNameOf({ id: 'QID1', names: ['Comfort'] })).toBe('Comfort');
    expect(preferredNameOf({ id: 'QID1', names: [] })).toBe('QID1');
  });

  it('is not told of where an optional question is left out', async () => {
    const harness = await rebuilt();
    for (let number = 3; number < 20; number += 1) await harness.submit({ id: `r-${number}`, answers: { effort: 2 } });
    expect(notices(harness)).toHaveLength(0);
    for (let number = 20; number < 30; number += 1) await harness.submit({ id: `r-${number}`, answers: { effort: 2 } });
    expect(notices(harness)).toHaveLength(1);
  });
});

describe('a changed mapping', () => {
  it('reads stored responses anew, and opens nothing for them', async () => {
    const harness = new ToolHarness({}, (yaml) => yaml.replace('completed: done', 'completed: nothing'));
    await harness.submit({ id: 'r-1', answers: sad });
    expect(harness.cases()).toEqual([]);
    expect(readSourceDetail(harness.core, 'tool').lostAliases).toMatchObject([
      { alias: 'completed', question: 'nothing' },
    ]);
    const decisions = harness.response().decisions;
    harness.push();
    await harness.pass(0);
    expect(harness.response().content.answers.map(({ alias }) => alias)).toEqual(['completed', 'ease']);
    expect(harness.cases()).toEqual([]);
    expect(harness.response().decisions).toEqual(decisions);
    await harness.submit({ id: 'r-2', answers: sad });
    expect(harness.cases()).toHaveLength(1);
  });

  it('says which templates ask for an alias that is no longer there', async () => {
    const harness = new ToolHarness();
    await harness.submit({ id: 'r-1', answers: sad });
    harness.push((yaml) => yaml.replace('completed: done', 'finished: done'));
    await harness.pass(0);
    expect(harness.response().content.answers[0]?.alias).toBe('finished');
    expect(readSourceDetail(harness.core, 'tool').unknownAliases).toEqual([
      { alias: 'completed', templates: ['upgrade-not-installed'] },
    ]);
  });

  it('goes by an old name beside its new one, so that renaming an alias is one edit', async () => {
    const harness = new ToolHarness();
    await harness.submit({ id: 'r-1', customer: 'one', answers: sad });
    expect(harness.cases()).toHaveLength(1);
    harness.push((yaml) => yaml.replace('completed: done', 'finished: done, completed: done'));
    await harness.submit({ id: 'r-2', customer: 'two', answers: sad });
    expect(harness.cases()).toHaveLength(2);
    expect(harness.response(1).content.answers[0]).toMatchObject({
      alias: 'finished',
      otherAliases: ['completed'],
    });
    const { forms, lostAliases, unknownAliases } = readSourceDetail(harness.core, 'tool');
    expect(forms[0]?.questions[0]).toMatchObject({
      alias: 'finished, completed',
      templates: ['upgrade-not-installed'],
    });
    expect([lostAliases, unknownAliases]).toEqual([[], []]);
  });
});
