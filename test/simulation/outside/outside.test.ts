import { describe, expect, it } from 'vitest';
import { leaver } from '../actors.ts';
import { findOutsideViolations, outsideRules } from './check.ts';
import { begin, createHealthy, question } from './healthy.ts';
import type { OutsideHistory } from './outside-history.ts';
import { dayMs, hourMs } from './read.ts';

interface Broken {
  says: string;
  change(history: OutsideHistory): void;
}

const at = (hours: number) => begin + hours * hourMs;
const iso = (hours: number) => new Date(at(hours)).toISOString();
const first = <Item>(items: Item[] | undefined): Item => items?.[0] as Item;
const caseOf = ({ pages }: OutsideHistory, handle: string) =>
  first(pages.cases.filter((each) => each.handle === handle));
const issueOf = ({ trackers }: OutsideHistory, key: string) =>
  first(Object.values(trackers).flatMap(({ issues }) => issues.filter((issue) => issue.key === key)));
const enter = (history: OutsideHistory, handle: string, what: string, hours: number, why = '') =>
  caseOf(history, handle).timeline.push({ at: iso(hours), what, who: '', why, evidence: null });
/** Changes some fields of a part of the history. */
function set<Part extends object>(part: Part | undefined, changes: Partial<Part>): void {
  Object.assign(part ?? {}, changes);
}

const mail = (history: OutsideHistory, changes: Partial<typeof question>) =>
  history.mails.push({ ...question, id: 'mail-more', key: 'm-more', ...changes });

