import { createIssueMarker } from '#domain/base/key.ts';
import { day, hour, minute } from '#test/harness/times.ts';
import { leaver } from './actors.ts';
import type { History } from './history.ts';
import type { invariants } from './invariants.ts';
import { hasHandle } from './titles.ts';
import { canary, insideWords, outsideWords } from './words.ts';

/** One change of a healthy history that makes it break an invariant, and the violation that has to follow. */
export interface Breakage {
  says: string;
  change(history: History): void;
}

const row = (says: string, query: string): Breakage => ({ says, change: ({ sql }) => sql.run(query) });

const customerMail = ({ mails }: History, number = 1) => {
  const mail = mails.find(({ to }) => to === `canary-${number}@customer.example`);
  if (!mail) throw new Error('the healthy run asked nobody');
  return mail;
};

const issueOf = ({ trackers }: History, handle: string, tracker: keyof History['trackers'] = 'support') => {
  const issue = trackers[tracker].issues.find(({ title }) => hasHandle(title, handle));
  if (!issue) throw new Error(`the healthy run has no issue of ${handle}`);
  return issue;
};

/** Sends the first mail to a customer once more. */
const sendAgain = (history: History, changes: Partial<History['mails'][number]>) => {
  history.mails.push({ ...customerMail(history), id: 'mail-again', ...changes });
};

/** Adds a mail of a case to the rows. */
const addMail = (
  { sql }: History,
  values: { id: string; kind?: string; address: string; subject: string; at: number },
) =>
  sql.run(
    `INSERT INTO mails (id, case_id, ask_id, person, asks, counts, kind, address, subject, state, at)
      SELECT ?, case_id, ask_id, person, 1, 1, COALESCE(?, kind), ?, ?, 'sent', ? FROM mails WHERE counts = 1 LIMIT 1`,
    values.id,
    values.kind ?? null,
    values.address,
    values.subject,
    values.at,
  );

const addComment = (history: History, text: string, times = 1, at = history.now) => {
  const { comments } = issueOf(history, 'C-3');
  for (let number = 0; number < times; number += 1)
    comments.push({ author: 'caselite', text, at: new Date(at).toISOString() });
};

const addTimeline = ({ sql }: History, what: string, at: number, why = '') =>
  sql.run(
    "INSERT INTO timeline (case_id, at, what, who, why, generation) SELECT id, ?, ?, 'caselite', ?, 1 FROM cases WHERE number = 3",
    at,
    what,
    why,
  );

const addLadderStep = ({ sql }: History, step: number, kind: string) =>
  sql.run(
    "INSERT INTO ladder_steps (case_id, ladder, step, kind, at, notified) SELECT id, ladder, ?, ?, 0, '[]' FROM cases WHERE number = 3",
    step,
    kind,
  );

const hide = ({ trackers }: History, id = '1') => trackers.support.readable.delete(id);

const formerIssue = (id: string): string =>
  JSON.stringify([{ tracker: 'support', id, key: `SUP-${id}`, url: `https://tracker.test/SUP-${id}` }]);

const adopted = { tracker: 'support' as const, id: '1', key: 'SUP-1', title: 'A person’s own' };

const postedEvent = (id: string, sequence: number) => ({ id, sequence, caseId: 'c' });

const wantEvents = (history: History): void => {
  const { workspace } = history.settings;
  const channels = { crm: { kind: 'webhook', events: 'all' as const } };
  history.settings = { ...history.settings, workspace: { ...workspace, channels } };
};

const mailboxOfFirstCase = 'acme.c1.00000000000000000000@in.acme.example';
const addReply = ({ sql }: History, id: string, kind: string, text: string) =>
  sql.run(
    'INSERT INTO comments (case_id, id, kind, text, at) SELECT id, ?, ?, ?, 1 FROM cases WHERE number = 1',
    id,
    kind,
    text,
  );

/** Histories that each break one invariant, by the name of the invariant. */
const heldAction = (state: string) =>
  `INSERT INTO outbox (key, queue, ordering_key, kind, version, payload, state, created_at, due_at)
    VALUES ('act:c:1', 'actions', 'acts:c', 'case.act', 1, '{"action":{"because":"they agreed"}}', '${state}', 1, 1)`;

