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
  severity?: string | undefined;
  /** `YYYY-MM-DD` */
  dueDate?: string | undefined;
  /** An account, or null. */
  assignee?: string | null;
  status?: string;
  titled: boolean;
  overstepped: string[];
  outdated: boolean;
}

/** Fields after one of Caselite's calls, without edits by people. */
export function applyWriteToSharedFields(before: SharedFields, written: WrittenIssueFields): SharedFields {
  const { title = before.title, severity = before.severity, dueDate = before.dueDate } = written;
  const { assignee = before.assignee, labelsToAdd = [], labelsToRemove = [] } = written;
  const kept = before.labels.filter((name) => ![...labelsToRemove, ...labelsToAdd].includes(name));
  const labels = [...kept, ...labelsToAdd];
  return { ...before, title, labels, severity, dueDate, assignee, ...(written.text && { lacks: [] }) };
}

/** People's edits between two reads of an issue; fields of `unsure` calls, which may still take effect, are none. */
export function findPersonEdits(
  before: SharedFields,
  now: SharedFields,
  wanted: Wanted,
  unsure: WrittenIssueFields[],
  settings: WorkspaceSettings,
): Findings {
  const isEcho = (label: string) => unsure.some(({ labelsToAdd }) => labelsToAdd?.includes(label));
  const added = now.labels.filter((name) => !before.labels.includes(name));
  const change = { before, now, wanted, unsure, newLabels: added.filter((name) => !isEcho(name)), settings };
  const severity = findEditedSeverity(change);
  const dueDate = findEditedDueDate(change);
  const findings: Findings = { severity, dueDate, titled: false, overstepped: [], outdated: false };

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

  const isEdited = (label: string) =>
    label.startsWith('status:') ||
    (label.startsWith('severity:') && severity !== undefined) ||
    (label.startsWith('due:') && dueDate !== undefined);
  const lost = wanted.labels.filter((name) => before.labels.includes(name) && !now.labels.includes(name));
  const strange = added.filter((name) => /^(category|tier):|^overdue$/.test(name) && !wanted.labels.includes(name));
  if (strange.some(isEcho)) findings.outdated = true;
  findings.overstepped.push(
    ...lost.filter((name) => !isEdited(name)).map((name) => `the label ${name} was removed`),
    ...strange.filter((name) => !isEcho(name)).map((name) => `the label ${name} was put on`),
  );
  if (now.dueDate === null && before.dueDate !== null && dueDate === undefined)
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
    severity === undefined &&
    dueDate === undefined &&
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

function findEditedSeverity({ before, now, wanted, unsure, newLabels, settings }: IssueChange): string | undefined {
  const { severities } = settings['case-options'];
  const named = newLabels.flatMap(
    (name) => severities.find((severity) => name === toLabelName('severity', severity)) ?? [],
  );
  const label = named.find((severity) => severity !== wanted.severity);
  const rank = findSeverityRank(settings, wanted.severity);
  const isOurs = [null, before.severity, rank, ...unsure.map(({ severity }) => severity)].includes(now.severity);
  return (
    label ?? (isOurs ? undefined : severities.find((severity) => findSeverityRank(settings, severity) === now.severity))
  );
}

function findEditedDueDate({ before, now, wanted, unsure, newLabels }: IssueChange): string | undefined {
  const dates = newLabels.flatMap((name) => /^due:(\d{4}-\d\d-\d\d)$/.exec(name)?.[1] ?? []);
  const label = dates.find((date) => isDate(date) && date !== wanted.dueDate);
  if (label !== undefined || now.dueDate === null || !isDate(now.dueDate)) return label;
  const written = unsure.flatMap(({ dueDate, labelsToAdd = [] }) => [dueDate, ...labelsToAdd]);
  const known = [before.dueDate, wanted.dueDate, ...before.labels, ...written];
  return known.includes(now.dueDate) || known.includes(`due:${now.dueDate}`) ? undefined : now.dueDate;
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
