import { deriveId } from '#domain/base/key.ts';
import { dayMs, hourMs } from '#domain/time/units.ts';
import { strangers } from '#test/harness/emulated-hosts.ts';
import { type History, isIssueReadable, readFormerIds } from './history.ts';

export const mailInvariants = {
  noSecondMail,
  noMailTooEarly,
  noMailAfterOutsideSurvey,
  noMailToDeadAddresses,
  noMailAfterOptOut,
  noMailUnearned,
  everyClosingIsServed,
  nobodyIsForgotten,
  invitationsComeInTime,
};

function noSecondMail(history: History): string[] {
  const count = new Map<string, number>();
  const back = cameBack(history);
  for (const { key, to, subject, text } of history.mails) {
    if (back.has(key)) continue;
    const what = `${to} ${subject} ${text}`;
    count.set(what, (count.get(what) ?? 0) + 1);
  }
  return [...count]
    .filter(([, times]) => times > 1)
    .map(([what, times]) => `the same mail was accepted ${times} times: ${what.slice(0, 60)}`);
}

/** Bounced mails. Their questions may be asked again once a person says that mail arrives again. */
const cameBack = ({ sql }: History): Set<string> =>
  new Set(sql.all<{ id: string }>("SELECT id FROM mails WHERE fate = 'bounced'").map(({ id }) => id));

/** The quarantine by the mail host's records: first follow-ups to one person are far apart. */
function noMailTooEarly(history: History): string[] {
  const { sql } = history;
  const counted = new Set(sql.all<{ id: string }>('SELECT id FROM mails WHERE counts = 1').map(({ id }) => id));
  const { quarantine } = history.settings.workspace['follow-up'];
  const last = new Map<string, number>();
  const back = cameBack(history);
  return history.mails.flatMap(({ key, to, at }) => {
    if (!counted.has(key) || back.has(key)) return [];
    const address = to.toLowerCase();
    const before = last.get(address);
    last.set(address, at);
    return before !== undefined && at - before < quarantine
      ? [`two first follow-ups within the quarantine to ${to}`]
      : [];
  });
}

/** Within the quarantine after another tool's survey nobody gets a first follow-up, once its news can have arrived. */
function noMailAfterOutsideSurvey(history: History): string[] {
  const { quarantine } = history.settings.workspace['follow-up'];
  const asked = history.sql.all<{ address: string }>(
    `SELECT m.address FROM mails m JOIN reported_surveys s ON s.address = lower(m.address)
      WHERE m.counts = 1 AND m.state = 'sent' AND m.at >= s.at + ? AND m.at < s.at + ?`,
    newsArrivesWithinMs,
    quarantine,
  );
  return asked.map(({ address }) => `${address} was asked by another tool, and by us`);
}

const newsArrivesWithinMs = 6 * hourMs;

/** No mail is planned for an address after it is known to bounce. */
function noMailToDeadAddresses(history: History): string[] {
  return history.mails.flatMap(({ key, to }) => {
    const since = history.dead.get(to);
    const [mail] = history.sql.all<{ at: number }>('SELECT at FROM mails WHERE id = ?', key);
    return since !== undefined && mail && mail.at > since ? [`${to} was known to take no mail, and got one`] : [];
  });
}

/** After an opt-out a person gets at most the mail that was already planned. */
function noMailAfterOptOut(history: History): string[] {
  return history.mails.flatMap(({ key, to }) => {
    const promisedAt = history.optOuts.get(to);
    const [mail] = history.sql.all<{ at: number }>('SELECT at FROM mails WHERE id = ? AND asks = 1', key);
    return promisedAt !== undefined && mail && mail.at > promisedAt
      ? [`${to} was promised no more mail, and got one`]
      : [];
  });
}

