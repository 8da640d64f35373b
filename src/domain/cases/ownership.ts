import type { IssueClosure, IssueSnapshot } from '../integrations/issue.ts';
import type { WorkspaceSettings } from '../settings/workspace-file.ts';
import { findSeverityRank } from '../templates/options.ts';
import { isDate } from '../time/duration.ts';
import { toLabelName } from './label.ts';
import { findStatusInLabels, findStatusOfClass, mapTrackerStateToStatus } from './status.ts';

/* Fields of an issue: people may change some in the tracker, Caselite restores its own, and the case follows. */

export type SharedFields = Pick<IssueSnapshot, 'title' | 'labels' | 'severity' | 'dueDate' | 'assignee'> & {
  status: string;
  /** Missing ownership marks in words; undefined in rows without them. */
  lacks?: string[];
  /** The tracker's words for a closing; undefined in open issues and in rows without them. */
  closedAs?: Pick<IssueClosure, 'kind' | 'native'>;
};

export interface ExpectedMarks {
  marker: string;
  /** End of the case page's address; its beginning depends on the deployment and may change. */
  link: string;
}

export const readSharedFields = (
  { title, labels, severity, dueDate, assignee, status, ownershipMarks, closure }: IssueSnapshot,
  own: ExpectedMarks,
): SharedFields => ({
  title,
  labels,
  severity,
  dueDate,
  assignee,
  status: status.name,
  ...(closure && { closedAs: { kind: closure.kind, native: closure.native } }),
  lacks: [
    ...(ownershipMarks.markers.includes(own.marker) ? [] : ['the marker']),
    ...(ownershipMarks.links.some((address) => address.endsWith(own.link)) ? [] : ['the link to the case']),
  ],
});

/** Fields written by one call; undefined ones were left alone. */
export interface WrittenIssueFields {
  row: number;
  at: number;
  title?: string | undefined;
  text?: boolean | undefined;
  labelsToAdd?: string[] | undefined;
  labelsToRemove?: string[] | undefined;
  severity?: IssueSnapshot['severity'] | undefined;
  dueDate?: string | null | undefined;
  assignee?: string | null | undefined;
  status?: string | undefined;
}

export interface Wanted {
  /** Null where the title is a person's. */
  handle: string | null;
  labels: string[];
  severity: string;
  dueDate: string;
  /** The assignee's account; undefined where the tracker cannot show it. */
  assignee: string | null | undefined;
  status: string;
}

export interface Findings {
  severity?: string;
  /** `YYYY-MM-DD` */
  dueDate?: string;
  /** An account, or null. */
  assignee?: string | null;
  status?: string;
  titled: boolean;
  overstepped: string[];
  outdated: boolean;
}

/** Fields after one of Caselite's calls, without edits by people. */
export function applyWriteToSharedFields(before: SharedFields, written: WrittenIssueFields): SharedFields {
  const removed = new Set(written.labelsToRemove);
  const added = written.labelsToAdd ?? [];
  const kept = before.labels.filter((name) => !removed.has(name) && !added.includes(name));
  return {
    ...before,
    title: written.title ?? before.title,
    ...(written.text && { lacks: [] }),
    labels: [...kept, ...added],
    severity: written.severity === undefined ? before.severity : written.severity,
    dueDate: written.dueDate === undefined ? before.dueDate : written.dueDate,
    assignee: written.assignee === undefined ? before.assignee : written.assignee,
  };
}

