import type { SeenIssue } from '#adapters/emulators/tracker-user.ts';
import { createIssueMarker } from '#domain/base/key.ts';
import { describeFailure } from '#domain/cases/edit-parts.ts';
import type { TrackerName } from '#test/harness/emulated-hosts.ts';
import { type History, isIssueReadable, listOwnIssues, readFormerIds } from './history.ts';
import { hasHandle } from './titles.ts';

export const issueInvariants = {
  oneIssuePerCase,
  formerIssuesStayClosed,
  theMirrorIsTrue,
  keptCommentsStandInTheTracker,
  nothingIsStuck,
  limitsAreKept,
  hostsAreCalledByTheirRules,
};

/** Whether an edit of a case's issue stopped the process and was set aside, whatever the case says since then. */
function hasStoppedEdit({ sql, stopping }: History, caseId: string): boolean {
  const set =
    "SELECT 1 FROM outbox WHERE ordering_key = ? AND kind = 'issue.edit' AND error LIKE 'it stopped the process%'";
  return stopping?.kind === 'row' && sql.all(set, `case:${caseId}`).length > 0;
}

/** What people changed or deleted in the tracker is not kept as they first wrote it. */
function keptCommentsStandInTheTracker(history: History): string[] {
  const kept = history.sql.all<{ number: number; tracker: string; issue_id: string; text: string }>(
    `SELECT c.number, c.tracker, c.issue_id, m.text FROM comments m JOIN cases c ON c.id = m.case_id
      WHERE m.kind = 'tracker' AND m.deleted_at IS NULL AND m.text <> '' AND m.issue_id = c.issue_id AND c.missed_issue_reads IS NULL`,
  );
  const issues = new Map(
    Object.entries(history.trackers).flatMap(([tracker, { issues: all }]) =>
      all.map((issue): [string, SeenIssue] => [`${tracker} ${issue.id}`, issue]),
    ),
  );
  return kept.flatMap(({ number, tracker, issue_id, text }) => {
    const issue = issues.get(`${tracker} ${issue_id}`);
    if (!issue || !isIssueReadable(history, { tracker, issue_id })) return [];
    const stands = issue.comments.some((comment) => comment.text.trim() === text.trim());
    return stands ? [] : [`case C-${number} keeps a comment that is not in ${tracker}: ${text.slice(0, 40)}`];
  });
}

function oneIssuePerCase(history: History): string[] {
  const { sql } = history;
  const cases = sql.all<{
    id: string;
    number: number;
    tracker: string;
    issue_id: string | null;
    issue_key: string | null;
    loop: string;
    edit_history: string | null;
    needs_person: string | null;
    former_issues: string;
  }>('SELECT id, number, tracker, issue_id, issue_key, loop, edit_history, needs_person, former_issues FROM cases');
  const issues = new Map(
    Object.entries(history.trackers).map(([tracker, trackerHistory]) => [
      tracker,
      { all: trackerHistory.issues, own: listOwnIssues(trackerHistory) },
    ]),
  );
  return cases.flatMap(
    ({ id: caseId, number, tracker, issue_id, issue_key, loop, edit_history, needs_person, former_issues }) => {
      if (issue_id && !isIssueReadable(history, { tracker, issue_id })) return [];
      const handle = `C-${number}`;
      const formerIds = readFormerIds(former_issues);
      // An adopted issue is a person's.
      const { all = [], own = [] } = issues.get(tracker) ?? {};
      const linked = all.filter(({ id }) => id === issue_id && !own.some((issue) => issue.id === id));
      const titled = [...linked, ...own.filter(({ id, title }) => hasHandle(title, handle) || id === issue_id)].filter(
        ({ id }) => !formerIds.includes(id),
      );
      if (titled.length > 1)
        return [`case ${handle} has ${titled.length} issues: ${titled.map(({ key }) => key).join(', ')}`];
      if (titled.length === 0) {
        if (isClosedWithoutIssue(history, caseId, loop)) return [];
        if (!needs_person) return [`case ${handle} has no issue and needs nobody`];
        // No tracker of the simulation refuses an issue to the end; a call during which it dies too often is set aside.
        const isExplained =
          !needs_person.startsWith(describeFailure('issue.create')) || needs_person.includes('it stopped the process');
        return isExplained ? [] : [`case ${handle} has no issue: ${needs_person}`];
      }
      // A create during which the process died too often is left to a person, whatever became of it.
      if (issue_id === null && needs_person?.includes('it stopped the process')) return [];
      if (titled[0]?.id !== issue_id) return [`case ${handle} is linked to ${issue_key} instead of ${titled[0]?.key}`];
      const states = history.trackerText;
      // A marker stays out after a person removed it from a closed issue, or removed it too often, and where the edit stops the process.
      const mayLackMarker =
        loop !== 'working' || edit_history?.includes('"hasStoppedRestoring":true') || hasStoppedEdit(history, caseId);
      if (states.includes(createIssueMarker(history.strangersKeys, 'acme', handle)))
        return [`anybody could have made the marker of ${handle}`];
      return mayLackMarker || states.includes(createIssueMarker(history.keys, 'acme', handle, formerIds.length + 1))
        ? []
        : [`the issue of ${handle} has lost its marker`];
    },
  );
}

