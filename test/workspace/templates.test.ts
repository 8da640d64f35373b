import { describe, expect, it } from 'vitest';
import { settingsFor } from '#domain/templates/options.ts';
import { changeGoal, pauseClock, resumeClock } from '#src/workspace/cases/case-clock.ts';
import { type ByHand, openByHand } from '#src/workspace/cases/open-by-hand.ts';
import { answerFollowUp } from '#src/workspace/loop/answer.ts';
import { surveyPage } from '#src/workspace/queries/lists.ts';
import { timelineOf } from '#src/workspace/store/timeline.ts';
import { acme } from '#test/domain/samples.ts';
import { day, hour, minute, Rig, start } from './rig.ts';

/** Acme, asked once a day, with some of its lines changed. */
const changed = (changes: Record<string, (text: string) => string>) =>
  new Rig(
    acme(({ name, text }) => {
      const slow = name === 'acme' ? text.replace('every: 2 minutes', 'every: 1 day') : text;
      return changes[name]?.(slow) ?? slow;
    }),
  );
const template = (lines: string) => (text: string) => `${text}${lines}\n`;
const office = (text: string) =>
  text
    .replace('case-options:', 'clock: { calendar: office }\ncase-options:')
    .replace('closure-goal: 24', 'closure-goal: 12');

describe('a task', () => {
  it('is one light issue: a due date, and nobody asked after it', async () => {
    const rig = changed({
      'upgrade-not-installed': (text) => text.replace('follow-up: recovery', 'action: task'),
    });
    await rig.receive({ completed: false });
    const { draft } = rig.trackers.support.issue();
    expect(rig.case()).toMatchObject({ action: 'task', loop: 'working' });
    expect(draft.dueDate).toBe('2026-11-24');
    expect(draft.body).toContain('Nobody is asked about it');
    rig.trackers.support.close(0);
    await rig.poll();
    await rig.pass(40 * day);
    expect(rig.case().loop).toBe('resolved');
    expect(rig.followUps()).toEqual([]);
    expect(rig.mail.to('k-1@customer.example', '')).toEqual([]);
  });
});

describe('a notice', () => {
  it('tells people once, opens nothing, and says so on the response', async () => {
    const notice = (text: string) => text.replace('follow-up: recovery', 'action: notice');
    const rig = changed({ 'upgrade-not-installed': notice });
    await rig.receive({ completed: false, at: start });
    await rig.receive({ completed: false, at: start + minute });
    await rig.pass(minute);
    expect(rig.cases()).toEqual([]);
    const mails = rig.mail.accepted.filter(({ subject }) => subject.startsWith('Upgrade not installed'));
    expect(mails.map(({ to }) => to).sort()).toEqual(['dana@acme.example', 'sam@acme.example']);
    expect(mails[0]?.text).toMatch(/\/w\/acme\/responses\/r_/);
    const [row] = rig.sql.all<{ decisions: string }>('SELECT decisions FROM responses');
    expect(row?.decisions).toContain('notice to 2 people');
  });
});

