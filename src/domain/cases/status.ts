import type { WorkspaceSettings } from '../settings/workspace-file.ts';
import { slug } from './label.ts';

type StatusClass = 'open' | 'pending' | 'closed';

export function statusOf(settings: WorkspaceSettings, wanted: StatusClass): string {
  const statuses = Object.entries(settings['case-options'].statuses);
  return statuses.find(([, kind]) => kind === wanted)?.[0] ?? wanted;
}

export function classOf(settings: WorkspaceSettings, status: string): StatusClass | null {
  const { statuses } = settings['case-options'];
  return Object.hasOwn(statuses, status) ? (statuses[status] ?? null) : null;
}

export function findStatus(settings: WorkspaceSettings, name: string): string | null {
  const wanted = slug(name);
  return Object.keys(settings['case-options'].statuses).find((value) => slug(value) === wanted) ?? null;
}

/** Status for a tracker's own state: by the workspace's mapping, or by name; closed ones are left out. */
export function nativeStatus(settings: WorkspaceSettings, state: string): string | null {
  const mapped = mappedTo(settings, state) ?? findStatus(settings, state);
  return mapped !== null && classOf(settings, mapped) !== 'closed' ? mapped : null;
}

/** Status for labels: `status:waiting-for-release`, or a mapped label. */
export function labelStatus(settings: WorkspaceSettings, labels: string[]): string | null {
  for (const label of labels) {
    const named = label.startsWith('status:') ? findStatus(settings, label.slice('status:'.length)) : null;
    const status = named ?? mappedTo(settings, label);
    if (status !== null && classOf(settings, status) !== 'closed') return status;
  }
  return null;
}

export function closedStatus(settings: WorkspaceSettings, state: string): string {
  const mapped = mappedTo(settings, state) ?? findStatus(settings, state);
  return mapped !== null && classOf(settings, mapped) === 'closed' ? mapped : statusOf(settings, 'closed');
}

/**
 * Label for a status that the tracker's own states do not express; null for plain statuses.
 *
 * @param state the tracker's own state
 */
export function statusLabel(settings: WorkspaceSettings, status: string, state: string | null): string | null {
  const kind = classOf(settings, status);
  if (kind === null || kind === 'closed' || status === statusOf(settings, 'open')) return null;
  return state !== null && nativeStatus(settings, state) === status ? null : `status:${slug(status)}`;
}

/** The tracker's own states for a status, best first: mapped ones, then its name. */
export function statesFor(settings: WorkspaceSettings, status: string): string[] {
  const mapped = Object.entries(settings['case-options']['status-map']).filter(([, to]) => to === status);
  return [...mapped.map(([from]) => from), status];
}

function mappedTo(settings: WorkspaceSettings, name: string): string | null {
  const wanted = name.toLowerCase();
  const entries = Object.entries(settings['case-options']['status-map']);
  return entries.find(([from]) => from.toLowerCase() === wanted)?.[1] ?? null;
}