/** An issue that was never closed as done nor explained leads to no follow-up, unless its case repeats another. */
function noMailUnearned(history: History): string[] {
  const asked = history.sql.all<{
    id: string;
    case_id: string;
    number: number;
    tracker: string;
    issue_id: string;
    former_issues: string;
  }>(
    `SELECT m.id, m.case_id, c.number, c.tracker, c.issue_id, c.former_issues FROM mails m JOIN asks f ON f.id = m.ask_id
       JOIN cases c ON c.id = m.case_id WHERE f.kind = 'customer'
         AND NOT EXISTS (SELECT 1 FROM timeline t WHERE t.case_id = c.id AND t.what = 'follows another case')`,
  );
  const sent = new Set(history.mails.map(({ key }) => key));
  const explained = new Set<string>();
  const outsiders = Object.values(strangers);
  for (const [tracker, trackerHistory] of Object.entries(history.trackers)) {
    for (const { id, comments } of trackerHistory.issues)
      if (comments.some(({ text, author }) => /\/(declined|close) because/.test(text) && !outsiders.includes(author)))
        explained.add(`${tracker} ${id}`);
  }
  return asked.flatMap(({ id, case_id, number, tracker, issue_id, former_issues }) => {
    const ids = [issue_id, ...readFormerIds(former_issues)];
    const isDone =
      history.closedFromPage.has(case_id) ||
      history.closings.some(
        (closing) =>
          closing.tracker === tracker &&
          ids.includes(closing.id) &&
          (closing.kind === 'completed' || closing.kind === 'explained'),
      );
    // Comments on a vanished issue cannot be read.
    const isUnread = !isIssueReadable(history, { tracker, issue_id });
    return !sent.has(id) || isDone || isUnread || ids.some((issueId) => explained.has(`${tracker} ${issueId}`))
      ? []
      : [`the customer of C-${number} was asked, and its issue was never done`];
  });
}

/** Each closing that qualifies leads to one follow-up per customer, or to a recorded reason for none; adopted issues may have no customer. */
function everyClosingIsServed(history: History): string[] {
  const { sql } = history;
  const bare = sql.all<{ number: number }>(
    `SELECT number FROM cases c WHERE closing_reason = 'fixed' AND loop <> 'working' AND (customer_key IS NOT NULL OR (kind = 'strategic' AND (
       EXISTS (SELECT 1 FROM case_responses r WHERE r.case_id = c.id)
       OR EXISTS (SELECT 1 FROM case_links l JOIN cases t ON t.id = l.case_id WHERE l.linked_id = c.id AND t.customer_key IS NOT NULL)
     ))) AND NOT EXISTS (
       SELECT 1 FROM asks f WHERE f.case_id = c.id AND f.generation = c.generation AND f.kind = 'customer')`,
  );
  const silent = sql.all<{ id: string }>(
    "SELECT id FROM asks WHERE case_id IS NOT NULL AND state = 'skipped' AND why = ''",
  );
  const unsent = sql.all<{ id: string }>(
    `SELECT f.id FROM asks f WHERE f.case_id IS NOT NULL AND f.state = 'sent' AND NOT EXISTS (
       SELECT 1 FROM mails m WHERE m.ask_id = COALESCE(f.merged_into, f.id) AND m.state <> 'refused')`,
  );
  return [
    ...bare.map(({ number }) => `C-${number} was closed as fixed and nobody is asked`),
    ...silent.map(({ id }) => `follow-up ${id} was skipped without a reason`),
    ...unsent.map(({ id }) => `follow-up ${id} counts as sent, but there is no mail`),
  ];
}

/** Longer than a follow-up waits for its delay, its reminder and the end of its window. */
const settledMs = 20 * dayMs;

/** Long after a closing of any kind, its customer was asked, or a reason says why not. */
function nobodyIsForgotten({ sql, now }: History): string[] {
  const forgotten = sql.all<{ number: number }>(
    `SELECT number FROM cases c WHERE loop NOT IN ('working', 'dropped') AND resolved_at <= ? AND NOT EXISTS (
       SELECT 1 FROM asks f WHERE f.case_id = c.id AND f.generation = c.generation AND f.kind = 'customer'
         AND f.why <> '' AND f.state <> 'due')`,
    now - settledMs,
  );
  return forgotten.map(({ number }) => `C-${number} was closed and its customer is forgotten`);
}

/** Each invitation sends one mail, never early; every other candidate has a recorded reason. */
function invitationsComeInTime(history: History): string[] {
  const { sql } = history;
  const rows = sql.all<{ id: string; state: string; why: string; dueAt: number }>(
    "SELECT id, state, why, due_at AS dueAt FROM asks WHERE kind = 'invitation'",
  );
  const keyOf = (id: string) => deriveId(history.keys, 'm', 'acme', 'invitation', id);
  const due = new Map(rows.map(({ id, dueAt }) => [keyOf(id), dueAt]));
  return [
    ...history.mails.flatMap(({ key, at }) => {
      const from = due.get(key);
      return from !== undefined && at < from ? [`an invitation came ${from - at} ms too early`] : [];
    }),
    ...rows.flatMap(({ id, state, why, dueAt }) => {
      if (state === 'due') return dueAt < history.now ? [`invitation ${id} is still due`] : [];
      return why === '' ? [`invitation ${id} was ${state} without a reason`] : [];
    }),
  ];
}