describe('a case template', () => {
  it('raises the severity by one when the problem is reported again', async () => {
    const rig = changed({ 'upgrade-not-installed': template('on-repeat: { severity: one-higher }') });
    await rig.receive({ token: 'a', completed: false, tier: 'bronze' });
    for (const token of ['b', 'c', 'd']) await rig.receive({ token, completed: false, tier: 'bronze' });
    await rig.pass(minute);
    expect(rig.case()).toMatchObject({ severity: 'urgent', severityRank: 1 });
    expect(rig.timeline().filter((what) => what === 'severity raised')).toHaveLength(2);
    const { labels } = rig.trackers.support.issue().snapshot;
    expect(labels.filter((label) => label.startsWith('severity:'))).toEqual(['severity:urgent']);
  });

  it('words its title, with the handle always behind it', async () => {
    const rig = changed({
      'upgrade-not-installed': template('title: "{{ category }} for {{ tier | upcase }}"'),
    });
    await rig.receive({ completed: false });
    expect(rig.trackers.support.issue().title).toBe('Installation issues for GOLD (C-1)');
  });

  it('cannot put a word of the respondent into a title', () => {
    const wish = (text: string) => `${text}title: "{{ answers.wish }} {{ customer.name }}"\n`;
    expect(() => acme(({ name, text }) => (name === 'product-wish' ? wish(text) : text))).toThrow(
      /product-wish: title \(line 12\): names answers, customer; a title may name handle, template/,
    );
  });

  it('judges by priority', async () => {
    const rig = changed({ 'product-wish': template('priority: 10') });
    await rig.receive({ completed: false, ease: 1, wish: 'more' });
    expect(rig.cases().map(({ template: name }) => name)).toEqual([
      'product-wish',
      'upgrade-not-installed',
      'upgrade-hard-to-install',
    ]);
  });

  it('looks back at what the customer answered before', async () => {
    const again = (text: string) =>
      text.replace(
        'all: [{ question: completed, is: no }]',
        'repeat: { question: ease, <=: 5, times: 2, within: 90 days }',
      );
    const rig = changed({ 'upgrade-not-installed': again });
    await rig.receive({ token: 'a', ease: 4 });
    await rig.receive({ token: 'b', customer: 'other', ease: 4 });
    const own = () => rig.cases().filter(({ template: name }) => name === 'upgrade-not-installed');
    expect(own()).toHaveLength(0);
    await rig.pass(89 * day);
    await rig.receive({ token: 'c', ease: 5 });
    expect(own().map(({ customerKey }) => customerKey)).toEqual(['k-1']);
    expect(own()[0]?.openedWhy).toEqual([
      'ease <= 5 at least 2 times within 90 days (2 times, this response included): held',
    ]);
  });
});

describe('tiers and teams', () => {
  it('take a customer without a named tier by revenue', async () => {
    const rig = changed({
      acme: (text) =>
        text
          .replace('{ severity: high,', '{ least-revenue: 1000, severity: high,')
          .replace('{ severity: urgent,', '{ least-revenue: 1001, severity: urgent,'),
    });
    await rig.receive({ completed: false, tier: 'unheard-of' });
    expect(rig.case()).toMatchObject({ tier: 'silver', severity: 'high' });
    expect(rig.case().dueWhy[0]).toBe('severity high: by tier silver, for a revenue from 1000');
  });

  it('take severity and goals from the table of tier and category', async () => {
    const rig = changed({
      acme: (text) =>
        text.replace(
          'first-contact: 4 hours }',
          'first-contact: 4 hours, categories: { Installation issues: { severity: high, closure-goal: 6 hours, first-contact: 1 hour } } }',
        ),
    });
    await rig.receive({ completed: false });
    expect(rig.case()).toMatchObject({
      severity: 'high',
      dueAt: start + 6 * hour,
      firstContactDueAt: start + hour,
    });
    expect(rig.case().dueWhy[1]).toContain('by tier gold, category Installation issues');
  });

  it('lay the options of a team over those of the workspace', async () => {
    const own =
      'fallback: dana, case-options: { statuses: { To do: open, Waiting: pending, Done: closed }, colours: { urgent: "aabbcc" }, priorities: { urgent: 2 } } }';
    const rig = changed({ acme: (text) => text.replace('fallback: dana }', own) });
    await rig.receive({ completed: false, ease: 1 });
    expect(rig.case(0)).toMatchObject({ status: 'To do', severity: 'urgent', severityRank: 2 });
    expect(rig.case(1).status).toBe('Open');
    const label = rig.trackers.support.issue().draft.labels.find(({ name }) => name === 'severity:urgent');
    expect(label?.color).toBe('aabbcc');
    rig.trackers.support.close(0);
    await rig.poll();
    expect(rig.case(0).status).toBe('Done');
    const { workspace } = rig.core.settings;
    expect(settingsFor(workspace, 'product-review')).toBe(workspace);
  });
});