/** A case that was reopened in a new issue has no other open one, unless a person reopened it. */
function formerIssuesStayClosed({ sql, trackers, closings, broughtBack }: History): string[] {
  const rows = sql.all<{ number: number; tracker: string; issue_id: string | null; former_issues: string }>(
    "SELECT number, tracker, issue_id, former_issues FROM cases WHERE former_issues <> '[]'",
  );
  const reopened = new Set(
    [...closings.filter(({ kind }) => kind === 'reopened'), ...broughtBack].map(
      ({ tracker, id }) => `${tracker} ${id}`,
    ),
  );
  return rows.flatMap(({ number, tracker, issue_id, former_issues }) => {
    const former = JSON.parse(former_issues) as { tracker: TrackerName; id: string; key: string }[];
    const open = former.filter((issue) =>
      trackers[issue.tracker].issues.some(({ id, state }) => id === issue.id && state === 'open'),
    );
    const forgotten = open.filter((issue) => !reopened.has(`${issue.tracker} ${issue.id}`));
    return [
      ...forgotten.map(({ key }) => `C-${number} goes on in another issue, and ${key} is open`),
      ...(issue_id === null ? [`C-${number} was reopened and has no issue`] : []),
      ...(former.some(({ id, tracker: place }) => id === issue_id && place === tracker)
        ? [`the issue of C-${number} is one of its former ones`]
        : []),
    ];
  });
}

/** The case matches the tracker: no closing and no reopening was missed. */
function theMirrorIsTrue(history: History): string[] {
  const { sql } = history;
  const cases = sql.all<{
    id: string;
    number: number;
    tracker: string;
    issue_id: string;
    issue_key: string;
    issue_state: string;
    loop: string;
  }>('SELECT id, number, tracker, issue_id, issue_key, issue_state, loop FROM cases WHERE issue_key IS NOT NULL');
  const truth = new Map<string, { key: string; state: string }>();
  for (const [tracker, trackerHistory] of Object.entries(history.trackers)) {
    for (const { id, key, state } of trackerHistory.issues) truth.set(`${tracker} ${id}`, { key, state });
  }
  return cases.flatMap(({ number, tracker, issue_id, issue_key, issue_state, loop }) => {
    if (!isIssueReadable(history, { tracker, issue_id })) return [];
    const { key, state } = truth.get(`${tracker} ${issue_id}`) ?? {};
    // Issues that moved after the end of their case are not followed.
    if (key !== issue_key && !['working', 'resolved', 'asked'].includes(loop)) return [];
    if (state !== issue_state) return [`C-${number} says its issue is ${issue_state}, but it is ${state}`];
    return (state === 'open') === (loop === 'working')
      ? []
      : [`the issue of C-${number} is ${state}, but its loop is ${loop}`];
  });
}

function nothingIsStuck(history: History): string[] {
  const { sql } = history;
  const stuck = sql.all<{ id: number; kind: string; state: string; error: string | null }>(
    "SELECT id, kind, state, error FROM outbox WHERE state IN ('waiting', 'calling', 'unknown')",
  );
  const waiting = sql.all("SELECT id FROM deliveries WHERE outcome = 'waiting'");
  const setAside = sql.all<{ error: string }>("SELECT error FROM deliveries WHERE outcome = 'set-aside'");
  return [
    ...stuck.map(({ id, kind, state, error }) => `outbox row ${id} (${kind}) is still ${state}: ${error}`),
    ...waiting.map(() => 'a delivery still waits'),
    ...setAside.map(({ error }) => `a good delivery was set aside: ${error}`),
  ];
}

/** By the hosts' records, no rate limit was exceeded and every requested wait was kept. */
function limitsAreKept(history: History): string[] {
  return Object.entries(history.limits).flatMap(([vendor, { refused, early }]) => [
    ...refused.map(({ at, url }) => `${vendor} had to refuse ${url} at ${at}: too much was asked`),
    ...early.map(({ at, url }) => `${vendor} was asked ${url} at ${at}, before its time to wait was over`),
  ]);
}

/** No call deviated from a vendor's API description. */
function hostsAreCalledByTheirRules({ offSpec }: History): string[] {
  return offSpec;
}

/** A person may close a case whose issue could not be made; then it never gets one, and needs nobody. */
const isClosedWithoutIssue = ({ sql }: History, caseId: string, loop: string): boolean =>
  loop !== 'working' &&
  sql.all("SELECT 1 FROM timeline WHERE case_id = ? AND what = 'issue withdrawn'", caseId).length > 0;