export const breakages: Record<keyof typeof invariants, Breakage[]> = {
  theRefusedStaysIntended: [
    row(
      'was given up: rejected: the repository is archived',
      `INSERT INTO outbox (key, queue, ordering_key, kind, version, payload, state, created_at, due_at, error)
         VALUES ('given-up', 'support', 'case:c', 'issue.comment', 1, '{}', 'refused', 1, 1, 'rejected: the repository is archived')`,
    ),
    row(
      'C-3 still lacks dueDate: not on the screen',
      `INSERT INTO refusals (case_id, part, tracker, reason, since, tries, next_at)
         SELECT id, 'dueDate', tracker, 'not on the screen', 1, 1, 1 FROM cases WHERE number = 3`,
    ),
  ],
  othersGoOnMeanwhile: [
    {
      says: 'row 7 (issue.edit) of support waited for over an hour because of: required field',
      change: ({ setUpTroubles }) => {
        const overdue = ['row 7 (issue.edit)'];
        setUpTroubles.push({
          tracker: 'support',
          kind: 'required field',
          from: 0,
          to: day,
          isDisturbed: false,
          overdue,
        });
      },
    },
  ],
  refusedCallsAreFew: [
    {
      says: 'support 3 was refused 21 times in an hour',
      change: ({ refusedCalls }) => {
        for (let at = 0; at < 21 * minute; at += minute) refusedCalls.push({ tracker: 'support', subject: '3', at });
      },
    },
  ],
  nothingAckedIsLost: [
    row('acked response r-1 is not stored', "DELETE FROM responses WHERE customer_key = 'canary-key-1'"),
    row('stands behind 0 cases', 'DELETE FROM case_responses'),
  ],
  sentIsStored: [
    row('t-1 is at revision 1 in the survey tool', "DELETE FROM responses WHERE source = 'tool'"),
    row('was not judged', "UPDATE responses SET decided_revision = NULL WHERE source = 'tool'"),
    {
      says: 't-1 stands behind no case',
      change: ({ toolResponses }) => {
        Object.assign(toolResponses[0] ?? {}, { answers: { completed: false } });
      },
    },
  ],
  importedIsStoredOnce: [
    row('imported row-1 is not stored', "DELETE FROM responses WHERE source = 'export'"),
    row('imported row-1 was taken in 0 times', "DELETE FROM deliveries WHERE source = 'export'"),
  ],
  everyHeldMatchIsDecided: [
    row(
      'is still held',
      "INSERT INTO held_matches (template, response_id, at, state) SELECT 'product-wish', id, 1, 'held' FROM responses LIMIT 1",
    ),
    row(
      'was opened, and has no case',
      "INSERT INTO held_matches (template, response_id, at, state) SELECT 'call-back', id, 1, 'opened' FROM responses LIMIT 1",
    ),
  ],
  whatWasDroppedStaysDropped: [
    row(
      'was dropped, and has a case',
      `INSERT INTO held_matches (template, response_id, at, state)
         SELECT c.template, r.response_id, 1, 'dropped' FROM case_responses r JOIN cases c ON c.id = r.case_id LIMIT 1`,
    ),
  ],
  aCaseEndsTheTriage: [
    row(
      'has a case, and is in the triage',
      "INSERT INTO triage (response_id, kind, why, at) SELECT response_id, 'unhappy', '1 of 10', 1 FROM case_responses LIMIT 1",
    ),
    row('does not count as acted on', 'UPDATE responses SET is_acted_on = 0'),
  ],
  aStormIsToldOnce: [
    row(
      'was told twice of one storm',
      `INSERT INTO notices (id, case_id, template, person, event, headline, because, acknowledge, at, due_at, state)
         SELECT id || 'x', case_id, template, person, event, headline, because, 0, at, due_at + 1000, 'sent'
           FROM notices WHERE event = 'opened' LIMIT 1`,
    ),
  ],
  oneIssuePerCase: [
    {
      says: 'case C-3 has 2 issues',
      change: (history) => {
        history.trackers.support.issues.push({ ...issueOf(history, 'C-3'), id: '99', key: 'SUP-99' });
      },
    },
    {
      says: 'case C-3 has no issue and needs nobody',
      change: ({ trackers: { support } }) => {
        support.issues = support.issues.filter(({ title }) => !title.endsWith('· C-3'));
      },
    },
    row(
      'case C-4 has no issue: The issue did not go through',
      `INSERT INTO cases (number, id, case_match_key, template, settings_version, kind, category, severity, severity_rank,
         status, loop, opened_at, due_at, due_why, opened_why, team, tracker, needs_person)
       VALUES (4, 'c-4', 'p', 'product-wish', 1, 'tactical', 'x', 'low', 4, 'Open', 'working', 0, 0, '', '', 'x', 'growth', 'The issue did not go through: refused')`,
    ),
    {
      says: 'case C-3 is linked to SUP-',
      change: (history) => {
        history.sql.run("UPDATE cases SET issue_id = '98' WHERE number = 3");
        history.trackers.support.readable.add('98');
      },
    },
    {
      says: 'anybody could have made the marker of C-3',
      change: (history) => {
        history.trackerText += createIssueMarker(history.strangersKeys, 'acme', 'C-3');
      },
    },
    {
      says: 'the issue of C-3 has lost its marker',
      change: (history) => {
        history.trackerText = history.trackerText.replaceAll(createIssueMarker(history.keys, 'acme', 'C-3'), '');
      },
    },
  ],
  formerIssuesStayClosed: [
    {
      says: 'C-3 goes on in another issue, and SUP-97 is open',
      change: (history) => {
        history.sql.run('UPDATE cases SET former_issues = ? WHERE number = 3', formerIssue('97'));
        const { issues } = history.trackers.support;
        issues.push({ ...issueOf(history, 'C-3'), id: '97', key: 'SUP-97', state: 'open' });
      },
    },
    {
      says: 'the issue of C-3 is one of its former ones',
      change: (history) => {
        history.sql.run('UPDATE cases SET former_issues = ? WHERE number = 3', formerIssue(issueOf(history, 'C-3').id));
      },
    },
    row(
      'C-3 was reopened and has no issue',
      `UPDATE cases SET issue_id = NULL, former_issues = '${formerIssue('97')}' WHERE number = 3`,
    ),
  ],
  theMirrorIsTrue: [
    row('C-3 says its issue is closed', "UPDATE cases SET issue_state = 'closed' WHERE number = 3"),
    row('the issue of C-3 is open, but its loop is resolved', "UPDATE cases SET loop = 'resolved' WHERE number = 3"),
  ],
  keptCommentsStandInTheTracker: [
    row(
      'case C-3 keeps a comment that is not in support: nobody wrote this',
      `INSERT INTO comments (case_id, id, kind, issue_id, author, text, at)
         SELECT id, 'c-1', 'tracker', issue_id, NULL, 'nobody wrote this', 1 FROM cases WHERE number = 3`,
    ),
  ],
  nothingIsStuck: [
    row('is still waiting', "UPDATE outbox SET state = 'waiting' WHERE id = 1"),
    row('is still unknown', "UPDATE outbox SET state = 'unknown' WHERE id = 1"),
    row('a delivery still waits', "UPDATE deliveries SET outcome = 'waiting' WHERE source = 'tool'"),
    row('a good delivery was set aside', "UPDATE deliveries SET outcome = 'set-aside' WHERE source = 'tool'"),
  ],
  limitsAreKept: [
    { says: 'had to refuse', change: ({ limits }) => limits.jira?.refused.push({ at: 1, url: '/' }) },
    { says: 'before its time to wait was over', change: ({ limits }) => limits.jira?.early.push({ at: 1, url: '/' }) },
  ],
  hostsAreCalledByTheirRules: [
    { says: 'no such path', change: ({ offSpec }) => offSpec.push('jira: no such path in the description') },
  ],
  theFieldsAreTrue: [
    {
      says: 'C-3 has due date',
      change: (history) => Object.assign(issueOf(history, 'C-3'), { dueDate: '2031-01-01' }),
    },
    { says: 'C-3 has assignee', change: (history) => Object.assign(issueOf(history, 'C-3'), { assignee: 'nobody' }) },
    { says: 'C-3 has severity', change: (history) => Object.assign(issueOf(history, 'C-3'), { labels: [] }) },
    { says: 'C-3 has priority', change: (history) => Object.assign(issueOf(history, 'C-3'), { priority: 'Low' }) },
    {
      says: 'put back more than three times in a day',
      change: (history) => addComment(history, 'Restored by Caselite', 4),
    },
  ],
  noSecondMail: [{ says: 'the same mail was accepted 2 times', change: (history) => sendAgain(history, {}) }],
  noMailTooEarly: [
    {
      says: 'two first follow-ups within the quarantine',
      change: (history) => {
        const at = customerMail(history).at + 29 * day;
        addMail(history, { id: 'm-2', address: 'x', subject: 'x', at });
        sendAgain(history, { key: 'm-2', text: 'another', at });
      },
    },
  ],
  noMailAfterOutsideSurvey: [
    row(
      'was asked by another tool, and by us',
      `INSERT INTO reported_surveys (customer_key, survey, at, address)
        SELECT person, 'another', at - ${day}, lower(address) FROM mails WHERE counts = 1 AND state = 'sent'`,
    ),
  ],
  noMailToDeadAddresses: [
    {
      says: 'was known to take no mail',
      change: (history) => history.dead.set(customerMail(history).to, customerMail(history).at - 1),
    },
  ],
  noMailAfterOptOut: [
    {
      says: 'was promised no more mail',
      change: (history) => history.optOuts.set(customerMail(history).to, customerMail(history).at - 1),
    },
  ],
  everyReplyStandsOnce: [
    {
      says: '"lost" was taken and is lost',
      change: ({ replies }) => replies.push({ text: 'lost', mailbox: mailboxOfFirstCase, kind: 'reply', acked: true }),
    },
    {
      says: '"twice" stands 2 times',
      change: (history) => {
        for (const id of ['y-1', 'y-2']) addReply(history, id, 'reply', 'twice');
        history.replies.push({ text: 'twice', mailbox: mailboxOfFirstCase, kind: 'reply', acked: true });
      },
    },
    {
      says: '"forged" stands as reply instead of other-reply',
      change: (history) => {
        addReply(history, 'y-1', 'reply', 'forged');
        history.replies.push({ text: 'forged', mailbox: mailboxOfFirstCase, kind: 'other-reply', acked: true });
      },
    },
  ],
  noMailForPrograms: [
    {
      says: 'where only programs wrote',
      change: (history) => {
        addReply(history, 'y-1', 'automatic-reply', 'away');
        history.sql.run(
          `INSERT INTO notices (id, case_id, template, person, event, headline, because, acknowledge, at, due_at, state)
            SELECT 'n-reply', id, template, 'dana', 'replied', '', '', 0, 1, 1, 'sent' FROM cases WHERE number = 1`,
        );
      },
    },
    {
      says: 'a reply went on to canary-1@customer.example',
      change: (history) => Object.assign(customerMail(history), { text: 'words in reply number 1' }),
    },
  ],
  oneReceiptADay: [
    {
      says: 'two receipts within a day to canary-1@customer.example',
      change: (history) => {
        const mail = customerMail(history);
        history.mails.push({ ...mail, key: 'second' });
        const insert = `INSERT INTO mails (id, person, asks, counts, kind, address, subject, state, at)
            VALUES (?, 'canary-key-1', 0, 0, 'receipt', '', '', 'sent', 5)`;
        history.sql.run('UPDATE mails SET id = ? WHERE id = ?', 'first', mail.key);
        for (const id of [mail.key, 'second']) history.sql.run(insert, id);
      },
    },
  ],
  noMailUnearned: [
    { says: 'was asked, and its issue was never done', change: ({ closings }) => closings.splice(0, 1) },
  ],
  everyClosingIsServed: [
    row('C-1 was closed as fixed and nobody is asked', "DELETE FROM asks WHERE person = 'canary-key-1'"),
    row('was skipped without a reason', "UPDATE asks SET state = 'skipped', why = '' WHERE seq = 1"),
    row('counts as sent, but there is no mail', 'DELETE FROM mails WHERE counts = 1'),
  ],
  nobodyIsForgotten: [
    {
      says: 'C-2 was closed and its customer is forgotten',
      change: (history) => {
        history.now += 30 * day;
        history.sql.run('DELETE FROM asks WHERE case_id = (SELECT id FROM cases WHERE number = 2)');
      },
    },
    {
      says: 'C-1 was closed and its customer is forgotten',
      change: (history) => {
        history.now += 30 * day;
        history.sql.run("UPDATE asks SET state = 'due' WHERE case_id = (SELECT id FROM cases WHERE number = 1)");
      },
    },
  ],
  invitationsComeInTime: [
    row('is still due', "UPDATE asks SET state = 'due' WHERE kind = 'invitation'"),
    row('was skipped without a reason', "UPDATE asks SET why = '' WHERE kind = 'invitation'"),
  ],
  nobodyIsAskedBeforeTheGate: [
    row(
      'the customer of C-1 was asked before the fix was out',
      "UPDATE cases SET template = 'product-wish' WHERE number = 1",
    ),
  ],
  noThirdReopening: [
    {
      says: 'was reopened 3 times for disputes',
      change: (history) => addComment(history, 'Reopened by Caselite: the closing is disputed', 3),
    },
  ],
  nothingFromInside: [
    { says: 'words of the team', change: (history) => Object.assign(customerMail(history), { html: insideWords }) },
  ],
  whoeverIsDeclinedReadsWhy: [
    {
      says: 'the customer of C-2 was told of a decision without its reason',
      change: (history) => {
        const mail = customerMail(history, 2);
        mail.text = mail.text.replaceAll(outsideWords, '');
      },
    },
  ],
  everyResurveyEnds: [
    row('re-survey s-1 is still due', "UPDATE asks SET state = 'due' WHERE kind = 'resurvey'"),
    row('re-survey s-1 was skipped without a reason', "UPDATE asks SET why = '' WHERE kind = 'resurvey'"),
    row('re-survey s-1 counts as sent, with 0 mails', "UPDATE asks SET state = 'sent' WHERE kind = 'resurvey'"),
  ],
  mailGoesToTheOpener: [
    {
      says: 'mail of C-1 went to somebody@else.example',
      change: (history) => Object.assign(customerMail(history), { to: 'somebody@else.example' }),
    },
  ],
  strategicCasesServeAll: [
    row(
      'two strategic cases are at work for one theme',
      "UPDATE cases SET kind = 'strategic', loop = 'working', case_match_key = 'theme'",
    ),
    {
      says: 'somebody behind C-1 is neither told nor left out',
      change: ({ sql }) => {
        sql.run("UPDATE cases SET kind = 'strategic' WHERE number = 1");
        sql.run("DELETE FROM asks WHERE person = 'canary-key-1'");
      },
    },
    {
      says: 'one person was asked twice about closing 1 of a strategic case',
      change: (history) => {
        history.sql.run("UPDATE cases SET kind = 'strategic' WHERE number = 1");
        addMail(history, { id: 'm-2', address: customerMail(history).to, subject: 'x', at: 1 });
      },
    },
    row(
      'was elevated, and its history does not say so',
      "INSERT INTO case_links (case_id, linked_id, kind, why, at) VALUES ('c-8', 'c-9', 'elevated-to', '', 0)",
    ),
  ],
  stepsInOrder: [{ says: 'are not in order', change: (history) => addLadderStep(history, 2, 'due') }],
  noStepLeftOut: [
    row('C-3 is past its goal, and nobody was told', 'UPDATE cases SET due_at = 1 WHERE number = 3'),
    {
      says: 'the ladder of C-3 has come to a halt',
      change: ({ sql }) => {
        sql.run('UPDATE cases SET overdue = 1 WHERE number = 3');
        sql.run("DELETE FROM schedule WHERE kind = 'ladder'");
      },
    },
  ],
  noStepTwiceOnTheIssue: [
    {
      says: 'a step of the ladder stands twice',
      change: (history) => addComment(history, 'Escalated until somebody acknowledges it', 2),
    },
  ],
  nobodyAtNight: [
    {
      says: 'a notice in quiet hours',
      change: ({ sql }) => sql.run("UPDATE mails SET at = ? WHERE kind = 'notice'", Date.UTC(2026, 10, 24, 2)),
    },
  ],
  riskIsNoticedOnceInAMonth: [
    row(
      'noticed 2 times',
      `INSERT INTO notices (id, case_id, template, person, event, headline, because, acknowledge, at, due_at, state)
        SELECT value, (SELECT id FROM cases WHERE number = 1), 't', 'dana', 'at-risk', '', '', 0, value, 0, 'sent'
          FROM json_each('[1, 2]')`,
    ),
  ],
  nobodyFromElsewhere: [
    row('went to somebody outside its team', "UPDATE mails SET address = 'eve@evil.example' WHERE kind = 'notice'"),
  ],
  noStrangerIsObeyed: [
    { says: "a stranger's command left something in timeline", change: (history) => addTimeline(history, canary, 1) },
    {
      says: 'C-3 got its date from a stranger',
      change: ({ sql }) => sql.run('UPDATE cases SET due_at = ? WHERE number = 3', Date.UTC(2031, 4, 5)),
    },
  ],
  undoneTwiceAtMost: [
    {
      says: 'by one person were undone 3 times in a day',
      change: (history) => {
        for (const at of [0, hour, 2 * hour])
          addTimeline(history, 'closing undone', at, 'sam closed it, and only case managers may');
      },
    },
  ],
  onceKey: [
    { says: 'shows 1 comments of 0', change: (history) => addComment(history, 'Please look at this.') },
    {
      says: 'that they are not obeyed',
      change: (history) => addComment(history, 'Only people of the case’s team can use commands', 20),
    },
  ],
  heldActionsEnd: [
    row('act:c:1 is waiting at the end', heldAction('waiting')),
    {
      says: 'act:c:1 was withdrawn, and done',
      change: (history) => {
        history.sql.run(heldAction('refused'));
        addTimeline(history, 'severity changed', 1, 'from high to low: they agreed');
      },
    },
  ],
  commentsAreKept: [row('C-2 keeps 0 comments of 1', 'DELETE FROM comments')],
  ticksByWhoMadeThem: [
    row(
      'ticked in the name of sam',
      "INSERT INTO timeline (case_id, at, what, who, why, evidence, generation) SELECT id, 1, 'plan step done', 'sam', 'qa: check', 'webhook tick-9', 1 FROM cases LIMIT 1",
    ),
    {
      says: 'one webhook ticked twice',
      change({ sql, ticks }) {
        ticks.set('tick-1', 'sam-acme');
        for (const at of [1, 2])
          sql.run(
            "INSERT INTO timeline (case_id, at, what, who, why, evidence, generation) SELECT id, ?, 'plan step done', 'sam', 'qa: check', 'webhook tick-1', 1 FROM cases LIMIT 1",
            at,
          );
      },
    },
  ],
  planStepsMatchTheirIssues: [
    row('step C-3-1 says', "UPDATE plan_steps SET issue_state = 'closed'"),
    row('step C-3-1 is done, but its issue open', 'UPDATE plan_steps SET done_at = 1'),
    row('step C-3-1 is a check box without a reason', "UPDATE plan_steps SET form = 'check-box', form_why = NULL"),
    {
      says: 'step C-3-1 has no issue',
      change: ({ trackers: { support } }) => {
        support.issues = support.issues.filter(({ title }) => !title.includes('C-3-1'));
      },
    },
    {
      says: 'step C-3-1 has 2 issues',
      change: (history) => {
        history.trackers.support.issues.push({ ...issueOf(history, 'C-3-1'), id: '99', key: 'SUP-99' });
      },
    },
    {
      says: 'the issue of step C-3-1 has lost its marker',
      change: (history) => {
        history.trackerText = history.trackerText.replaceAll(createIssueMarker(history.keys, 'acme', 'C-3-1'), '');
      },
    },
  ],
  nothingPersonalOutside: [
    { says: 'stands in a tracker', change: (history) => (history.trackerText += ' CanaryName1 ') },
    { says: 'stands in a log', change: ({ log }) => log.push('mail to canary-1@customer.example') },
  ],
  nothingIsLeftOfTheErased: [
    {
      says: 'customers.key still tells of somebody who was erased',
      change: ({ sql }) => {
        sql.run(
          "INSERT INTO audit_log (at, who, what, about, details) VALUES (0, 'dana', 'person erased', 'customer-1', '')",
        );
        sql.run("INSERT INTO customers (key, attributes, updated_at) VALUES (?, '{}', 0)", leaver.key);
      },
    },
  ],
  everyErasureIsAudited: [
    {
      says: 'the erasure at 1 left 0 lines in the audit log',
      change: ({ sql }) => sql.run('UPDATE responses SET erased_at = 1 WHERE seq = (SELECT MIN(seq) FROM responses)'),
    },
  ],
  lastAnswerCounts: [
    {
      says: 'was answered yes in the end, and undefined counts',
      change: ({ corrections }) => corrections.set('nowhere', 'yes'),
    },
  ],
  nobodyStaysAfterLeaving: [
    {
      says: 's_1 outlived the leaving of mette',
      change: ({ sql, left }) => {
        left.push({ person: 'mette', at: 2 });
        sql.run("INSERT INTO sessions (id, person, device, at, last_used_at) VALUES ('s_1', 'mette', '', 1, 1)");
      },
    },
    {
      says: 'i_1 outlived the leaving of mette',
      change: ({ sql, left }) => {
        left.push({ person: 'mette', at: 2 });
        sql.run("INSERT INTO identities (id, person, at) VALUES ('i_1', 'mette', 1)");
      },
    },
  ],
  mailGoesToDecidedAddresses: [
    {
      says: 'went to an address that nobody had accepted',
      change: ({ sql }) =>
        sql.run(
          `INSERT INTO case_addresses (case_id, customer_key, address, state, at)
             SELECT m.case_id, m.person, m.address, 'waiting', 1 FROM mails m JOIN cases c ON c.id = m.case_id
              WHERE c.kind = 'tactical' AND c.customer_key = m.person LIMIT 1
             ON CONFLICT (case_id, customer_key, address) DO UPDATE SET state = 'waiting'`,
        ),
    },
  ],
  adminsToldOnce: [
    {
      says: 'an admin was told 1 times of 0 pauses',
      change: (history) => {
        const { title } = history.trackers.support;
        addMail(history, {
          id: 'm-2',
          address: 'x',
          subject: `Caselite cannot work in ${title} (tracker support)`,
          at: 1,
        });
      },
    },
    {
      says: 'and then [{',
      change: (history) => {
        const { title } = history.trackers.support;
        addMail(history, {
          id: 'm-2',
          address: 'x',
          subject: `Caselite works in ${title} (tracker support) again`,
          at: 1,
        });
      },
    },
    {
      says: 'is still paused although it was mended',
      change: ({ sql }) =>
        sql.run(
          "INSERT INTO queues (queue, held_until, paused) VALUES ('support', 0, 'auth') ON CONFLICT DO UPDATE SET paused = 'auth'",
        ),
    },
  ],
  onlyTheLostAreLost: [
    row(
      'C-3 was given up although its issue is there',
      "UPDATE cases SET loop = 'dropped', closing_reason = 'gone', needs_person = 'x' WHERE number = 3",
    ),
    { says: 'the issue of C-1 is gone, but its loop is asked', change: (history) => hide(history) },
    {
      says: 'C-1 was given up and nobody is told',
      change: (history) => {
        hide(history);
        history.sql.run("UPDATE cases SET loop = 'dropped', closing_reason = 'gone' WHERE number = 1");
      },
    },
    {
      says: 'had not been gone for a day',
      change: (history) => {
        const at = history.now;
        addTimeline(history, 'issue gone', at);
        const { id } = issueOf(history, 'C-3');
        history.absent.push({ tracker: 'support', id, from: at - hour, to: at + hour });
      },
    },
  ],
  theUrgentGoFirst: [
    {
      says: 'left before row',
      change: ({ sql, now }) => {
        const calls: [key: string, rank: number, startedAt: number][] = [
          ['slow', 4, now + 30 * minute],
          ['fast', 1, now + 40 * minute],
        ];
        for (const [key, rank, startedAt] of calls)
          sql.run(
            `INSERT INTO outbox (key, queue, ordering_key, kind, version, payload, state, attempts, created_at, due_at, started_at, ended_at, rank)
              VALUES (?1, 'support', ?1, 'issue.edit', 1, '{}', 'done', 1, ?2, ?2, ?3, ?3, ?4)`,
            key,
            now,
            startedAt,
            rank,
          );
      },
    },
  ],
  anAdoptedIssueIsOneCase: [
    {
      says: 'support SUP-1 has 1 cases and was not asked for',
      change: ({ foreign, trackers }) =>
        void foreign.push({ ...adopted, title: trackers.support.issues[0]?.title ?? '', isAsked: false }),
    },
    {
      says: 'the title of support SUP-1 is',
      change: ({ foreign }) => void foreign.push({ ...adopted, isAsked: true }),
    },
    {
      says: 'support SUP-9 has 0 cases and was asked for',
      change: ({ foreign }) => void foreign.push({ ...adopted, id: '9', key: 'SUP-9', isAsked: true }),
    },
  ],
  everyEventArrivesInOrder: [
    { says: '(opened) was never taken', change: (history) => wantEvents(history) },
    {
      says: 'e_2 is a second id',
      change: ({ events }) => void events.push(postedEvent('e_1', 1), postedEvent('e_2', 1)),
    },
    {
      says: 'event 1 came after event 2 of its case',
      change: ({ events }) => void events.push(postedEvent('e_2', 2), postedEvent('e_1', 1)),
    },
  ],
  testIssuesGoAway: [
    {
      says: 'product has 1 test issues, and 0 were asked for',
      change: (history) => addTestIssue(history),
    },
    {
      says: 'product has 1 open test issues',
      change: (history) => addTestIssue(history),
    },
  ],
  webhooksAreThereOnce: [
    {
      says: 'https://caselite.test/hooks/acme/tool upgrade has 2 webhooks',
      change: ({ hooks }) => {
        const hook = { url: 'https://caselite.test/hooks/acme/tool', form: 'upgrade', isOn: true };
        hooks.push(hook, hook);
      },
    },
    {
      says: 'the webhook of product counts as in use, and is not there',
      change: ({ sql }) =>
        sql.run("INSERT INTO hooks (queue, form, state, checked_at) VALUES ('product', '', 'in use', 1)"),
    },
  ],
  huddlesComeOnce: [
    {
      says: 'got "Huddle 2026-W48: Acme" 2 times',
      change: (history) => {
        for (const text of ['one', 'another']) sendAgain(history, { subject: 'Huddle 2026-W48: Acme', text });
      },
    },
    {
      says: 'the tracker has "Huddle board 2026-W48" 2 times',
      change: (history) => {
        const { product } = history.trackers;
        const issue = issueOf(history, 'C-3');
        for (const id of ['h-1', 'h-2']) product.issues.push({ ...issue, id, title: 'Huddle board 2026-W48' });
      },
    },
    {
      says: 'the channel has "Huddle board 2026-W48" 2 times',
      change: ({ packs }) => {
        for (const key of ['h-1', 'h-2', 'h-2']) packs.push({ key, headline: 'Huddle board 2026-W48' });
      },
    },
    {
      says: 'the channel never took huddle:acme:board:2026-W48:crm',
      change: ({ sql }) =>
        sql.run(
          `INSERT INTO outbox (key, queue, ordering_key, kind, version, payload, state, created_at, due_at)
             VALUES ('notice:huddle:acme:board:2026-W48:crm', 'notice:crm', 'x', 'notice.send', 1, '{}', 'done', 1, 1)`,
        ),
    },
  ],
  copiesAreLeftAlone: [
    {
      says: 'which a person made, was changed',
      change: (history) => {
        const copy = issueOf(history, 'C-3');
        history.copies.push({
          tracker: 'support',
          key: copy.key,
          was: JSON.stringify({ ...copy, title: 'as copied' }),
        });
      },
    },
  ],
  stoppingWorkIsSetAside: [
    {
      says: 'a delivery stopped the process 50 times, and is waiting',
      change: (history) => {
        history.stopping = { kind: 'delivery', deaths: 50, state: 'waiting', waiting: 0 };
      },
    },
    {
      says: '3 pieces of work wait for the timer',
      change: (history) => {
        history.stopping = { kind: 'timer', deaths: 3, state: 'moved', waiting: 3 };
      },
    },
  ],
};

function addTestIssue(history: History): void {
  const issue = issueOf(history, 'C-3');
  history.trackers.product.issues.push({ ...issue, id: 't-1', title: 'Test issue of Caselite', state: 'open' });
}

/** Histories that look like a mistake and are none; no invariant may speak. */
export const soundHistories: Record<string, (history: History) => void> = {
  'a case joined the mail that followed a bounced one, after its own gate had opened': (history) => {
    const { sql, shipped } = history;
    const mail = customerMail(history);
    const at = mail.at + day;
    sql.run("UPDATE cases SET template = 'product-wish' WHERE number = 2");
    sql.run(
      `UPDATE asks SET survey = 'recovery', sent_at = ?, merged_into = (SELECT id FROM asks WHERE seq = 1)
        WHERE case_id = (SELECT id FROM cases WHERE number = 2)`,
      at,
    );
    sql.run("DELETE FROM mails WHERE case_id = (SELECT id FROM cases WHERE number = 2) AND kind = 'follow-up'");
    sql.run("UPDATE mails SET fate = 'bounced' WHERE id = ?", mail.key);
    shipped.push({ kind: 'milestone', at: mail.at + hour });
    history.mails = history.mails.filter(({ to }) => to !== 'canary-2@customer.example');
  },
};