describe('the clock of a case', () => {
  // 23 November 2026, a Monday, 9 in the morning in Berlin; the office is open from 9 to 17.
  const due = (rig: Rig) => new Date(rig.case().dueAt).toISOString();

  it('runs in the hours of the calendar', async () => {
    const rig = changed({ acme: office });
    await rig.receive({ completed: false });
    expect(due(rig)).toBe('2026-11-24T12:00:00.000Z');
    expect(rig.case().dueWhy[1]).toContain('counted in the hours of calendar office');
    expect(rig.case().firstContactDueAt).toBe(start + 4 * hour);
  });

  it('stands still while the customer is waited for, and then has what was left', async () => {
    const rig = changed({ acme: office });
    await rig.receive({ completed: false });
    await rig.pass(2 * hour);
    const act = (work: () => void) => rig.sql.transaction(work);
    act(() => pauseClock(rig.core, rig.case().id, 'sam', 'asked for the log file'));
    act(() => pauseClock(rig.core, rig.case().id, 'sam', 'a second time'));
    expect(rig.case().status).toBe('Pending');
    await rig.pass(3 * day);
    expect(rig.case().overdue).toBe(false);
    act(() => resumeClock(rig.core, rig.case().id, 'sam', 'the file is here'));
    // 10 of 12 hours are left on Thursday at 11: six of them that day, four on Friday.
    expect(due(rig)).toBe('2026-11-27T12:00:00.000Z');
    expect(rig.case()).toMatchObject({ status: 'Open', overdue: false });
    expect(rig.case().dueWhy.at(-1)).toBe(
      'the clock stood still from 2026-11-23 11:00 (Europe/Berlin) to 2026-11-26 11:00 (Europe/Berlin)',
    );
    expect(rig.timeline().filter((what) => what.startsWith('clock '))).toEqual([
      'clock paused',
      'clock resumed',
    ]);
    await rig.pass(minute);
    expect(rig.trackers.support.issue().snapshot.dueDate).toBe('2026-11-27');
    await rig.until(rig.case().dueAt);
    expect(rig.case().overdue).toBe(true);
  });

  it.each([
    ['full goal', 12],
    ['half', 6],
    ['remaining', 8],
  ])('gives the %s after a reopening', async (rule, hours) => {
    const rig = changed({
      acme: (text) => text.replace('closure-goal: 24', 'closure-goal: 12'),
      'upgrade-not-installed': template(`after-reopen: ${rule}`),
    });
    await rig.receive({ completed: false });
    await rig.pass(4 * hour);
    rig.trackers.support.close(0);
    await rig.poll();
    await rig.pass(hour);
    await rig.receive({ token: 'again', completed: false });
    await rig.poll();
    expect(rig.case().generation).toBe(2);
    expect(rig.case().dueAt - rig.now).toBe(hours * hour);
  });

  it('takes another goal with a reason: a duration, or the end of a working day', async () => {
    const rig = changed({ acme: office });
    await rig.receive({ completed: false });
    const change = (goal: string, reason = 'the patch ships on Friday') =>
      rig.sql.transaction(() => changeGoal(rig.core, rig.case().id, { goal, reason, who: 'dana' }));
    change('20 hours');
    expect(due(rig)).toBe('2026-11-25T12:00:00.000Z');
    change('2026-11-29');
    expect(due(rig)).toBe('2026-11-27T16:00:00.000Z');
    rig.sql.transaction(() => pauseClock(rig.core, rig.case().id, 'dana', 'waiting'));
    rig.sql.transaction(() => resumeClock(rig.core, rig.case().id, 'dana', 'at once'));
    expect(due(rig)).toBe('2026-11-27T16:00:00.000Z');
    await rig.pass(minute);
    const { snapshot } = rig.trackers.support.issue();
    expect(snapshot.dueDate).toBe('2026-11-27');
    expect(snapshot.labels.filter((label) => label.startsWith('due:'))).toEqual(['due:2026-11-27']);
    expect(rig.trackers.support.text).not.toContain('patch ships');
    const last = timelineOf(rig.sql, rig.case().id).findLast(({ what }) => what === 'goal changed');
    expect(last).toMatchObject({
      who: 'dana',
      why: expect.stringMatching(/to 2026-11-27 17:00.*patch ships/),
    });
    expect(() => change('2026-11-30', ' ')).toThrow(/reason: is empty/);
    expect(() => change('soon')).toThrow(/goal: is neither a duration/);
  });
});

