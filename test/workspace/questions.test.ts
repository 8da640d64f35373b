import { describe, expect, it } from 'vitest';
import { oneSource } from '#src/workspace/queries/intake.ts';
import { day, hour } from './rig.ts';
import { ToolRig } from './tool-rig.ts';

const sad = { done: false, effort: 2 };

describe('a survey that is edited', () => {
  it('keeps its templates working through a new wording, a new choice and a question that goes', async () => {
    const rig = new ToolRig({ titles: false });
    const [done] = rig.tool.questions;
    if (!done) throw new Error('no question');
    rig.tool.questions.push({ id: 'mood', title: 'Mood?', type: 'choice', choices: { 'choice-1': 'Fine' } });
    await rig.submit({ id: 'r-1', customer: 'one', answers: { ...sad, mood: 'choice-1' } });
    expect(rig.cases()).toHaveLength(1);

    await rig.pass(2 * day);
    done.title = 'Is the upgrade installed?';
    await rig.submit({ id: 'r-2', customer: 'two', answers: { ...sad, mood: 'choice-1' } });
    expect(rig.cases()).toHaveLength(2);

    await rig.pass(2 * day);
    const mood = rig.tool.questions[2];
    if (mood) mood.choices['choice-2'] = 'Terrible';
    await rig.submit({ id: 'r-3', customer: 'three', answers: { ...sad, mood: 'choice-2' } });
    expect(rig.cases()).toHaveLength(3);

    await rig.pass(2 * day);
    rig.tool.questions.splice(1, 1);
    await rig.submit({ id: 'r-4', customer: 'four', answers: { done: false, mood: 'choice-2' } });
    expect(rig.cases()).toHaveLength(4);
    await rig.pass(hour);

    const { forms, lostAliases, unknownAliases } = oneSource(rig.core, 'tool');
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
    // The first response still says what it said, under the titles of today.
    expect(rig.response().content.answers.map(({ text }) => text)).toEqual(['No', '2', 'Fine']);
  });

  it('learns from deliveries alone where there is no description', async () => {
    const rig = new ToolRig({ titles: true }, (yaml) => yaml.replace('    token: TOOL_TOKEN\n', ''));
    rig.tool.questions.push({
      id: 'mood',
      title: 'Mood?',
      type: 'choice',
      choices: { 'choice-1': 'Fine', 'choice-2': 'Bad' },
    });
    await rig.submit({ id: 'r-1', answers: { ...sad, mood: 'choice-1' } });
    await rig.pass(day);
    const [done] = rig.tool.questions;
    if (done) done.title = 'Another wording';
    await rig.submit({ id: 'r-2', answers: { ...sad, mood: 'choice-2' } });
    const [form] = oneSource(rig.core, 'tool').forms;
    expect(form?.changes.map(({ what, now }) => [what, now]).sort()).toEqual([
      ['choice', 'Bad'],
      ['wording', 'Another wording'],
    ]);
  });

  it('never takes words that were typed for a choice', async () => {
    const rig = new ToolRig();
    await rig.submit({ id: 'r-1', answers: { ...sad, wish: 'my very own words' } });
    expect(JSON.stringify(oneSource(rig.core, 'tool'))).not.toContain('very own words');
  });
});

describe('a changed mapping', () => {
  it('reads stored responses anew, and opens nothing for them', async () => {
    const rig = new ToolRig({}, (yaml) => yaml.replace('completed: done', 'completed: nothing'));
    await rig.submit({ id: 'r-1', answers: sad });
    expect(rig.cases()).toEqual([]);
    expect(oneSource(rig.core, 'tool').lostAliases).toMatchObject([
      { alias: 'completed', question: 'nothing' },
    ]);
    const decisions = rig.response().decisions;
    rig.push();
    await rig.pass(0);
    expect(rig.response().content.answers.map(({ alias }) => alias)).toEqual(['completed', 'ease']);
    expect(rig.cases()).toEqual([]);
    expect(rig.response().decisions).toEqual(decisions);
    await rig.submit({ id: 'r-2', answers: sad });
    expect(rig.cases()).toHaveLength(1);
  });

  it('says which templates ask for an alias that is no longer there', async () => {
    const rig = new ToolRig();
    await rig.submit({ id: 'r-1', answers: sad });
    rig.push((yaml) => yaml.replace('completed: done', 'finished: done'));
    await rig.pass(0);
    expect(rig.response().content.answers[0]?.alias).toBe('finished');
    expect(oneSource(rig.core, 'tool').unknownAliases).toEqual([
      { alias: 'completed', templates: ['upgrade-not-installed'] },
    ]);
  });

  it('goes by an old name beside its new one, so that renaming an alias is one edit', async () => {
    const rig = new ToolRig();
    await rig.submit({ id: 'r-1', customer: 'one', answers: sad });
    expect(rig.cases()).toHaveLength(1);
    rig.push((yaml) => yaml.replace('completed: done', 'finished: done, completed: done'));
    await rig.submit({ id: 'r-2', customer: 'two', answers: sad });
    expect(rig.cases()).toHaveLength(2);
    expect(rig.response(1).content.answers[0]).toMatchObject({
      alias: 'finished',
      otherAliases: ['completed'],
    });
    const { forms, lostAliases, unknownAliases } = oneSource(rig.core, 'tool');
    expect(forms[0]?.questions[0]).toMatchObject({
      alias: 'finished, completed',
      templates: ['upgrade-not-installed'],
    });
    expect([lostAliases, unknownAliases]).toEqual([[], []]);
  });
});
