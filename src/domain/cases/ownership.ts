import type { IssueSnapshot } from '../integrations/issue.ts';
import type { WorkspaceSettings } from '../settings/workspace-file.ts';
import { severityRank } from '../templates/options.ts';
import { isoText } from '../time/units.ts';
import { slug } from './label.ts';
import { labelStatus, nativeStatus, statusOf } from './status.ts';

/*
 * Ownership of an issue's fields. Severity, due date, assignee and status may be changed in the tracker, and the case
 * follows. The handle in the title, marker and case link in the text, and the labels of category, tier and `overdue`
 * belong to Caselite and are restored. A person's edit is only a difference from both the last read and Caselite's own
 * writes.
 */

/** Fields of an issue that both sides write, as last read. */
export type SharedFields = Pick<IssueSnapshot, 'title' | 'labels' | 'severity' | 'dueDate' | 'assignee'> & {
  status: string;
  /** Missing ownership marks in words; undefined in rows without them. */
  lacks?: string[];
};

/** Ownership marks that an issue's text has to show. */
export interface ExpectedMarks {
  marker: string;
  /** End of the case page's address; its beginning depends on the deployment and may change. */
  link: string;
}

export const sharedFieldsOf = (
  { title, labels, severity, dueDate, assignee, status, ownershipMarks }: IssueSnapshot,
  own: ExpectedMarks,
): SharedFields => ({
  title,
  labels,
  severity,
  dueDate,
  assignee,
  status: status.name,
  lacks: [
    ...(ownershipMarks.markers.includes(own.marker) ? [] : ['the marker']),
    ...(ownershipMarks.links.some((address) => address.endsWith(own.link)) ? [] : ['the link to the case']),
  ],
});

/** Fields written by one call; undefined ones were left alone. */
export interface IssueWrite {
  row: number;
  at: number;
  title?: string | undefined;
  /** Whether the whole text was written, with marker and link. */
  text?: boolean | undefined;
  addLabels?: string[] | undefined;
  removeLabels?: string[] | undefined;
  severity?: IssueSnapshot['severity'] | undefined;
  dueDate?: string | null | undefined;
  assignee?: string | null | undefined;
  status?: string | undefined;
}

/** Fields that the issue should show now. */
export interface Wanted {
  handle: string;
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
  /** A person changed the title and kept the handle in it. */
  titled: boolean;
  /** Caselite's own fields that a person changed, in words. */
  overstepped: string[];
  /** A late call left fields that are no longer right. */
  outdated: boolean;
}

