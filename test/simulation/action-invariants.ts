import { dayMs } from '#domain/time/units.ts';
import { strangers, type TrackerName } from '#test/harness/emulated-hosts.ts';
import { type History, isIssueReadable } from './history.ts';
import { canary } from './words.ts';

/** Invariants of commands, of actions, and of closings that the close policy undoes. */
export const actionInvariants = { noStrangerIsObeyed, undoneTwiceAtMost, onceKey, heldActionsEnd, commentsAreKept };

function noStrangerIsObeyed({ sql }: History): string[] {
  const tables = sql.all<{ name: string }>(
    // Comments are shown as they were written.
    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%' AND name <> 'comments'",
  );
  const heard = tables.filter(({ name }) =>
    sql
      .all(`SELECT * FROM "${name}"`)
      .some((row) => Object.values(row).some((value) => String(value).includes(canary))),
  );
  const due = sql.all<{ number: number }>('SELECT number FROM cases WHERE due_at > ?', Date.UTC(2030, 0, 1));
  return [
    ...heard.map(({ name }) => `a stranger's command left something in ${name}`),
    ...due.map(({ number }) => `C-${number} got its date from a stranger`),
  ];
}

/** A closer's closings of one case are undone at most twice a day. */
function undoneTwiceAtMost({ sql }: History): string[] {
  const undone = sql.all<{ case_id: string; at: number; why: string }>(
    // An erasure clears the reason, and with it who closed.
    "SELECT case_id, at, why FROM timeline WHERE what = 'closing undone' AND why <> '' ORDER BY at",
  );
  const closerOf = (why: string) => /^(.*?) closed it, and only case managers may/.exec(why)?.[1] ?? why;
  return undone.flatMap(({ case_id, at, why }) => {
    const same = undone.filter(
      (entry) =>
        entry.case_id === case_id && closerOf(entry.why) === closerOf(why) && entry.at >= at && entry.at < at + dayMs,
    );
    return same.length > 2 ? [`closings of ${case_id} by one person were undone ${same.length} times in a day`] : [];
  });
}

/** A repeated form adds one comment, and no person gets a second notice about ignored commands. */
function onceKey(history: History): string[] {
  const forms = history.sql.all<{ key: string; n: number }>(
    "SELECT key, COUNT(*) AS n FROM outbox WHERE kind = 'issue.comment' AND key LIKE 'comment:%:said:%' GROUP BY key",
  );
  const names: string[] = [];
  for (const trackerHistory of Object.values(history.trackers)) {
    for (const { key, comments } of trackerHistory.issues) {
      const said = comments.filter(({ text }) => text.includes('Please look at this.')).length;
      const ignored = comments.filter(({ text }) =>
        text.startsWith('Only people of the case’s team can use commands'),
      ).length;
      if (said > forms.length) names.push(`${key} shows ${said} comments of ${forms.length} that were written`);
      if (ignored > trackerHistory.people.length + 1)
        names.push(`somebody was told ${ignored} times on ${key} that they are not obeyed`);
    }
  }
  return names;
}

/** No action waits for Undo at the end of a run, and one that was withdrawn left no trace. */
function heldActionsEnd({ sql }: History): string[] {
  const held = sql.all<{ key: string; state: string; because: string | null }>(
    "SELECT key, state, json_extract(payload, '$.action.because') AS because FROM outbox WHERE kind = 'case.act'",
  );
  const isTold = (because: string) =>
    sql.all("SELECT 1 FROM timeline WHERE why LIKE '%' || ? || '%'", because).length > 0;
  return held.flatMap(({ key, state, because }) => {
    if (state !== 'done' && state !== 'refused') return [`${key} is ${state} at the end`];
    return state === 'refused' && because && isTold(because) ? [`${key} was withdrawn, and done`] : [];
  });
}

const mostKept = 100;

/**
 * What people write on an issue is kept by its id, as far as Caselite can read the issue. One that was moved to another
 * place is in no list of changes, and is read by itself until its case has ended.
 */
function commentsAreKept(history: History): string[] {
  const cases = history.sql.all<{
    number: number;
    tracker: TrackerName;
    issue_id: string;
    issue_key: string;
    isWatched: number;
    isMoved: number;
    kept: number;
  }>(
    `SELECT number, tracker, issue_id, issue_key, loop IN ('working', 'resolved', 'asked') AS isWatched,
       COALESCE(json_extract(issue_trouble, '$.kind'), '') = 'moved' AS isMoved,
       (SELECT COUNT(*) FROM comments WHERE case_id = cases.id AND issue_id = cases.issue_id
         AND kind = 'tracker' AND deleted_at IS NULL) AS kept FROM cases WHERE issue_id IS NOT NULL`,
  );
  return cases.flatMap(({ number, tracker, issue_id, issue_key, isWatched, isMoved, kept }) => {
    if (!isIssueReadable(history, { tracker, issue_id })) return [];
    const { issues, people } = history.trackers[tracker];
    const issue = issues.find(({ id }) => id === issue_id);
    if (!isWatched && (isMoved || issue?.key !== issue_key)) return [];
    const authors = [...people, strangers[tracker]];
    const written = issue?.comments.filter(({ author }) => authors.includes(author)).slice(-mostKept);
    return written && written.length !== kept
      ? [`C-${number} keeps ${kept} comments of ${written.length} that people wrote`]
      : [];
  });
}