/** People's edits between two reads of an issue; fields of `unsure` calls, which may still take effect, are none. */
export function findPersonEdits(
  before: SharedFields,
  now: SharedFields,
  wanted: Wanted,
  unsure: WrittenIssueFields[],
  settings: WorkspaceSettings,
): Findings {
  const had = new Set(before.labels);
  const has = new Set(now.labels);
  const added = now.labels.filter((name) => !had.has(name));
  const isEcho = (label: string) => unsure.some(({ labelsToAdd }) => labelsToAdd?.includes(label));
  const findings: Findings = { titled: false, overstepped: [], outdated: false };

  const edit = { before, now, wanted, unsure, newLabels: added.filter((name) => !isEcho(name)), settings };
  const severity = findEditedSeverity(edit);
  if (severity !== null) findings.severity = severity;
  const date = findEditedDueDate(edit);
  if (date !== null) findings.dueDate = date;
  const isShown = wanted.assignee !== undefined;
  if (!same(now.assignee, before.assignee) && !(isShown && same(now.assignee, wanted.assignee ?? null))) {
    const isOurs = ({ assignee }: WrittenIssueFields) => assignee !== undefined && same(assignee, now.assignee);
    if (isShown && unsure.some(isOurs)) findings.outdated = true;
    else findings.assignee = now.assignee;
  }
  const status = findEditedStatus(before, now, settings);
  if (status !== null && status !== wanted.status) {
    if (unsure.some((written) => written.status === status)) findings.outdated = true;
    else findings.status = status;
  }

  const lost = wanted.labels.filter((name) => had.has(name) && !has.has(name));
  for (const name of lost) {
    const isEdited =
      (name.startsWith('severity:') && findings.severity !== undefined) ||
      (name.startsWith('due:') && findings.dueDate !== undefined);
    if (!isEdited && !name.startsWith('status:')) findings.overstepped.push(`the label ${name} was removed`);
  }
  const strange = added.filter((name) => /^(category|tier):|^overdue$/.test(name) && !wanted.labels.includes(name));
  for (const name of strange) {
    if (isEcho(name)) findings.outdated = true;
    else findings.overstepped.push(`the label ${name} was put on`);
  }
  if (now.dueDate === null && before.dueDate !== null && findings.dueDate === undefined)
    findings.overstepped.push('the due date was removed');
  if (now.title !== before.title && wanted.handle !== null) {
    const kept = new RegExp(`(?<![\\w-])${wanted.handle}(?![\\w-])`).test(now.title);
    if (kept) findings.titled = !unsure.some(({ title }) => title === now.title);
    else findings.overstepped.push(`${wanted.handle} was removed from the title`);
  }
  const erased = now.lacks?.filter((sign) => before.lacks?.includes(sign) === false) ?? [];
  findings.overstepped.push(...erased.map((sign) => `${sign} was removed from the text`));
  if (unsure.length === 0) return findings;
  const hasOutdatedLabel =
    findings.severity === undefined &&
    findings.dueDate === undefined &&
    now.labels.some((name) => isOwnLabel(name) && !wanted.labels.includes(name));
  const isOutdated = findings.outdated || findings.overstepped.length > 0 || hasOutdatedLabel;
  return { ...findings, overstepped: [], outdated: isOutdated };
}

/** Whether a label has a meaning for Caselite only, whatever the workspace's statuses. */
export const isOwnLabel = (name: string): boolean => /^(severity|due|category|tier):|^overdue$/.test(name);

interface IssueChange {
  before: SharedFields;
  now: SharedFields;
  wanted: Wanted;
  unsure: WrittenIssueFields[];
  newLabels: string[];
  settings: WorkspaceSettings;
}

function findEditedSeverity({ before, now, wanted, unsure, newLabels, settings }: IssueChange): string | null {
  const { severities } = settings['case-options'];
  const named = newLabels.flatMap(
    (name) => severities.find((severity) => name === toLabelName('severity', severity)) ?? [],
  );
  const label = named.find((severity) => severity !== wanted.severity);
  if (label !== undefined) return label;
  const rank = findSeverityRank(settings, wanted.severity);
  if (now.severity === null || now.severity === before.severity || now.severity === rank) return null;
  if (unsure.some(({ severity }) => severity === now.severity)) return null;
  return severities.find((severity) => findSeverityRank(settings, severity) === now.severity) ?? null;
}

function findEditedDueDate({ before, now, wanted, unsure, newLabels }: IssueChange): string | null {
  const labels = newLabels
    .flatMap((name) => /^due:(\d{4}-\d\d-\d\d)$/.exec(name)?.[1] ?? [])
    .filter((date) => isDate(date) && date !== wanted.dueDate);
  const [label] = labels;
  if (label !== undefined) return label;
  if (now.dueDate === null || now.dueDate === before.dueDate || now.dueDate === wanted.dueDate) return null;
  if (before.labels.includes(`due:${now.dueDate}`) || !isDate(now.dueDate)) return null;
  return unsure.some(
    ({ dueDate, labelsToAdd }) => dueDate === now.dueDate || labelsToAdd?.includes(`due:${now.dueDate}`),
  )
    ? null
    : now.dueDate;
}

/** The tracker's own state takes precedence over a label, because people move states. */
function findEditedStatus(before: SharedFields, now: SharedFields, settings: WorkspaceSettings): string | null {
  const open = findStatusOfClass(settings, 'open');
  const native = mapTrackerStateToStatus(settings, now.status);
  if (native !== mapTrackerStateToStatus(settings, before.status)) return native ?? open;
  const label = findStatusInLabels(settings, now.labels);
  return label === findStatusInLabels(settings, before.labels) ? null : (label ?? native ?? open);
}

const same = (a: string | null, b: string | null) => a?.toLowerCase() === b?.toLowerCase();