/** Fields after one of Caselite's calls, without edits by people. */
export function afterWriting(before: SharedFields, written: IssueWrite): SharedFields {
  const removed = new Set(written.removeLabels);
  const added = written.addLabels ?? [];
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

/**
 * Finds people's edits between two reads of an issue.
 *
 * @param unsure calls that may still take effect; fields written by them are no edits
 */
export function findEdits(
  before: SharedFields,
  now: SharedFields,
  wanted: Wanted,
  unsure: IssueWrite[],
  settings: WorkspaceSettings,
): Findings {
  const had = new Set(before.labels);
  const has = new Set(now.labels);
  const added = now.labels.filter((name) => !had.has(name));
  const isEcho = (label: string) => unsure.some(({ addLabels }) => addLabels?.includes(label));
  const found: Findings = { titled: false, overstepped: [], outdated: false };

  const severity = editedSeverity(before, now, wanted, unsure, added, settings);
  if (severity !== null) found.severity = severity;
  const date = editedDate(before, now, wanted, unsure, added);
  if (date !== null) found.dueDate = date;
  const isOther = !same(now.assignee, before.assignee) && wanted.assignee !== undefined;
  if (isOther && !same(now.assignee, wanted.assignee ?? null)) {
    const echoed = unsure.some((written) => written.assignee !== undefined && same(written.assignee, now.assignee));
    if (echoed) found.outdated = true;
    else found.assignee = now.assignee;
  } else if (wanted.assignee === undefined && !same(now.assignee, before.assignee)) {
    found.assignee = now.assignee;
  }
  const status = editedStatus(before, now, settings);
  if (status !== null && status !== wanted.status) {
    if (unsure.some((written) => written.status === status)) found.outdated = true;
    else found.status = status;
  }

  const lost = wanted.labels.filter((name) => had.has(name) && !has.has(name));
  for (const name of lost) {
    if (name.startsWith('severity:') && found.severity !== undefined) continue;
    if (name.startsWith('due:') && found.dueDate !== undefined) continue;
    if (name.startsWith('status:')) continue;
    found.overstepped.push(`the label ${name} was removed`);
  }
  const strange = added.filter((name) => /^(category|tier):|^overdue$/.test(name) && !wanted.labels.includes(name));
  for (const name of strange) {
    if (isEcho(name)) found.outdated = true;
    else found.overstepped.push(`the label ${name} was put on`);
  }
  if (now.dueDate === null && before.dueDate !== null && found.dueDate === undefined)
    found.overstepped.push('the due date was removed');
  if (now.title !== before.title) {
    const kept = now.title.includes(`(${wanted.handle})`);
    if (kept) found.titled = !unsure.some(({ title }) => title === now.title);
    else found.overstepped.push(`${wanted.handle} was removed from the title`);
  }
  const erased = now.lacks?.filter((sign) => before.lacks?.includes(sign) === false) ?? [];
  found.overstepped.push(...erased.map((sign) => `${sign} was removed from the text`));
  if (unsure.length > 0 && found.overstepped.length > 0) {
    found.overstepped = [];
    found.outdated = true;
  }
  if (unsure.length > 0 && isLinked(now, wanted, found)) found.outdated = true;
  return found;
}

/** Whether a late call left a field of Caselite's that is not wanted. */
function isLinked(now: SharedFields, wanted: Wanted, found: Findings): boolean {
  const ours = now.labels.filter((name) => /^(severity|due|category|tier):|^overdue$/.test(name));
  if (found.severity !== undefined || found.dueDate !== undefined) return false;
  return ours.some((name) => !wanted.labels.includes(name));
}

function editedSeverity(
  before: SharedFields,
  now: SharedFields,
  wanted: Wanted,
  unsure: IssueWrite[],
  added: string[],
  settings: WorkspaceSettings,
): string | null {
  const { severities } = settings['case-options'];
  const named = added
    .filter((name) => !unsure.some(({ addLabels }) => addLabels?.includes(name)))
    .flatMap((name) => severities.find((severity) => name === `severity:${slug(severity)}`) ?? []);
  const label = named.find((severity) => severity !== wanted.severity);
  if (label !== undefined) return label;
  const rank = severityRank(settings, wanted.severity);
  if (now.severity === null || now.severity === before.severity || now.severity === rank) return null;
  if (unsure.some(({ severity }) => severity === now.severity)) return null;
  return severities.find((severity) => severityRank(settings, severity) === now.severity) ?? null;
}

function editedDate(
  before: SharedFields,
  now: SharedFields,
  wanted: Wanted,
  unsure: IssueWrite[],
  added: string[],
): string | null {
  const labels = added
    .filter((name) => !unsure.some(({ addLabels }) => addLabels?.includes(name)))
    .flatMap((name) => /^due:(\d{4}-\d\d-\d\d)$/.exec(name)?.[1] ?? [])
    .filter((date) => isDate(date) && date !== wanted.dueDate);
  const [label] = labels;
  if (label !== undefined) return label;
  if (now.dueDate === null || now.dueDate === before.dueDate || now.dueDate === wanted.dueDate) return null;
  if (before.labels.includes(`due:${now.dueDate}`) || !isDate(now.dueDate)) return null;
  return unsure.some(({ dueDate, addLabels }) => dueDate === now.dueDate || addLabels?.includes(`due:${now.dueDate}`))
    ? null
    : now.dueDate;
}

/** The tracker's own state takes precedence over a label, because people move states. */
function editedStatus(before: SharedFields, now: SharedFields, settings: WorkspaceSettings): string | null {
  const open = statusOf(settings, 'open');
  const native = nativeStatus(settings, now.status);
  if (native !== nativeStatus(settings, before.status)) return native ?? open;
  const label = labelStatus(settings, now.labels);
  return label === labelStatus(settings, before.labels) ? null : (label ?? native ?? open);
}

const same = (a: string | null, b: string | null) => a?.toLowerCase() === b?.toLowerCase();

export function isDate(text: string): boolean {
  const at = Date.parse(text);
  return !Number.isNaN(at) && isoText(at).startsWith(text);
}
