import { describe, expect, it } from 'vitest';
import { applyTeamCaseOptions } from '#domain/templates/options.ts';
import { changeGoal, setClockPaused } from '#src/workspace/cases/case-clock.ts';
import { type ByHand, openByHand } from '#src/workspace/cases/open-by-hand.ts';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import { buildSurveyPage } from '#src/workspace/queries/customer-pages.ts';
import { listTimelineEntries } from '#src/workspace/store/cases.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour, minute, start } from '#test/harness/times.ts';

/** Acme polled once a day, with some lines changed. */
const changed = (changes: Record<string, (text: string) => string>) =>
  new Harness(
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
    const harness = changed({
      'upgrade-not-installed': (text) => text.replace('follow-up: recovery', 'action: task'),
    });
    await harness.receive({ completed: false });
    const { draft } = harness.trackers.support.issue();
    expect(harness.case()).toMatchObject({ action: 'task', loop: 'working' });
    expect(draft.dueDate).toBe('2026-11-24');
    expect(draft.body).toContain('Nobody is asked about it');
    harness.trackers.support.close(0);
    await harness.poll();
    await harness.pass(40 * day);
    expect(harness.case().loop).toBe('resolved');
    expect(harness.followUps()).toEqual([]);
    expect(harness.mail.to('k-1@customer.example', '')).toEqual([]);
  });
});

describe('a notice', () => {
  it('tells people once, opens nothing, and says so on the response', async () => {
    const notice = (text: string) => text.replace('follow-up: recovery', 'action: notice');
    const harness = changed({ 'upgrade-not-installed': notice });
    await harness.receive({ completed: false, at: start });
    await harness.receive({ completed: false, at: start + minute });
    await harness.pass(minute);
    expect(harness.cases()).toEqual([]);
    const mails = harness.mail.accepted.filter(({ subject }) => subject.startsWith('Upgrade not installed'));
    expect(mails.map(({ to }) => to).sort()).toEqual(['dana@acme.example', 'sam@acme.example']);
    expect(mails[0]?.text).toMatch(/\/w\/acme\/responses\/r_/);
    expect(JSON.stringify(harness.responses()[0]?.decisions)).toContain('notice to 2 people');
  });
});

describe('a case template', () => {
  it('raises the severity by one when the problem is reported again', async () => {
    const harness = changed({ 'upgrade-not-installed': template('on-repeat: raise severity') });
    await harness.receive({ token: 'a', completed: false, tier: 'bronze' });
    for (const token of ['b', 'c', 'd']) await harness.receive({ token, completed: false, tier: 'bronze' });
    await harness.pass(minute);
    expect(harness.case()).toMatchObject({ severity: 'urgent', severityRank: 1 });
    expect(harness.timeline().filter((what) => what === 'severity raised')).toHaveLength(2);
    const { labels } = harness.trackers.support.issue().snapshot;
    expect(labels.filter((label) => label.startsWith('severity:'))).toEqual(['severity:urgent']);
  });

  it('words its title, with the handle always behind it', async () => {
    const harness = changed({
      'upgrade-not-installed': (text) =>
        text.replace(/^title: .*$/m, 'title: "{{ category }} for {{ tier | upcase }}"'),
    });
    await harness.receive({ completed: false });
    expect(harness.trackers.support.issue().title).toBe('Installation issues for GOLD · C-1');
  });

  it('cannot put a word of the respondent into a title', () => {
    const wish = (text: string) => text.replace(/^title: .*$/m, 'title: "{{ answers.wish }} {{ customer.name }}"');
    expect(() => acme(({ name, text }) => (name === 'product-wish' ? wish(text) : text))).toThrow(
      /product-wish: title \(line 3\): names answers\.wish, customer\.name; a title may name handle, template/,
    );
  });

  it('evaluates by priority', async () => {
    const harness = changed({ 'product-wish': template('priority: 10') });
    await harness.receive({ completed: false, ease: 1, wish: 'more' });
    expect(harness.cases().map(({ template: name }) => name)).toEqual([
      'product-wish',
      'upgrade-not-installed',
      'upgrade-hard-to-install',
    ]);
  });

  it('uses the customer’s earlier answers', async () => {
    const again = (text: string) =>
      text.replace(
        'all: [{ question: completed, is: no }]',
        'repeat: { question: ease, <=: 5, times: 2, within: 90 days }',
      );
    const harness = changed({ 'upgrade-not-installed': again });
    await harness.receive({ token: 'a', ease: 4 });
    await harness.receive({ token: 'b', customer: 'other', ease: 4 });
    const own = () => harness.cases().filter(({ template: name }) => name === 'upgrade-not-installed');
    expect(own()).toHaveLength(0);
    await harness.pass(89 * day);
    await harness.receive({ token: 'c', ease: 5 });
    expect(own().map(({ customerKey }) => customerKey)).toEqual(['k-1']);
    expect(own()[0]?.openedWhy).toEqual(['“ease” was answered with at most 5, 2 times within 90 days']);
  });
});

