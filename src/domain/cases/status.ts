import type { WorkspaceSettings } from '../settings/workspace-file.ts';
import { slug, toLabelName } from './label.ts';

type StatusClass = 'open' | 'pending' | 'closed';

export function findStatusOfClass(settings: WorkspaceSettings, wanted: StatusClass): string {
  const statuses = Object.entries(settings['case-options'].statuses);
  return statuses.find(([, kind]) => kind === wanted)?.[0] ?? wanted;
}

export function findStatusClass(settings: WorkspaceSettings, status: string): StatusClass | null {
  const { statuses } = settings['case-options'];
  return Object.hasOwn(statuses, status) ? (statuses[status] ?? null) : null;
}

export function findStatusByName(settings: WorkspaceSettings, name: string): string | null {
  const wanted = slug(name);
  return Object.keys(settings['case-options'].statuses).find((value) => slug(value) === wanted) ?? null;
}

/** Status for a tracker's own state: by the workspace's mapping, or by name; closed ones are left out. */
export function mapTrackerStateToStatus(settings: WorkspaceSettings, state: string): string | null {
  const mapped = findStatusOfState(settings, state);
  return mapped !== null && findStatusClass(settings, mapped) !== 'closed' ? mapped : null;
}

const findStatusOfState = (settings: WorkspaceSettings, state: string): string | null =>
  findMappedStatus(settings, state) ?? findStatusByName(settings, state);

/** Status of the list whose label it is; null for another label. */
export function findStatusByLabel(settings: WorkspaceSettings, label: string): string | null {
  if (!label.startsWith('status:')) return null;
  const { statuses } = settings['case-options'];
  const named = Object.keys(statuses).find((status) => toLabelName('status', status) === label);
  return named ?? findStatusByName(settings, label.slice('status:'.length));
}

/** Status for labels: `status:waiting-for-release`, or a mapped label. */
export function findStatusInLabels(settings: WorkspaceSettings, labels: string[]): string | null {
  for (const label of labels) {
    const named = findStatusByLabel(settings, label);
    const status = named ?? findMappedStatus(settings, label);
    if (status !== null && findStatusClass(settings, status) !== 'closed') return status;
  }
  return null;
}

export function chooseClosedStatus(settings: WorkspaceSettings, state: string): string {
  const mapped = findStatusOfState(settings, state) ?? '';
  return findStatusClass(settings, mapped) === 'closed' ? mapped : findStatusOfClass(settings, 'closed');
}

/** Label for a status that the tracker's own states do not express; null for plain statuses. */
export function toStatusLabelName(settings: WorkspaceSettings, status: string, state: string | null): string | null {
  const kind = findStatusClass(settings, status);
  if (kind === null || kind === 'closed' || status === findStatusOfClass(settings, 'open')) return null;
  return state !== null && mapTrackerStateToStatus(settings, state) === status ? null : toLabelName('status', status);
}

/** The tracker's own states for a status, best first: mapped ones, then its name. */
export function listTrackerStatesOfStatus(settings: WorkspaceSettings, status: string): string[] {
  const mapped = Object.entries(settings['case-options']['status-map']).filter(([, to]) => to === status);
  return [...mapped.map(([from]) => from), status];
}

function findMappedStatus(settings: WorkspaceSettings, name: string): string | null {
  const wanted = name.toLowerCase();
  const entries = Object.entries(settings['case-options']['status-map']);
  return entries.find(([from]) => from.toLowerCase() === wanted)?.[1] ?? null;
}