describe('a case opened by hand', () => {
  const byHand = (rig: Rig, more: Partial<ByHand> = {}) =>
    rig.sql.transaction(() =>
      openByHand(rig.core, {
        template: 'upgrade-not-installed',
        customer: { key: 'k-9', email: 'k-9@customer.example', name: 'Nine', tier: 'gold', revenue: null },
        reason: 'Nine rang and cannot install it',
        who: 'dana',
        ...more,
      }),
    );

  it('goes the whole way without a response', async () => {
    const rig = new Rig();
    byHand(rig);
    await rig.pass(minute);
    expect(rig.case()).toMatchObject({ customerKey: 'k-9', severity: 'urgent', issue: { key: 'SUP-1' } });
    expect(rig.trackers.support.text).not.toMatch(/rang|Nine|k-9/);
    rig.trackers.support.close(0);
    await rig.poll();
    await rig.pass(2 * day);
    expect(rig.mail.to('k-9@customer.example', 'Did we solve it')).toHaveLength(1);
  });

  it('is one with what the customer answers later', async () => {
    const rig = new Rig();
    byHand(rig);
    await rig.receive({ customer: 'k-9', completed: false });
    expect(rig.cases()).toHaveLength(1);
    expect(rig.timeline()).toContain('joined by a response');
    expect(() => byHand(rig)).toThrow(/C-1 is open already/);
  });

  it('asks nobody where it names nobody', async () => {
    const rig = new Rig();
    byHand(rig, { customer: null });
    await rig.pass(minute);
    rig.trackers.support.close(0);
    await rig.poll();
    await rig.pass(2 * day);
    expect(rig.followUps().filter(({ kind }) => kind === 'customer')).toEqual([]);
  });

  it.each([
    [{ template: 'nothing' }, /template: names no case template/],
    [{ reason: '  ' }, /reason: is empty/],
    [{ template: 'upgrade-hard-to-install' }, /customer: is not wanted by a strategic template/],
  ])('is refused with its field: %j', (more, message) => {
    expect(() => byHand(new Rig(), more)).toThrow(message);
  });
});

describe('the closer survey', () => {
  it('offers the blockers and root causes of the team, and no empty list', async () => {
    const own =
      'fallback: dana, case-options: { blockers: [approval missing], root-causes: [wording, price] } }';
    const rig = changed({ acme: (text) => text.replace('fallback: dana }', own) });
    await rig.receive({ completed: false, ease: 1 });
    rig.trackers.support.close(0);
    rig.trackers.product.close(0);
    await rig.poll();
    await rig.pass(2 * day);
    const choices = (index: number) => {
      const closer = rig.followUps(index).find(({ kind }) => kind === 'closer');
      const { questions } = surveyPage(rig.core, closer?.id ?? '');
      return questions
        .filter(({ id }) => id !== 'closed')
        .map(({ id, options }) => `${id}: ${options.map(({ value }) => value).join()}`);
    };
    expect(choices(0)).toEqual(['blocker: approval missing', 'root-cause: wording,price', 'note: ']);
    expect(choices(1).map((line) => line.split(':')[0])).toEqual(['blocker', 'note']);
    const closer = rig.followUps(0).find(({ kind }) => kind === 'closer');
    const form = new Map([
      ['closed', 'unable'],
      ['blocker', 'approval missing'],
      ['root-cause', 'policy'],
    ]);
    const answered = () => rig.sql.transaction(() => answerFollowUp(rig.core, closer?.id ?? '', form));
    expect(answered()).toMatchObject({ status: 'invalid', problems: [{ field: 'root-cause' }] });
    form.set('root-cause', 'price');
    expect(answered()).toEqual({ status: 'thanks' });
  });
});
