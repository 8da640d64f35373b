import type { SeenIssue } from '#adapters/emulators/tracker-user.ts';
import { handleOf } from '#domain/cases/case-record.ts';
import { slug } from '#domain/cases/label.ts';
import { toDueDate } from '#domain/templates/due.ts';
import { dayMs } from '#domain/time/units.ts';
import { findAccount } from '#src/workspace/basics/case-operation.ts';
import { findCase } from '#src/workspace/store/cases.ts';
import type { History } from './history.ts';
import { isLeftToPerson } from './poison-invariants.ts';
import { hasHandle } from './titles.ts';

export const fieldsInvariants = { theFieldsAreTrue };

const ranks = new Map([
  ['Highest', 1],
  ['Urgent', 1],
  ['High', 2],
  ['Medium', 3],
  ['Low', 4],
]);

/** Fields that both sides may change agree, and neither side reverts the other repeatedly. */
function theFieldsAreTrue(history: History): string[] {
  const names: string[] = [];
  for (const [tracker, trackerHistory] of Object.entries(history.trackers)) {
    const issues = new Map(trackerHistory.issues.map((issue) => [issue.key, issue]));
    const rows = history.sql.all<{ id: string }>('SELECT id FROM cases WHERE tracker = ?', tracker);
    for (const { id } of rows) {
      const entry = findCase(history.sql, id);
      const issue = entry?.issue && issues.get(entry.issue.key);
      if (entry && issue)
        names.push(...untrue(history, entry, issue, trackerHistory.kind), ...pingPong(handleOf(entry), issue));
    }
  }
  return names;
}

function untrue(
  history: History,
  entry: NonNullable<ReturnType<typeof findCase>>,
  issue: SeenIssue,
  kind: string,
): string[] {
  if (issue.state === 'closed' || isLeftToPerson(history, entry.needsPerson)) return [];
  const handle = handleOf(entry);
  const labels = (prefix: string) => issue.labels.filter((name) => name.startsWith(prefix)).join(', ');
  const expect = (what: string, shown: string | null, wanted: string | null) =>
    shown === wanted ? [] : [`${handle} has ${what} ${wanted}, but its issue shows ${shown}`];
  const date = toDueDate(entry.dueAt, 'Europe/Berlin');
  const account = findAccount(history, entry.assignee, entry.tracker);
  const rank = kind === 'github' ? entry.severityRank : (ranks.get(issue.priority ?? '') ?? null);
  return [
    ...expect('severity', labels('severity:'), `severity:${slug(entry.severity)}`),
    ...expect('due date', labels('due:'), `due:${date}`),
    ...expect('priority', String(rank), String(entry.severityRank)),
    ...expect('due date', issue.dueDate, date),
    ...(entry.assignee !== null && account === null ? [] : expect('assignee', issue.assignee, account)),
    ...(entry.editHistory?.hasStoppedRestoring
      ? []
      : expect('category', labels('category:'), `category:${slug(entry.category)}`)),
    ...(entry.editHistory?.hasStoppedRestoring || entry.editHistory?.isAdopted || hasHandle(issue.title, handle)
      ? []
      : [`the title of ${handle} has lost its handle`]),
  ];
}

/** The tracker's own history shows at most three restorations of one issue in a day. */
function pingPong(handle: string, issue: SeenIssue): string[] {
  const put = issue.comments
    .filter(({ text }) => text.includes('Restored by Caselite'))
    .map(({ at }) => Date.parse(at));
  const crowded = put.some((at) => put.filter((other) => other >= at && other < at + dayMs - 60_000).length > 3);
  return crowded ? [`fields of ${handle} were put back more than three times in a day`] : [];
}