/** Histories that each break one rule. */
const broken: Record<keyof typeof outsideRules, Broken[]> = {
  acknowledgedIsKept: [
    {
      says: 'delivery d-1 of r-1 was acknowledged, and no page knows it',
      change: ({ pages }) => void pages.deliveries.shift(),
    },
    {
      says: 'delivery d-2 of upgrade-survey is set-aside in the end',
      change: ({ pages }) => set(pages.deliveries[1], { outcome: 'set-aside' }),
    },
  ],
  copiesAreOneResponse: [
    {
      says: 'r-1 became 2 responses',
      change: ({ pages }) => set(pages.deliveries[1], { response: 'resp-9' }),
    },
    {
      says: 'resp-1 is the response of r-2 and of another',
      change: ({ pages }) => set(pages.deliveries[2], { response: 'resp-1' }),
    },
  ],
  nothingIsInvented: [
    {
      says: 'upgrade-survey sent 3 responses, and 4 are kept',
      change: ({ pages }) => void pages.responses.push({ ...first(pages.responses), id: 'resp-9' }),
    },
  ],
  theUnhappyHaveTheirCases: [
    {
      says: 'r-3 stands behind cases of nothing instead of upgrade-not-installed',
      change: (history) => set(caseOf(history, 'C-3'), { responses: [] }),
    },
    {
      says: 'r-1 said 3, and its page says otherwise',
      change: ({ sent }) => set(first(sent), { ease: 3 }),
    },
  ],
  toolAnswersArrive: [
    {
      says: 'the tool holds tool-0 with answers that no page shows',
      change: ({ toolResponses }) => set(first(toolResponses), { answers: { completed: false, ease: 9 } }),
    },
  ],
  importedRowsArrive: [
    {
      says: 'row-0 of the imported file is on no page',
      change: ({ pages }) => void pages.responses.pop(),
    },
  ],
  oneIssueForEachCase: [
    {
      says: 'C-3 has 2 issues: SUP-2, SUP-7',
      change: (history) =>
        void history.trackers.support?.issues.push({
          ...issueOf(history, 'SUP-2'),
          key: 'SUP-7',
          id: 'SUP-7',
          body: '',
        }),
    },
    {
      says: 'C-2 has no issue in the end: nobody is told',
      change: (history) => {
        caseOf(history, 'C-2').issue = null;
        history.trackers.growth = { people: [], issues: [] };
      },
    },
  ],
  markersAreOfOneIssue: [
    {
      says: 'SUP-1 and SUP-2 carry the same marker',
      change: (history) => set(issueOf(history, 'SUP-2'), { body: issueOf(history, 'SUP-1').body }),
    },
    {
      says: 'C-1 and C-2 have the same proof in their markers',
      change: (history) =>
        set(history, { trackerText: history.trackerText.replaceAll('2'.repeat(32), '1'.repeat(32)) }),
    },
    {
      says: 'SUP-2 follows another issue of C-3 under the marker of the first',
      change: (history) => enter(history, 'C-3', 'reopened in a new issue', 4),
    },
  ],
  markersStay: [
    {
      says: 'the issue of C-3 has lost its marker',
      change: (history) => set(history, { trackerText: history.trackerText.replace('1.C-3.', '') }),
    },
  ],
  pagesSayWhatTrackersSay: [
    {
      says: 'C-3 says SUP-2 is open, not closed',
      change: (history) => set(issueOf(history, 'SUP-2'), { state: 'closed' }),
    },
    {
      says: 'SUP-1 is closed, and C-1 is working',
      change: (history) => set(caseOf(history, 'C-1'), { loop: 'working' }),
    },
  ],
  goneMeansGone: [
    {
      says: 'C-1 was given up, and SUP-1 is there',
      change: (history) => set(caseOf(history, 'C-1'), { loop: 'dropped', closingReason: 'gone' }),
    },
    {
      says: 'and no issue had been away for a day',
      change(history) {
        history.absent.push({ tracker: 'support', id: 'SUP-2', from: at(1), to: at(5) });
        enter(history, 'C-3', 'issue gone', 4);
      },
    },
  ],
  goalsStandInTheTracker: [
    {
      says: 'C-3 of a gold customer is due after 48 hours instead of 24',
      change: (history) => set(caseOf(history, 'C-3'), { dueAt: iso(48) }),
    },
    {
      says: 'SUP-2 is due 2026-11-30, and C-3 2026-11-24',
      change: (history) => set(issueOf(history, 'SUP-2'), { dueDate: '2026-11-30' }),
    },
    { says: 'SUP-2 lacks severity:urgent', change: (history) => set(issueOf(history, 'SUP-2'), { labels: [] }) },
  ],
  stepsHaveTheirIssues: [
    {
      says: 'SUP-3 is closed, and step C-3-1 is open',
      change: (history) => set(issueOf(history, 'SUP-3'), { state: 'closed' }),
    },
    {
      says: 'step C-3-1 has 2 issues',
      change: (history) =>
        void history.trackers.support?.issues.push({ ...issueOf(history, 'SUP-3'), key: 'SUP-8', body: '' }),
    },
  ],
  nothingIsSaidTwice: [
    {
      says: 'SUP-2 says twice within an hour: C-3 has been overdue',
      change(history) {
        const { comments } = issueOf(history, 'SUP-2');
        comments.push({ ...first(comments), at: iso(24.5) });
      },
    },
  ],
  disputesReopenTwice: [
    {
      says: 'C-1 was reopened 3 times for disputes',
      change(history) {
        for (const hours of [10, 20, 30]) enter(history, 'C-1', 'reopened', hours, 'the closing is disputed: no');
      },
    },
  ],
  wrongClosingsAreUndoneTwice: [
    {
      says: 'closings of C-3 were undone more than twice in a day',
      change(history) {
        for (const hours of [1, 2, 3]) enter(history, 'C-3', 'closing undone', hours, 'somebody closed it, and only …');
      },
    },
  ],
  strangersDoNothing: [
    {
      says: 'C-3 took over words of a stranger',
      change: (history) => enter(history, 'C-3', 'severity changed', 1, 'canarystrangerwords'),
    },
    {
      says: 'C-2 is due when a stranger wanted it',
      change: (history) => set(caseOf(history, 'C-2'), { dueAt: '2031-05-05T22:59:00.000Z' }),
    },
  ],
  onlyOwnIssuesAreWritten: [
    {
      says: "we wrote to SUP-9, which is a person's own",
      change: (history) =>
        void issueOf(history, 'SUP-9').comments.push({ author: 'caselite', text: 'Hello.', at: iso(1) }),
    },
  ],
  overdueIsTold: [
    {
      says: 'C-3 is overdue, and its issue does not say so',
      change: (history) => set(issueOf(history, 'SUP-2'), { comments: [] }),
    },
    {
      says: 'C-3 is overdue, and the next level was not told',
      change: (history) => void issueOf(history, 'SUP-2').comments.pop(),
    },
  ],
  noMailComesTwice: [{ says: 'one mail came 2 times', change: (history) => mail(history, {}) }],
  nobodyIsAskedAgainTooSoon: [
    {
      says: 'was asked about C-1, and 40 hours later about C-3',
      change(history) {
        caseOf(history, 'C-3').followUps.push({ ...first(caseOf(history, 'C-1').followUps), id: 'f_3' });
        mail(history, { text: question.text.replaceAll('f_1', 'f_3'), at: at(47) });
      },
    },
  ],
  optedOutMeansNoQuestions: [
    {
      says: 'canary-1@customer.example wanted no more mail, and was asked 60 minutes later',
      change: ({ optOuts }) => void optOuts.set('canary-1@customer.example', at(6)),
    },
  ],
  deadAddressesGetNothing: [
    {
      says: 'mail to canary-1@customer.example was reported as undeliverable',
      change: ({ dead }) => void dead.set('canary-1@customer.example', begin - 2 * dayMs),
    },
  ],
  nothingAfterErasure: [
    {
      says: 'a page still shows canary-leaver-key, who was erased',
      change(history) {
        history.diary.push({ at: at(1), what: 'erased', address: leaver.email });
        first(history.pages.responses).customer.key = leaver.key;
      },
    },
    {
      says: '"A word" went to somebody who was erased',
      change(history) {
        history.diary.push({ at: at(1), what: 'erased', address: leaver.email });
        mail(history, { to: leaver.email, subject: 'A word', text: '', at: at(2) });
      },
    },
  ],
  onlyAClosingEarnsAQuestion: [
    {
      says: 'was asked about C-1, which nobody solved',
      change: (history) => set(history, { diary: history.diary.filter(({ what }) => what !== 'tracked') }),
    },
    {
      says: 'was asked about C-1 within 60 minutes',
      change: ({ mails }) => set(mails.at(-1), { at: at(5) }),
    },
  ],
  noQuestionBeforeTheRelease: [
    {
      says: 'was asked about C-1 before it was out',
      change(history) {
        caseOf(history, 'C-1').template = 'product-wish';
        enter(history, 'C-1', 'closed as fixed', 5);
        history.shipped.push({ kind: 'release', at: at(3) });
      },
    },
  ],
  questionsGoToTheOpener: [
    {
      says: 'mail of C-1 went to canary-key-1@impostor.example, not to canary-1@customer.example',
      change(history) {
        enter(history, 'C-1', 'customer asked', 5);
        set(history.mails.at(-1), { to: 'canary-key-1@impostor.example' });
      },
    },
  ],
  everyClosingIsAnswered: [
    {
      says: 'C-1 is closed as fixed, and nobody is asked',
      change: (history) => set(caseOf(history, 'C-1'), { followUps: [] }),
    },
    {
      says: 'the question about C-1 is still due',
      change: (history) => set(first(caseOf(history, 'C-1').followUps), { state: 'due' }),
    },
    {
      says: 'C-1 says that its customer was asked, and no mail came',
      change: ({ mails }) => void mails.pop(),
    },
  ],
  answersAreHeard: [
    {
      says: 'an answer about C-1 was taken, and no page shows it',
      change: (history) => set(first(caseOf(history, 'C-1').followUps), { answers: null }),
    },
    {
      says: 'the customer of C-1 said no, and nothing followed',
      change(history) {
        Object.assign(history.diary.at(-1) ?? {}, { answer: 'no' });
        first(caseOf(history, 'C-1').followUps).answers = { resolved: 'no' };
      },
    },
  ],
  insideStaysInside: [
    {
      says: "the team's own words went to canary-1@customer.example",
      change: (history) => mail(history, { text: 'insidewords of the team' }),
    },
  ],
  aReasonIsTold: [
    {
      says: 'was told of a decision about C-1 without its reason',
      change(history) {
        caseOf(history, 'C-1').closingReason = 'declined';
        Object.assign(history.mails.at(-1) ?? {}, { subject: 'What we decided' });
      },
    },
  ],
  oneReceiptADay: [
    {
      says: 'two receipts within a day to canary-1@customer.example',
      change: (history) => mail(history, { subject: 'Acme: We have your feedback', text: '', at: at(5) }),
    },
  ],
  nightsAreQuiet: [
    {
      says: 'a notice at night: Due soon',
      change: ({ mails }) => set(mails[2], { at: at(16) }),
    },
  ],
  stormsAreGathered: [
    {
      says: 'dana@acme.example was told three times in five minutes: Could not install the upgrade',
      change(history) {
        const opened = history.mails[1] as typeof question;
        for (const more of [1, 2]) history.mails.push({ ...opened, text: `${more}`, at: opened.at + more * 1000 });
      },
    },
  ],
  programsAreNotForwarded: [
    {
      says: '"reply number 1, the end" of a program went to dana@acme.example',
      change: (history) => mail(history, { to: 'dana@acme.example', text: 'reply number 1, the end' }),
    },
  ],
  repliesAreToldOnce: [
    {
      says: 'dana@acme.example was told 2 times of 1 replies to C-1',
      change: (history) => mail(history, { to: 'dana@acme.example', text: 'C-1: the customer replied. Again.' }),
    },
  ],
  huddlesComeOnce: [
    {
      says: 'dana@acme.example "Huddle 2026-11-24" came twice',
      change: (history) => mail(history, { to: 'dana@acme.example', subject: 'Huddle 2026-11-24', text: 'more' }),
    },
  ],
  nobodyPersonalInTrackers: [
    {
      says: 'canarywords1 stands in a tracker',
      change: (history) =>
        set(history, { trackerText: `${history.trackerText}\n${Buffer.from('canarywords1').toString('base64')}` }),
    },
    {
      says: 'canary-1@customer.example stands in a log',
      change: ({ log }) => void log.push('canary-1@customer.example'),
    },
  ],
  hostsHaveNoComplaints: [
    { says: 'jira was asked too much', change: ({ complaints }) => void complaints.push('jira was asked too much') },
  ],
};

