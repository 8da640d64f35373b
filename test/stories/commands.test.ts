import { describe, expect, it } from 'vitest';
import { commandDefinitions } from '#domain/cases/command.ts';
import { findOriginalId } from '#src/workspace/store/case-links.ts';
import { EmulatedHarness } from '#test/harness/emulated-harness.ts';
import { trackerNames } from '#test/harness/emulated-hosts.ts';
import { settingsIn } from '#test/harness/settings.ts';

/* A case handled only in the tracker, by commands in comments, on each tracker: permissions, effects and replies. */

interface Line {
  who: 'dana' | 'sam';
  says: string;
  answer: RegExp;
  /** Expected state of the case. */
  case?: Record<string, unknown>;
  /** Expected state of the issue. */
  issue?: Record<string, unknown>;
}

const labelled = (name: string) => ({ labels: expect.arrayContaining([name]) });

const tale: Line[] = [
  { who: 'sam', says: 'What can I say?\n\n/help', answer: /\/root-cause …`? names the root cause/ },
  {
    who: 'sam',
    says: '/severity high because only two of them are stopped',
    answer: /^The severity is high now\./,
    case: { severity: 'high' },
    issue: labelled('severity:high'),
  },
  {
    who: 'sam',
    says: '!due 2026-12-04 because of the fair',
    answer: /^It is due by the end of the working day of 2026-12-04\./,
    issue: { dueDate: '2026-12-04' },
  },
  {
    who: 'sam',
    says: '/status pending',
    answer: /^The status is Pending now\./,
    case: { status: 'Pending' },
    issue: labelled('status:pending'),
  },
  { who: 'sam', says: '/status Open', answer: /^The status is Open now\./, case: { status: 'Open' } },
  {
    who: 'sam',
    says: '/assign dana because I am away',
    answer: /^Dana Reyes is the assignee now\./,
    case: { assignee: 'dana' },
  },
  {
    who: 'dana',
    says: '/contacted by phone',
    answer: /^The first contact is noted/,
    case: { firstContactAt: expect.any(Number) },
  },
  {
    who: 'dana',
    says: '/snooze 3h because they are at lunch',
    answer: /^No reminders until then\./,
    case: { snoozedUntil: expect.any(Number) },
  },
  {
    who: 'sam',
    says: '/pause because we wait for a log',
    answer: /^The clock is paused\./,
    case: { status: 'Pending' },
  },
  { who: 'sam', says: '/resume', answer: /^The clock runs\./, case: { status: 'Open' } },
  { who: 'dana', says: '/ack', answer: /^Noted: you have it\./, case: { acknowledgedBy: 'dana' } },
  { who: 'sam', says: '/blocked by policy', answer: /^Noted: blocked by policy\./ },
  {
    who: 'sam',
    says: '/root-cause a missing file',
    answer: /^The root cause is noted\./,
    case: { rootCause: 'a missing file' },
  },
  { who: 'sam', says: '/link C-2', answer: /^Linking it to C-2\./ },
  {
    who: 'sam',
    says: '/what-changed The installer brings the file now.',
    answer: /^Stored in your words for the customer/,
  },
  {
    who: 'sam',
    says: '/close because it works',
    answer: /was not done: Only case managers may close it: Dana Reyes/,
    issue: { state: 'open' },
  },
  {
    who: 'dana',
    says: '/close because it works',
    answer: /^It is being closed\./,
    case: { closer: 'dana', closingReason: 'fixed', closingNote: 'it works' },
    issue: { state: 'closed' },
  },
  { who: 'sam', says: '/shipped 2.4', answer: /^Noted\. The customer is asked about it\./ },
  { who: 'sam', says: '/unable because policy', answer: /^Noted: unable, because of policy\./ },
  { who: 'dana', says: '/closed yes', answer: /^Noted: closed\./ },
  {
    who: 'sam',
    says: '/reopen because it is back',
    answer: /^It is being reopened\./,
    case: { loop: 'working', generation: 2 },
    issue: { state: 'open' },
  },
  { who: 'sam', says: '/declined because nobody else needs it', answer: /^Stored in your words for the customer/ },
  {
    who: 'dana',
    says: '/duplicate of C-2',
    answer: /^It is being closed as a duplicate of C-2\./,
    case: { closingReason: 'duplicate', loop: 'dropped', needsPerson: null },
    issue: { state: 'closed', reason: expect.stringMatching(/duplicate/i) },
  },
];

it('covers every command', () => {
  const used = tale.flatMap(({ says }) => /[/!]([a-z-]+)/.exec(says)?.[1] ?? []);
  expect(commandDefinitions.map(({ name }) => name).filter((name) => !used.includes(name))).toEqual([]);
});

const waits = (text: string) =>
  text.replace('quarantine: 30 days }', 'quarantine: 30 days, ask-after: { label: shipped } }');

describe.each(trackerNames)('on %s', (tracker) => {
  it('a case is worked on by commands from people of its team', { timeout: 120_000 }, async () => {
    const story = new EmulatedHarness(settingsIn(tracker, waits));
    await story.open('first-caller', 'second-caller');
    for (const { who, says, answer, ...then } of tale) {
      const answers = await story.answersTo(story.comment(who, says));
      expect(
        answers.filter((text) => answer.test(text)),
        says,
      ).toHaveLength(1);
      if (then.case) expect(story.case(), says).toMatchObject(then.case);
      if (then.issue) expect(await story.issue(), says).toMatchObject(then.issue);
    }
    expect(story.timeline()).toContain('issues linked');
    expect(story.timeline().filter((what) => what === 'command obeyed')).toHaveLength(tale.length - 1);
    expect(JSON.stringify(await story.issue())).not.toContain('first-caller');
    expect(story.hosts.offSpec).toEqual([]);
  });

  it.each(['a stranger', 'priya'] as const)(
    'nothing is done for %s, who is told so once',
    { timeout: 60_000 },
    async (who) => {
      const story = new EmulatedHarness(settingsIn(tracker));
      await story.open('first-caller', 'second-caller');
      const { severity, dueAt, status, assignee, rootCause, clock } = story.case();
      const answers: string[] = [];
      for (const { says } of tale) answers.push(...(await story.answersTo(story.comment(who, says))));
      expect(answers.filter((text) => /Only people of the case’s team can use commands/.test(text))).toHaveLength(1);
      expect(story.case()).toMatchObject({
        severity,
        dueAt,
        status,
        assignee,
        rootCause,
        clock,
        loop: 'working',
      });
      expect(story.case()).toMatchObject({
        generation: 1,
        closing: null,
        explanation: null,
      });
      expect(findOriginalId(story.sql, story.case().id)).toBeNull();
      expect((await story.issue()).state).toBe('open');
      expect(story.timeline()).not.toContain('command obeyed');
    },
  );
});