describe('tiers and teams', () => {
  it('take a customer without a named tier by revenue', async () => {
    const harness = changed({
      acme: (text) =>
        text
          .replace('{ severity: high,', '{ least-revenue: 1000, severity: high,')
          .replace('{ severity: urgent,', '{ least-revenue: 1001, severity: urgent,'),
    });
    await harness.receive({ completed: false, tier: 'unheard-of' });
    expect(harness.case()).toMatchObject({ tier: 'silver', severity: 'high' });
    expect(harness.case().dueWhy[0]).toBe('Severity high (silver customers, by a revenue from 1,000)');
  });

  it('take severity and goals from the table of tier and category', async () => {
    const harness = changed({
      acme: (text) =>
        text.replace(
          'first-contact: 4 hours }',
          'first-contact: 4 hours, categories: { Installation issues: { severity: high, closure-goal: 6 hours, first-contact: 1 hour } } }',
        ),
    });
    await harness.receive({ completed: false });
    expect(harness.case()).toMatchObject({
      severity: 'high',
      dueAt: start + 6 * hour,
      firstContactDueAt: start + hour,
    });
    expect(harness.case().dueWhy[1]).toContain('(gold customers, Installation issues)');
  });

  it('lay the options of a team over those of the workspace', async () => {
    const own =
      'fallback: dana, case-options: { statuses: { To do: open, Waiting: pending, Done: closed }, colours: { urgent: "aabbcc" }, priorities: { urgent: 2 } } }';
    const harness = changed({ acme: (text) => text.replace('fallback: dana }', own) });
    await harness.receive({ completed: false, ease: 1 });
    expect(harness.case(0)).toMatchObject({ status: 'To do', severity: 'urgent', severityRank: 2 });
    expect(harness.case(1).status).toBe('Open');
    const label = harness.trackers.support.issue().draft.labels.find(({ name }) => name === 'severity:urgent');
    expect(label?.color).toBe('aabbcc');
    harness.trackers.support.close(0);
    await harness.poll();
    expect(harness.case(0).status).toBe('Done');
    const { workspace } = harness.core.settings;
    expect(applyTeamCaseOptions(workspace, 'product-review')).toBe(workspace);
  });
});

describe('the clock of a case', () => {
  // Monday, 23 November 2026, 9:00 in Berlin; the office is open from 9 to 17.
  const due = (harness: Harness) => new Date(harness.case().dueAt).toISOString();

  it('runs in the hours of the calendar', async () => {
    const harness = changed({ acme: office });
    await harness.receive({ completed: false });
    expect(due(harness)).toBe('2026-11-24T12:00:00.000Z');
    expect(harness.case().dueWhy[1]).toContain('in the hours of the calendar office, from');
    expect(harness.case().firstContactDueAt).toBe(start + 4 * hour);
  });

  it('stands still while the customer is waited for, and then has what was left', async () => {
    const harness = changed({ acme: office });
    await harness.receive({ completed: false });
    await harness.pass(2 * hour);
    const act = (work: () => void) => harness.sql.transaction(work);
    act(() => setClockPaused(harness.core, harness.case().id, true, 'sam', 'asked for the log file'));
    act(() => setClockPaused(harness.core, harness.case().id, true, 'sam', 'a second time'));
    expect(harness.case().status).toBe('Pending');
    await harness.pass(3 * day);
    expect(harness.case().overdue).toBe(false);
    act(() => setClockPaused(harness.core, harness.case().id, false, 'sam', 'the file is here'));
    // 10 of 12 hours are left on Thursday at 11:00: six of them that day, four on Friday.
    expect(due(harness)).toBe('2026-11-27T12:00:00.000Z');
    expect(harness.case()).toMatchObject({ status: 'Open', overdue: false });
    expect(harness.case().dueWhy.at(-1)).toBe('The clock was paused from Mon 23 Nov, 11:00 to Thu 26 Nov, 11:00');
    expect(harness.timeline().filter((what) => what.startsWith('clock '))).toEqual(['clock paused', 'clock resumed']);
    await harness.pass(minute);
    expect(harness.trackers.support.issue().snapshot.dueDate).toBe('2026-11-27');
    await harness.until(harness.case().dueAt);
    expect(harness.case().overdue).toBe(true);
  });

  it.each([
    ['full goal', 12],
    ['half', 6],
    ['remaining', 8],
  ])('gives the %s after a reopening', async (rule, hours) => {
    const harness = changed({
      acme: (text) => text.replace('closure-goal: 24', 'closure-goal: 12'),
      'upgrade-not-installed': template(`after-reopen: ${rule}`),
    });
    await harness.receive({ completed: false });
    await harness.pass(4 * hour);
    harness.trackers.support.close(0);
    await harness.poll();
    await harness.pass(hour);
    await harness.receive({ token: 'again', completed: false });
    await harness.poll();
    expect(harness.case().generation).toBe(2);
    expect(harness.case().dueAt - harness.now).toBe(hours * hour);
  });

  it('takes another goal with a reason: a duration, or the end of a working day', async () => {
    const harness = changed({ acme: office });
    await harness.receive({ completed: false });
    const reason = 'the patch ships on Friday';
    const change = (goal: string) =>
      harness.sql.transaction(() => changeGoal(harness.core, harness.case().id, { goal, reason, who: 'dana' }));
    change('20 hours');
    expect(due(harness)).toBe('2026-11-25T12:00:00.000Z');
    change('2026-11-29');
    expect(due(harness)).toBe('2026-11-27T16:00:00.000Z');
    harness.sql.transaction(() => setClockPaused(harness.core, harness.case().id, true, 'dana', 'waiting'));
    harness.sql.transaction(() => setClockPaused(harness.core, harness.case().id, false, 'dana', 'at once'));
    expect(due(harness)).toBe('2026-11-27T16:00:00.000Z');
    await harness.pass(minute);
    const { snapshot } = harness.trackers.support.issue();
    expect(snapshot.dueDate).toBe('2026-11-27');
    expect(snapshot.labels.filter((label) => label.startsWith('due:'))).toEqual(['due:2026-11-27']);
    expect(harness.trackers.support.text).not.toContain('patch ships');
    const last = listTimelineEntries(harness.sql, harness.case().id).findLast(({ what }) => what === 'goal changed');
    expect(last).toMatchObject({
      who: 'dana',
      why: expect.stringMatching(/to Fri 27 Nov, 17:00.*patch ships/),
    });
    expect(() => change('soon')).toThrow(/due: is not a date/);
  });
});