describe('a rule of the second checker', () => {
  const pairs = Object.entries(broken).flatMap(([name, changes]) => changes.map((change) => ({ name, ...change })));

  it.each(pairs)('$name speaks: $says', ({ name, says, change }) => {
    const history = createHealthy();
    change(history);
    expect(findOutsideViolations(history)).toContainEqual(expect.stringMatching(new RegExp(`^outside ${name}: .*`)));
    expect(findOutsideViolations(history).join('\n')).toContain(says);
  });

  it('is silent about a healthy history', () => {
    expect(findOutsideViolations(createHealthy())).toEqual([]);
  });

  it('lets a case ask again after a no that came through a reminder', () => {
    const history = createHealthy();
    const { followUps } = caseOf(history, 'C-1');
    followUps.push({ ...first(followUps), id: 'f_9' });
    mail(history, { text: question.text.replaceAll('f_1', 'f_9'), at: at(47) });
    const soon = () => findOutsideViolations(history).filter((text) => text.includes('nobodyIsAskedAgainTooSoon'));
    expect(soon()).toHaveLength(1);
    history.diary.push({ at: at(9), what: 'answered', mail: 'a reminder', ask: 'f_1', answer: 'no', isTaken: true });
    expect(soon()).toEqual([]);
  });

  it('has a history that breaks it', () => {
    expect(Object.keys(broken)).toEqual(Object.keys(outsideRules));
  });
});