describe('a case opened by hand', () => {
  const byHand = (harness: Harness, more: Partial<ByHand> = {}) =>
    harness.sql.transaction(() =>
      openByHand(harness.core, {
        template: 'upgrade-not-installed',
        customer: { key: 'k-9', email: 'k-9@customer.example', name: 'Nine', tier: 'gold', revenue: null },
        reason: 'Nine rang and cannot install it',
        who: 'dana',
        ...more,
      }),
    );

  it('goes the whole way without a response', async () => {
    const harness = new Harness();
    byHand(harness);
    await harness.pass(minute);
    expect(harness.case()).toMatchObject({ customerKey: 'k-9', severity: 'urgent', issue: { key: 'SUP-1' } });
    expect(harness.trackers.support.text).not.toMatch(/rang|Nine|k-9/);
    harness.trackers.support.close(0);
    await harness.poll();
    await harness.pass(2 * day);
    expect(harness.mail.to('k-9@customer.example', 'Did we solve it')).toHaveLength(1);
  });

  it('is one with what the customer answers later', async () => {
    const harness = new Harness();
    byHand(harness);
    await harness.receive({ customer: 'k-9', completed: false });
    expect(harness.cases()).toHaveLength(1);
    expect(harness.timeline()).toContain('joined by a response');
    expect(() => byHand(harness)).toThrow(/C-1 is open already/);
  });

  it('asks nobody where it names nobody', async () => {
    const harness = new Harness();
    byHand(harness, { customer: null });
    await harness.pass(minute);
    harness.trackers.support.close(0);
    await harness.poll();
    await harness.pass(2 * day);
    expect(harness.followUps().filter(({ kind }) => kind === 'customer')).toEqual([]);
  });

  it.each([
    [{ template: 'nothing' }, /template: names no case template/],
    [{ reason: '  ' }, /reason: is empty/],
    [{ template: 'upgrade-hard-to-install' }, /customer: does not fit a strategic template/],
  ])('is refused with its field: %j', (more, message) => {
    expect(() => byHand(new Harness(), more)).toThrow(message);
  });
});

describe('the closer survey', () => {
  it('offers the blockers and root causes of the team, and no empty list', async () => {
    const own = 'fallback: dana, case-options: { blockers: [approval missing], root-causes: [wording, price] } }';
    const harness = changed({ acme: (text) => text.replace('fallback: dana }', own) });
    await harness.receive({ completed: false, ease: 1 });
    harness.trackers.support.close(0);
    harness.trackers.product.close(0);
    await harness.poll();
    await harness.pass(2 * day);
    const choices = (index: number) => {
      const closer = harness.followUps(index).find(({ kind }) => kind === 'closer');
      const { questions } = buildSurveyPage(harness.core, closer?.id ?? '');
      return questions
        .filter(({ id }) => id !== 'closed')
        .map(({ id, options }) => `${id}: ${options.map(({ value }) => value).join()}`);
    };
    expect(choices(0)).toEqual(['blocker: approval missing', 'root-cause: wording,price', 'note: ']);
    expect(choices(1).map((line) => line.split(':')[0])).toEqual(['blocker', 'note']);
    const closer = harness.followUps(0).find(({ kind }) => kind === 'closer');
    const form = new Map([
      ['closed', 'unable'],
      ['blocker', 'approval missing'],
      ['root-cause', 'policy'],
    ]);
    const answered = () => harness.sql.transaction(() => answerAsk(harness.core, closer?.id ?? '', form));
    expect(answered()).toMatchObject({ status: 'invalid', problems: [{ field: 'root-cause' }] });
    form.set('root-cause', 'price');
    expect(answered()).toEqual({ status: 'thanks' });
  });
});
